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
import kotlin.coroutines.jvm.internal.CoroutineStackFrame

/**
 * What a suspend function of a task sees as its context: the task, and for kotlinx's own functions a dispatcher that
 * resumes through the loop and a Job through which a cancellation reaches them. The last two are made when kotlinx asks.
 */
internal open class TaskContext(
    @JvmField var driver: CoroutineDriver<*>,
) : CoroutineContext {
    // One of each: a Flow checks that its elements come from where they are collected.
    private var element: TaskElement? = null
    private var interceptor: TaskInterceptor? = null
    private var job: CompletableJob? = null

    /** The Job was cancelled because the task was, and the task has not seen the error yet. */
    var isCancelling = false
        private set

    /** The message of that cancellation. */
    var cancelMessage: String? = null
        private set

    @Suppress("UNCHECKED_CAST")
    override fun <E : CoroutineContext.Element> get(key: CoroutineContext.Key<E>): E? =
        when (key) {
            TaskElement -> element() as E
            ContinuationInterceptor -> interceptor() as E
            Job -> job() as E
            else -> null
        }

    override fun <R> fold(
        initial: R,
        operation: (R, CoroutineContext.Element) -> R,
    ): R = operation(operation(operation(initial, element()), job()), interceptor())

    override fun minusKey(key: CoroutineContext.Key<*>): CoroutineContext =
        fold<CoroutineContext>(EmptyCoroutineContext) { rest, element ->
            val isRemoved = element.key == key
            if (isRemoved) rest else rest + element
        }

    open fun element(): TaskElement = element ?: TaskElement(driver).also { element = it }

    private fun interceptor() = interceptor ?: TaskInterceptor(this).also { interceptor = it }

    open fun job(): CompletableJob =
        job ?: Job().also {
            job = it
            if (driver.stage == CoroutineDriver.ENDED) it.cancel()
        }

    /** What kotlinx will resume: the innermost that it has asked to be resumed here. */
    fun awaited(): Continuation<*>? = interceptor?.innermost()

    fun cancelJob(message: String?) {
        isCancelling = true
        cancelMessage = message
        job().cancel(CancellationException(message))
    }

    /** A cancellation can be survived; a cancelled Job cannot, so the next suspension gets a new one. */
    fun renewJob() {
        if (!isCancelling) return
        job = null
        isCancelling = false
    }

    fun endJob() {
        job?.cancel()
    }

    /**
     * Whether the cancellation of this Job reaches [continuation], and that is called, through whatever scopes of kotlinx, by
     * the task's own code: a child that was launched has no caller.
     */
    fun isCancelledAt(continuation: Continuation<*>): Boolean {
        if (continuation.context is TaskContext) return true
        if (continuation.context[Job]?.isCancelled != true) return false
        var frame = continuation as? CoroutineStackFrame
        while (frame != null) {
            if (frame is Continuation<*> && frame.context is TaskContext) return true
            frame = frame.callerFrame
        }
        return false
    }
}

/**
 * The context of an async generator's body: the context of the code that runs it at the moment. Only its interceptor stays the same, because
 * continuations remember theirs.
 */
internal class GeneratorContext(
    driver: CoroutineDriver<*>,
) : TaskContext(driver) {
    override fun element(): TaskElement = driver.kotlinContext.element()

    override fun job(): CompletableJob = driver.kotlinContext.job()
}

/** The task, for contexts that were put together from parts. */
internal class TaskElement(
    @JvmField val driver: CoroutineDriver<*>,
) : AbstractCoroutineContextElement(TaskElement) {
    companion object Key : CoroutineContext.Key<TaskElement>
}

/**
 * The driver, a task or a manual one, that runs the calling suspend function.
 *
 * @throws IllegalStateException if there is none
 */
internal fun driverOf(context: CoroutineContext): CoroutineDriver<*> =
    (context as? TaskContext)?.driver
        ?: context[TaskElement]?.driver
        ?: throw IllegalStateException(
            "An asyncio suspend function needs a task: start it with asyncio.kotlin.runAsyncio { … } or as coroutine { … }",
        )

/** Brings what kotlinx resumes back into a step of the task. */
@OptIn(InternalCoroutinesApi::class)
internal class TaskInterceptor(
    private val owner: TaskContext,
) : AbstractCoroutineContextElement(ContinuationInterceptor),
    ContinuationInterceptor,
    Delay {
    /** The latest resumption whose continuation has not ended. */
    private var latest: Resumption<*>? = null

    override fun <T> interceptContinuation(continuation: Continuation<T>): Continuation<T> {
        val resumption = Resumption(owner, continuation)
        resumption.earlier = latest
        latest?.later = resumption
        latest = resumption
        return resumption
    }

    override fun releaseInterceptedContinuation(continuation: Continuation<*>) {
        continuation as Resumption<*>
        val earlier = continuation.earlier
        val later = continuation.later
        earlier?.later = later
        if (later == null) latest = earlier else later.earlier = earlier
    }

    fun innermost(): Continuation<*>? = latest?.continuation

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
        val loop = owner.driver.loop
        val handle = loop.callLaterNanos(timeMillis.coerceAtMost(Long.MAX_VALUE / 2_000_000) * 1_000_000, block::run)
        return DisposableHandle { if (!loop.isClosed) loop.runInLoop { handle.cancel() } }
    }
}

/** A continuation that kotlinx may resume from any thread; the task's next step takes the result to it. */
private class Resumption<T>(
    private val owner: TaskContext,
    @JvmField val continuation: Continuation<T>,
) : Ready(),
    Continuation<T> {
    @JvmField var earlier: Resumption<*>? = null

    @JvmField var later: Resumption<*>? = null

    private var result: Result<T>? = null

    override val context: CoroutineContext get() = continuation.context

    override fun resumeWith(result: Result<T>) {
        this.result = result
        owner.driver.loop.enqueueFromAnywhere(this)
    }

    @Suppress("UNCHECKED_CAST")
    override fun turn() {
        owner.driver.turnExternally(continuation as Continuation<Any?>, result!!)
    }
}

/**
 * An await of asyncio's inside a scope of kotlinx (`coroutineScope`, `launch`, `withTimeout`, …), which may be cancelled without
 * the task. That cancels the [future]; code of kotlinx gets a CancellationException, code of asyncio a CancelledError.
 */
@OptIn(InternalCoroutinesApi::class)
internal class ScopedAwait<T>(
    private val driver: CoroutineDriver<*>,
    @JvmField val continuation: Continuation<T>,
    private val job: Job,
    future: FutureImpl<*>?,
) : Continuation<T> {
    private val handle: DisposableHandle? =
        future?.let {
            job.invokeOnCompletion(onCancelling = true) {
                if (!future.loop.isClosed) future.loop.runInLoop { future.cancel(null) }
            }
        }

    override val context: CoroutineContext get() = continuation.context

    override fun resumeWith(result: Result<T>) {
        handle?.dispose()
        val error = result.exceptionOrNull()
        if (job.isCancelled && (error == null || error is CancelledError)) {
            val cancellation = driver.takeCancellation(continuation) ?: job.getCancellationException()
            continuation.resumeWith(Result.failure(cancellation))
        } else {
            continuation.resumeWith(result)
        }
    }
}
