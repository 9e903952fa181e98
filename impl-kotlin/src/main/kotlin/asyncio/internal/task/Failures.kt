package asyncio.internal.task

import asyncio.ExceptionContext
import asyncio.internal.context.ThreadState
import asyncio.internal.debug.Debugging
import java.lang.ref.ReferenceQueue
import java.lang.ref.WeakReference

/**
 * The exceptions of one loop that no code has looked at yet. They are reported when their future is garbage, as asyncio
 * does, or else when the loop is closed.
 */
internal class Failures(
    private val loop: TaskLoop,
) {
    private val watched = HashSet<Watch>()
    private val collected = ReferenceQueue<FutureImpl<*>>()
    private var sweepAt = MANY

    fun watch(
        future: FutureImpl<*>,
        failure: FutureImpl.Failure,
    ) {
        watched.add(Watch(future, failure, collected))
        loop.debugging?.collectSoon()
        if (watched.size < sweepAt) return
        watched.removeIf { it.failure.retrieved }
        sweepAt = maxOf(MANY, 2 * watched.size)
    }

    /** What is to be done in the loop about one whose future is garbage; null if there is none. From any thread. */
    fun pollCollected(): Runnable? {
        val watch = collected.poll() as Watch? ?: return null
        return Runnable { if (watched.remove(watch)) report(watch) }
    }

    /** Looks after all of them: the loop ends. */
    fun reportAll() {
        val rest = watched.toList()
        watched.clear()
        rest.forEach(::report)
    }

    private fun report(watch: Watch) {
        if (watch.failure.retrieved) return
        watch.failure.retrieved = true
        var context = ExceptionContext.of("${watch.kind} exception was never retrieved: ${watch.name}")
        context = context.withException(watch.failure.exception)
        val future = watch.get()
        if (future != null) {
            context = context.withFuture(future)
        } else if (watch.text != null) {
            context = context.withDetail(watch.kind.lowercase(), watch.text)
        }
        watch.origin?.let { context = context.withDetail(Debugging.SOURCE_TRACEBACK, it) }
        if (watch.hasContext) {
            loop.callExceptionHandlerIn(
                watch.context,
                context,
            )
        } else {
            loop.callExceptionHandler(context)
        }
    }

    private class Watch(
        future: FutureImpl<*>,
        val failure: FutureImpl.Failure,
        queue: ReferenceQueue<FutureImpl<*>>,
    ) : WeakReference<FutureImpl<*>>(future, queue) {
        val origin = future.loop.debugging?.originOf(future)
        val kind = if (future is TaskImpl) "Task" else "Future"

        /** In debug mode the report shows the future, also when it is garbage. */
        val text: String? = future.loop.debugging?.let { runCatching(future::toString).getOrNull() }
        val name: String = if (future is TaskImpl) future.name else "a future"

        /** That of a task. The task will be gone when its failure is reported. */
        val hasContext = future is TaskImpl
        val context: Any? = (future as? TaskImpl)?.let(::contextOf)

        private fun contextOf(task: TaskImpl<*>): Any? {
            val state = task.contextState
            // A Java body has saved it at its end.
            val isInThread = ThreadState.isUsed && !task.needsFiber && !task.loop.threadStateIsSaved
            return if (isInThread) ThreadState.copyOf(state) else state
        }
    }

    private companion object {
        const val MANY = 1024
    }
}
