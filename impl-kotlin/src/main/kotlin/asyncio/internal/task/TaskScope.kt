package asyncio.internal.task

import asyncio.CancelledError
import kotlinx.coroutines.DisposableHandle
import kotlinx.coroutines.InternalCoroutinesApi
import kotlinx.coroutines.Job
import java.util.concurrent.CancellationException
import kotlin.coroutines.Continuation
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.intrinsics.COROUTINE_SUSPENDED
import kotlin.coroutines.intrinsics.startCoroutineUninterceptedOrReturn
import kotlin.coroutines.intrinsics.suspendCoroutineUninterceptedOrReturn
import kotlin.coroutines.jvm.internal.CoroutineStackFrame

/**
 * Code of asyncio that code of kotlinx awaits: a coroutine, or the block of a `timeout` or a `taskGroup`. Inside of it
 * asyncio's rules hold: a cancellation is raised once, as a CancelledError, and the code may survive it.
 *
 * | what is cancelled | inside | outside |
 * | --- | --- | --- |
 * | the Job around | a CancelledError | the CancellationException of that Job, if the CancelledError comes out |
 * | the task, by a `timeout` or a group inside | a CancelledError | what the timeout or group makes of it |
 * | the task, by `Task.cancel` | a CancelledError | the same, if it comes out; where the task is a child's, the child is cancelled as kotlinx does it |
 */
internal class TaskScope<T>(
    private val driver: CoroutineDriver<*>,
    @JvmField val outer: Continuation<T>,
) : Continuation<T>,
    CoroutineStackFrame {
    private val before = driver.contextOrNull
    private val own = ScopeContext(driver, outer.context)
    private val job: Job? = outer.context[Job]
    private var handle: DisposableHandle? = null
    private var hasEnded = false

    /** How many cancellations of the task were asked for when the Job around interrupted the code; -1 if it has not. */
    private var requestsAtInterrupt = -1

    override val context: CoroutineContext get() = own

    override val callerFrame: CoroutineStackFrame? get() = outer as? CoroutineStackFrame

    override fun getStackTraceElement(): StackTraceElement? = null

    /** Runs [start], which may suspend. */
    inline fun start(start: (Continuation<T>) -> Any?): Any? {
        begin()
        val value =
            try {
                start(this)
            } catch (error: Throwable) {
                throw end(error)
            }
        if (value !== COROUTINE_SUSPENDED) end()
        return value
    }

    fun begin() {
        driver.contextOrNull = own
        handle = job?.let { onCancelling(it, driver.loop, ::interrupt) }
    }

    private fun interrupt() {
        // From another thread it may come when the code has ended.
        if (hasEnded || driver !is TaskImpl<*> || !driver.interruptUnlessCancelled()) return
        requestsAtInterrupt = driver.cancelling()
    }

    fun end() {
        hasEnded = true
        handle?.dispose()
        driver.contextOrNull = before
        own.completeJob(null)
        // What it has not seen is no cancellation of the task.
        if (requestsAtInterrupt >= 0) (driver as TaskImpl<*>).withdrawInterrupt(requestsAtInterrupt)
    }

    /** Ends it; gives what it raises if it raised [error]. */
    @OptIn(InternalCoroutinesApi::class)
    fun end(error: Throwable): Throwable {
        end()
        if (error !is CancelledError || job == null) return error
        if (before == null && driver is ChildTask) {
            if (driver.cancelling() > 0) driver.cancelLaunched(CancellationException(error.message))
            if (!job.isCancelled) return cancellationForKotlinx(error)
        }
        return if (job.isCancelled) job.getCancellationException() else error
    }

    override fun resumeWith(result: Result<T>) {
        val error = result.exceptionOrNull()
        val outcome = if (error == null) result.also { end() } else Result.failure(end(error))
        // Set once: kotlinx does not count how often.
        val isSet = driver.loop.kotlinx.dispatcher.presentContext === own
        if (isSet) outer.resumeWith(outcome) else resumeInScope(driver, outer, outcome)
    }
}

/**
 * Starts code of asyncio that the suspend function behind [continuation] awaits: as a part of it where that is code of asyncio
 * too, in a [TaskScope] otherwise.
 */
internal inline fun <T> startInTask(
    continuation: Continuation<T>,
    start: (Continuation<T>) -> Any?,
): Any? {
    val context = continuation.context
    if (context is TaskContext) return start(continuation)
    val driver = driverOf(context)
    driver.checkRunning()
    return TaskScope(driver, continuation).start(start)
}

/** [startInTask] of a suspend function, for other modules. */
public fun <T> startSuspendInTask(
    continuation: Continuation<T>,
    block: suspend () -> T,
): Any? = startInTask(continuation) { block.startCoroutineUninterceptedOrReturn(it) }

/** Runs [block], in which asyncio's rules of cancellation hold. */
internal suspend fun <R> inTask(block: suspend () -> R): R =
    suspendCoroutineUninterceptedOrReturn { continuation ->
        startInTask(continuation) { block.startCoroutineUninterceptedOrReturn(it) }
    }
