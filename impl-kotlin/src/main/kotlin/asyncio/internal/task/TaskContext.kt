package asyncio.internal.task

import asyncio.CancelledError
import asyncio.spi.AsyncioProvider
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.CoroutineExceptionHandler
import kotlinx.coroutines.InternalCoroutinesApi
import kotlinx.coroutines.Job
import java.util.concurrent.CancellationException
import kotlin.coroutines.Continuation
import kotlin.coroutines.ContinuationInterceptor
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.EmptyCoroutineContext
import kotlin.coroutines.jvm.internal.CoroutineStackFrame

/**
 * What a suspend function of a task sees as its context: the task, and for kotlinx's own functions the loop's dispatcher, its handler of
 * exceptions, and a Job. The Job is made when kotlinx asks. It is the parent of what the function launches in
 * `CoroutineScope(currentCoroutineContext())`: the task ends after these children, and fails if one of them does.
 *
 * A cancellation of the task is raised once, and code may survive it. A Job that was cancelled stays so. Therefore a task has one
 * Job after the other:
 *
 * ```
 * (none) --kotlinx asks--> ACTIVE --cancelJob, or cancelled from outside--> CANCELLING --the error is raised: renewJob--> (none)
 *                            \--the body has ended: completeJobs--> completed when its children are
 * ```
 */
