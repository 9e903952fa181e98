package asyncio.internal.task

import asyncio.internal.loop.Ready
import kotlinx.coroutines.CancellableContinuation
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Delay
import kotlinx.coroutines.DisposableHandle
import kotlinx.coroutines.InternalCoroutinesApi
import kotlinx.coroutines.Job
import kotlinx.coroutines.NonCancellable
import kotlin.coroutines.Continuation
import kotlin.coroutines.ContinuationInterceptor
import kotlin.coroutines.CoroutineContext

/**
 * The loop as kotlinx's dispatcher: a block has its turn in the ready queue, in a step of the task that it belongs to; `yield()`
 * is asyncio's `sleep(0)`; `delay` waits on the loop's clock.
 */
@OptIn(InternalCoroutinesApi::class)
internal class LoopDispatcher(
    val loop: TaskLoop,
) : CoroutineDispatcher(),
    Delay {
    /** [resumeNow] waits for the block that kotlinx will dispatch; it is given here. Code of the loop only. */
    private var capturing = false
    private var captured: Runnable? = null

    /** The context whose thread state kotlinx has set; null if there is none. Code of the loop only. */
    @JvmField var presentContext: CoroutineContext? = null

    /**
     * The block that begins gives a task's own code the result of a wait that can be cancelled. kotlinx asks the Job first: if the task was
     * cancelled meanwhile, what it has got, such as a Mutex, is given back. Code of the loop only.
     */
    private var givesResult = false

    /** Of coroutines that were launched on this dispatcher and not in a task, by their Job. Code of the loop only. */
    private val adopted = HashMap<Job, TaskElement>()

    override fun dispatch(
        context: CoroutineContext,
        block: Runnable,
    ) {
        if (loop.isExecutedBy(Thread.currentThread()) && capturing) {
            captured = block
        } else {
            loop.enqueueFromAnywhere(Dispatched(context, block))
        }
    }

    /** Whether the block that begins gives a result; only what asks first hears of it. */
    fun takeGivesResult(): Boolean = givesResult.also { givesResult = false }

    /** Says which driver runs the code in [context]; null if kotlinx knows nothing of it. Code of the loop only. */
    fun elementIn(context: CoroutineContext): TaskElement? = context[TaskElement] ?: context[Job]?.let(::adopt)

    private fun adopt(job: Job): TaskElement? {
        adopted[job]?.let { return it }
        // A scope that the code of a launched coroutine calls is a part of that.
        val running = (loop.driver as? ChildTask)?.element?.takeIf { it.isAdopted }
        if (job === NonCancellable || job.isCompleted) return running
        val element = running ?: ChildElement(loop, null, isAdopted = true)
        adopted[job] = element
        job.invokeOnCompletion(false, true) { if (!loop.isClosed) loop.runInLoop { adopted.remove(job) } }
        return element
    }

    /** Resumes [continuation] in the present step, with the thread state of kotlinx that belongs to it. */
    fun <T> resumeNow(
        continuation: Continuation<T>,
        result: Result<T>,
    ) {
        capturing = true
        try {
            continuation.resumeWith(result)
        } finally {
            capturing = false
        }
        val block = captured
        captured = null
        if (block == null) return
        try {
            block.run()
        } finally {
            presentContext = null
        }
    }

    override fun scheduleResumeAfterDelay(
        timeMillis: Long,
        continuation: CancellableContinuation<Unit>,
    ) {
        val handle =
            invokeOnTimeout(timeMillis, { continuation.resumeWith(Result.success(Unit)) }, continuation.context)
        continuation.invokeOnCancellation { handle.dispose() }
    }

    override fun invokeOnTimeout(
        timeMillis: Long,
        block: Runnable,
        context: CoroutineContext,
    ): DisposableHandle {
        val nanos = timeMillis.coerceAtMost(Long.MAX_VALUE / 2_000_000) * 1_000_000
        val handle = loop.callLaterNanos(nanos, block::run)
        return DisposableHandle { if (!loop.isClosed) loop.runInLoop { handle.cancel() } }
    }

    /** A loop runs one block at a time already; and code in a view of kotlinx's could not be told from code off the loop. */
    override fun limitedParallelism(
        parallelism: Int,
        name: String?,
    ): CoroutineDispatcher {
        require(parallelism > 0) { "Expected positive parallelism level, but got $parallelism" }
        return this
    }

    override fun toString(): String = "asyncio($loop)"

    companion object {
        /** The dispatcher of the code in [context], if that is a loop and runs it. */
        fun of(context: CoroutineContext): LoopDispatcher? {
            val interceptor = context[ContinuationInterceptor]
            val dispatcher = interceptor as? LoopDispatcher ?: (interceptor as? LoopInterceptor)?.dispatcher
            return dispatcher?.takeIf { it.loop.isExecutedBy(Thread.currentThread()) }
        }
    }

    /** A block in the ready queue. */
    private inner class Dispatched(
        private val context: CoroutineContext,
        private val block: Runnable,
    ) : Ready() {
        override fun turn() {
            val element = elementIn(context)
            if (element == null) {
                block.run()
                loop.kotlinx.exceptionHandler.rethrowFatal()
            } else {
                givesResult = block is CancellableContinuation<*> && context is TaskContext && !block.isCancelled
                // One that is driven by hand has ended when it had to wait for kotlinx.
                (element.driverIn(context) as? TaskImpl<*>)?.turnOfKotlinx(block)
                givesResult = false
                presentContext = null
            }
        }
    }
}
