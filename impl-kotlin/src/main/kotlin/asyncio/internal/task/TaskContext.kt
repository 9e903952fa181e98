package asyncio.internal.task

import asyncio.CancelledError
import asyncio.internal.loop.Ready
import kotlinx.coroutines.CancellableContinuation
import kotlinx.coroutines.CompletableJob
import kotlinx.coroutines.Delay
import kotlinx.coroutines.DisposableHandle
import kotlinx.coroutines.InternalCoroutinesApi
import kotlinx.coroutines.Job
import java.util.concurrent.CancellationException
import kotlin.coroutines.AbstractCoroutineContextElement
import kotlin.coroutines.Continuation
import kotlin.coroutines.ContinuationInterceptor
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.EmptyCoroutineContext

/**
 * What a suspend function of a task sees as its context: the task, and for kotlinx's own functions a dispatcher that
 * resumes through the loop and a Job through which a cancellation reaches them. The last two are made when kotlinx asks.
 */
internal class TaskContext(
    @JvmField val task: TaskImpl<*>,
) : CoroutineContext {
    private var interceptor: TaskInterceptor? = null
    private var job: CompletableJob? = null

    @Suppress("UNCHECKED_CAST")
    override fun <E : CoroutineContext.Element> get(key: CoroutineContext.Key<E>): E? =
        when (key) {
            TaskElement -> TaskElement(task) as E
            ContinuationInterceptor -> interceptor() as E
            Job -> job() as E
            else -> null
        }

    override fun <R> fold(
        initial: R,
        operation: (R, CoroutineContext.Element) -> R,
    ): R = operation(operation(operation(initial, TaskElement(task)), job()), interceptor())

    override fun minusKey(key: CoroutineContext.Key<*>): CoroutineContext =
        fold<CoroutineContext>(EmptyCoroutineContext) { rest, element ->
            if (element.key ==
                key
            ) {
                rest
            } else {
                rest + element
            }
        }

    private fun interceptor() = interceptor ?: TaskInterceptor(task).also { interceptor = it }

    private fun job() = job ?: Job().also { job = it }

    fun cancelJob(message: String?) {
        job().cancel(CancellationException(message))
    }

    /** A cancellation can be survived; a cancelled Job cannot, so the next suspension gets a new one. */
    fun renewJob() {
        job = null
    }

    fun endJob() {
        job?.cancel()
    }
}

/** The task, for contexts that were put together from parts. */
internal class TaskElement(
    @JvmField val task: TaskImpl<*>,
) : AbstractCoroutineContextElement(TaskElement) {
    companion object Key : CoroutineContext.Key<TaskElement>
}

/**
 * The task in which a suspend function runs.
 *
 * @throws IllegalStateException if it runs in none
 */
internal fun taskOf(context: CoroutineContext): TaskImpl<*> =
    (context as? TaskContext)?.task
        ?: context[TaskElement]?.task
        ?: throw IllegalStateException(
            "An asyncio suspend function needs a task: start it with asyncio.kotlin.runAsyncio { … } or as coroutine { … }",
        )

/** Brings what kotlinx resumes back into a step of the task. */
@OptIn(InternalCoroutinesApi::class)
internal class TaskInterceptor(
    private val task: TaskImpl<*>,
) : AbstractCoroutineContextElement(ContinuationInterceptor),
    ContinuationInterceptor,
    Delay {
    override fun <T> interceptContinuation(continuation: Continuation<T>): Continuation<T> =
        Resumption(task, continuation)

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
        val loop = task.loop
        val handle = loop.callLaterNanos(timeMillis.coerceAtMost(Long.MAX_VALUE / 2_000_000) * 1_000_000, block)
        return DisposableHandle { loop.runInLoop { handle.cancel() } }
    }
}

/** A continuation that kotlinx may resume from any thread; the task's next step takes the result to it. */
private class Resumption<T>(
    private val task: TaskImpl<*>,
    private val continuation: Continuation<T>,
) : Ready(),
    Continuation<T> {
    private var result: Result<T>? = null

    override val context: CoroutineContext get() = continuation.context

    override fun resumeWith(result: Result<T>) {
        this.result = result
        task.loop.enqueueFromAnywhere(this)
    }

    @Suppress("UNCHECKED_CAST")
    override fun turn() {
        val result = result!!
        val error = result.exceptionOrNull()
        val atHome =
            if (error is CancellationException) {
                Result.failure(
                    CancelledError(error.message).apply { initCause(error) },
                )
            } else {
                result
            }
        task.turnExternally(continuation as Continuation<Any?>, atHome as Result<Any?>)
    }
}