internal open class TaskContext(
    @JvmField var driver: CoroutineDriver<*>,
    /** Whether code in this context has no thread state of kotlinx's, which every resumption would have to set. */
    @JvmField val isPlain: Boolean = true,
) : CoroutineContext {
    private var element: TaskElement? = null
    private var job: CompletableDeferred<Unit>? = null

    /** The Jobs before this one, whose children have not ended. */
    private var earlierJobs: ArrayList<Job>? = null

    /** The Job was cancelled because the task was, and the task has not seen the error yet. */
    var isCancelling = false
        private set

    /** The code in this context has ended; kotlinx may still ask for the Job. */
    private var isComplete = false

    /** The message of that cancellation. */
    var cancelMessage: String? = null
        private set

    /** What a child has failed with that was launched in the task itself: the task fails with it. */
    private var childFailure: Throwable? = null

    @OptIn(ExperimentalStdlibApi::class)
    @Suppress("UNCHECKED_CAST", "DEPRECATION")
    override fun <E : CoroutineContext.Element> get(key: CoroutineContext.Key<E>): E? =
        when (key) {
            TaskElement -> element() as E
            ContinuationInterceptor -> driver.loop.kotlinx.interceptor as E
            CoroutineDispatcher -> driver.loop.kotlinx.dispatcher as E
            CoroutineExceptionHandler -> driver.loop.kotlinx.exceptionHandler as E
            Job -> job() as E
            else -> null
        }

    override fun <R> fold(
        initial: R,
        operation: (R, CoroutineContext.Element) -> R,
    ): R {
        val kotlinx = driver.loop.kotlinx
        var result = operation(initial, element())
        result = operation(result, kotlinx.exceptionHandler)
        result = operation(result, job())
        return operation(result, kotlinx.interceptor)
    }

    override fun minusKey(key: CoroutineContext.Key<*>): CoroutineContext =
        fold<CoroutineContext>(EmptyCoroutineContext) { rest, element ->
            val isRemoved = element.key == key
            if (isRemoved) rest else rest + element
        }

    // One for each context: a Flow checks that its elements come from where they are collected.
    open fun element(): TaskElement = element ?: OwnElement(this).also { element = it }

    open fun job(): CompletableDeferred<Unit> = job ?: newJob()

    /** The Job of the code around, of whose end a [TaskScope] hears; null if there is none. */
    protected open val parentJob: Job? get() = null

    @OptIn(InternalCoroutinesApi::class)
    private fun newJob(): CompletableDeferred<Unit> {
        val hasEnded = isComplete || driver.stage == CoroutineDriver.ENDED
        val job = CompletableDeferred<Unit>(if (hasEnded) null else parentJob)
        this.job = job
        if (hasEnded) {
            job.cancel(null)
        } else if (parentJob == null) {
            job.invokeOnCompletion(true, true) { cause -> if (cause != null) jobEnds(job, cause) }
        }
        return job
    }

    /** Something cancels [job]: the task itself, a child that has failed, or other code. */
    private fun jobEnds(
        job: Job,
        cause: Throwable,
    ) {
        if (isCancelling && this.job === job || driver.loop.isClosed) return
        driver.loop.runInLoop {
            if (this.job === job && !isCancelling) {
                isCancelling = true
                cancelMessage = cause.message
                if (cause !is CancellationException) childFailure = cause
                driver.jobCancelled(cause)
            }
        }
    }

    fun cancelJob(message: String?) {
        isCancelling = true
        cancelMessage = message
        job().cancel(CancellationException(message))
    }

    /** A cancellation can be survived; a cancelled Job cannot, so the next suspension gets a new one. */
    fun renewJob() {
        if (!isCancelling) return
        job?.let { if (!it.isCompleted) keep(it) }
        job = null
        isCancelling = false
    }

    fun ownsJob(job: Job): Boolean = job === this.job || earlierJobs?.contains(job) == true

    private fun keep(job: Job) {
        val jobs = earlierJobs ?: ArrayList<Job>().also { earlierJobs = it }
        jobs.removeIf(Job::isCompleted)
        jobs.add(job)
    }

    /** The body has ended. Gives the Jobs whose children have not; null if there are none. */
    fun unfinishedJobs(): List<Job>? {
        val job = job
        val hasChildren = job != null && job.children.any { !it.isCompleted }
        val earlier = earlierJobs
        if (!hasChildren && earlier == null) return null
        val jobs = ArrayList<Job>()
        earlier?.filterTo(jobs) { !it.isCompleted }
        if (hasChildren) jobs.add(job)
        return jobs.ifEmpty { null }
    }

    /** Whether [error] is what a child has failed with, or the copy that kotlinx makes of it. */
    fun isChildFailure(error: Throwable?): Boolean {
        val failure = childFailure ?: return false
        // The CancellationException of the Job has it as its cause, too.
        return error != null && (error === failure || error.cause === failure && error !is CancellationException)
    }

    /** What the task fails with if its body has raised [error]; null if it does not fail. */
    fun failureWith(error: Throwable?): Throwable? {
        val failure = childFailure ?: return error
        if (error != null && error !== failure && error !is CancelledError && error !is CancellationException) {
            if (failure !in error.suppressed) error.addSuppressed(failure)
            return error
        }
        return failure
    }

    /** The body has ended, with [error] if it is not null, which cancels what it has launched. */
    fun completeJob(error: Throwable?) {
        isComplete = true
        val job = job ?: return
        if (error == null) {
            job.complete(Unit)
        } else {
            isCancelling = true
            job.cancel(
                error as? CancellationException ?: CancellationException(error.toString()).apply { initCause(error) },
            )
        }
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
 * The context of an async generator's body: the context of the code that runs it at the moment. Only its element stays the same,
 * because the parts of scopes remember theirs.
 */
internal class GeneratorContext(
    driver: CoroutineDriver<*>,
) : TaskContext(driver) {
    override fun job(): CompletableDeferred<Unit> = driver.kotlinContext.job()
}

/** The context of a [TaskScope]: that of the code around, but for the Job. */
internal class ScopeContext(
    driver: CoroutineDriver<*>,
    private val outer: CoroutineContext,
) : TaskContext(driver, isPlain = false) {
    override val parentJob: Job? get() = outer[Job]

    override fun element(): TaskElement = elementIn(outer)

    override fun <E : CoroutineContext.Element> get(key: CoroutineContext.Key<E>): E? {
        @Suppress("UNCHECKED_CAST")
        return if (key === Job) job() as E else outer[key]
    }

    override fun <R> fold(
        initial: R,
        operation: (R, CoroutineContext.Element) -> R,
    ): R = operation(outer.minusKey(Job).fold(initial, operation), job())
}

/**
 * The driver that runs the calling suspend function: a task, that of a child of kotlinx, or a manual one.
 *
 * @throws IllegalStateException if there is none
 */
internal fun driverOf(context: CoroutineContext): CoroutineDriver<*> {
    if (context is TaskContext) return context.driver
    return elementIn(context).driverIn(context)
}

private fun elementIn(context: CoroutineContext): TaskElement =
    context[TaskElement]
        ?: LoopDispatcher.of(context)?.elementIn(context)
        ?: throw IllegalStateException(
            "An asyncio suspend function needs a task: " + (AsyncioProvider.get().adviceHere() ?: ADVICE),
        )

private const val ADVICE = "start it with asyncio.kotlin.runAsyncio { … } or as coroutine { … }"
