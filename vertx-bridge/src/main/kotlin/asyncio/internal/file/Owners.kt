package asyncio.internal.file

import asyncio.internal.run.EventLoopImpl
import asyncio.internal.task.whenInLoop
import java.lang.ref.PhantomReference
import java.lang.ref.ReferenceQueue
import java.util.concurrent.ConcurrentHashMap

/**
 * What users hold of their files. A file that is lost is closed when a program opens the next one: a program that opens none does not run out
 * of them.
 */
internal object Owners {
    private val queue = ReferenceQueue<Any>()
    private val present = ConcurrentHashMap.newKeySet<Owner>()

    fun add(
        handle: Any,
        loop: EventLoopImpl,
        onLost: () -> Unit,
    ): Owner {
        closeLost()
        return Owner(handle, loop, onLost).also(present::add)
    }

    private fun closeLost() {
        while (true) {
            val owner = queue.poll() as Owner? ?: return
            if (present.remove(owner)) owner.lost()
        }
    }

    class Owner(
        handle: Any,
        private val loop: EventLoopImpl,
        private val onLost: () -> Unit,
    ) : PhantomReference<Any>(handle, queue) {
        fun lost(): Unit = loop.whenInLoop(onLost)

        fun forget() {
            present.remove(this)
            clear()
        }
    }
}
