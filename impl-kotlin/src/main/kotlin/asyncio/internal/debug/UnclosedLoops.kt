package asyncio.internal.debug

import asyncio.internal.loop.Scheduler
import java.lang.ref.ReferenceQueue
import java.lang.ref.WeakReference
import java.util.concurrent.ConcurrentHashMap

/** Loops that became garbage without `close`: what belongs to them, such as threads, may still be there. */
internal object UnclosedLoops {
    private val open = ConcurrentHashMap.newKeySet<Watch>()
    private val collected = ReferenceQueue<Scheduler>()
    private val logger = System.getLogger("asyncio")

    /** To be told of its end by [Watch.closed]. */
    fun watch(loop: Scheduler): Watch {
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
        loop: Scheduler,
        val origin: List<StackTraceElement>?,
    ) : WeakReference<Scheduler>(loop, collected) {
        fun closed() {
            open.remove(this)
        }
    }
}
