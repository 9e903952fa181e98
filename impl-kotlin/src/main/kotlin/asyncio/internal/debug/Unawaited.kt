package asyncio.internal.debug

import asyncio.ExceptionContext
import asyncio.internal.loop.EventLoopImpl
import asyncio.internal.task.CoroutineImpl
import java.lang.ref.ReferenceQueue
import java.lang.ref.WeakReference
import java.util.concurrent.ConcurrentHashMap

/**
 * The coroutines that nobody has awaited yet, made task of, or closed. For debug mode. They are reported when they are
 * garbage; those of a loop when it closes, at the latest.
 */
internal class Unawaited {
    private val left = ConcurrentHashMap.newKeySet<Watch>()
    private val collected = ReferenceQueue<CoroutineImpl<*>>()

    fun watch(
        coroutine: CoroutineImpl<*>,
        body: Any?,
    ): CoroutineImpl.Marked = CoroutineImpl.Marked(body, Watch(coroutine).also(left::add))

    /** What is to be done in [loop] about one that is garbage; null if there is none. From any thread. */
    fun pollCollected(loop: EventLoopImpl): Runnable? {
        val watch = collected.poll() as Watch? ?: return null
        return Runnable { if (left.remove(watch)) watch.report(loop) }
    }

    fun reportAll(loop: EventLoopImpl) {
        for (watch in left.toList()) if (left.remove(watch)) watch.report(loop)
    }

    inner class Watch(
        coroutine: CoroutineImpl<*>,
    ) : WeakReference<CoroutineImpl<*>>(coroutine, collected) {
        private val origin = Origins.here()

        /** It is in good hands. */
        fun end() {
            left.remove(this)
        }

        fun report(loop: EventLoopImpl) {
            val place = origin.firstOrNull()?.let { " made at $it" } ?: ""
            loop.callExceptionHandler(
                ExceptionContext
                    .of("A coroutine$place was never awaited, and so never ran")
                    .withDetail(Debugging.SOURCE_TRACEBACK, origin),
            )
        }
    }

    companion object {
        /** Those that were made outside of any loop. */
        val outside: Unawaited = Unawaited()
    }
}
