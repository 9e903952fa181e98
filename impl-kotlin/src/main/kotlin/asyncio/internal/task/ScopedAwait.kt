package asyncio.internal.task

import asyncio.CancelledError
import kotlinx.coroutines.DisposableHandle
import kotlinx.coroutines.InternalCoroutinesApi
import kotlinx.coroutines.Job
import java.util.concurrent.CancellationException
import kotlin.coroutines.Continuation
import kotlin.coroutines.ContinuationInterceptor
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.intrinsics.intercepted

/**
 * An await of asyncio's in code of kotlinx (`coroutineScope`, `launch`, `withTimeout`, …), which may be cancelled without
 * the task. That cancels the future; code of kotlinx gets a CancellationException, code of asyncio a CancelledError. In a [TaskScope]
 * there is no [job], and only the thread state of kotlinx has to be set when it goes on.
 */
internal class ScopedAwait<T>(
    private val driver: CoroutineDriver<*>,
    @JvmField val continuation: Continuation<T>,
    private val job: Job?,
    future: FutureImpl<*>?,
) : Continuation<T> {
    private val handle: DisposableHandle? =
        if (job == null || future == null) null else onCancelling(job, future.loop) { future.cancel(null) }

    /** Whether a Job of kotlinx decides of its cancellation. */
    val hasJob: Boolean get() = job != null

    override val context: CoroutineContext get() = continuation.context

    override fun resumeWith(result: Result<T>) {
        handle?.dispose()
        val error = result.exceptionOrNull()
        if (job != null && job.isCancelled && (error == null || error is CancelledError)) {
            resumeInScope(driver, continuation, Result.failure(cancellationOf(job)))
        } else if (error is CancelledError && job != null && driver is ChildTask) {
            resumeInScope(driver, continuation, Result.failure(cancellationForKotlinx(error)))
        } else {
            resumeInScope(driver, continuation, result)
        }
    }

    @OptIn(InternalCoroutinesApi::class)
    private fun cancellationOf(job: Job): Throwable =
        driver.takeCancellation(continuation) ?: job.getCancellationException()
}

/** What code that kotlinx has launched gets where [error] comes out of asyncio: there an Error would be a failure, and no cancellation. */
internal fun cancellationForKotlinx(error: CancelledError): CancellationException =
    CancellationException(error.message).apply { initCause(error) }

/** Has [action] done in the loop when [job] is cancelled, until the handle is disposed; at once if it is. */
@OptIn(InternalCoroutinesApi::class)
internal fun onCancelling(
    job: Job,
    loop: TaskLoop,
    action: () -> Unit,
): DisposableHandle =
    job.invokeOnCompletion(true, true) { cause ->
        if (cause != null && !loop.isClosed) loop.runInLoop(action)
    }

/** Resumes [continuation], which is in code of kotlinx, in the present step of [driver]: with the thread state that belongs to it. */
internal fun <T> resumeInScope(
    driver: CoroutineDriver<*>,
    continuation: Continuation<T>,
    result: Result<T>,
) {
    val kotlinx = driver.loop.kotlinx
    val interceptor = continuation.context[ContinuationInterceptor]
    if (interceptor === kotlinx.interceptor || interceptor === kotlinx.dispatcher) {
        kotlinx.dispatcher.resumeNow(continuation.intercepted(), result)
    } else {
        continuation.intercepted().resumeWith(result)
    }
}
