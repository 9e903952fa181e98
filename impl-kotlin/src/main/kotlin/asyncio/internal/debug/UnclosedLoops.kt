package asyncio.internal.debug

import asyncio.internal.loop.EventLoopImpl
import java.lang.ref.ReferenceQueue
import java.lang.ref.WeakReference
import java.util.concurrent.ConcurrentHashMap

/** Loops that nobody closed before nobody held them any more: what belongs to them, such as threads, may still be there. */
internal object UnclosedLoops {
    private val open = ConcurrentHashMap.newKeySet<Watch>()
    private val collected = ReferenceQueue<EventLoopImpl>()
    private val logger = System.getLogger("asyncio")

    /** To be told of its end by [Watch.closed]. */
    fun watch(loop: EventLoopImpl): Watch {
        lookForCollected()
        return Watch(loop, if (loop.debug) Origins.here() else null).also(open::add)
    }

    fun lookForCollected() {
        while (true) {
            val watch = collected.poll() as Watch? ?: return
            if (!open.remove(watch)) continue
            val made = watch.origin?.let { ". Created at:" + Origins.text(it) } ?: ""
            logger.log(
                System.Logger.Level.WARNING,
                "An event loop was never closed: call close() when it is needed no longer$made",
            )
        }
    }

    class Watch(
        loop: EventLoopImpl,
        val origin: List<StackTraceElement>?,
    ) : WeakReference<EventLoopImpl>(loop, collected) {
        fun closed() {
            open.remove(this)
        }
    }
}
