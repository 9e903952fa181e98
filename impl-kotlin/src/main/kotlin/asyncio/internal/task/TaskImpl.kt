package asyncio.internal.task

import asyncio.CancelledError
import asyncio.Coroutine
import asyncio.GeneratorExit
import asyncio.Task
import asyncio.internal.fiber.Fiber
import asyncio.internal.loop.EventLoopImpl
import asyncio.internal.loop.Ready
import asyncio.internal.loop.isFatal
import kotlinx.coroutines.Job
import java.util.concurrent.atomic.AtomicLong
import kotlin.coroutines.Continuation
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.intrinsics.COROUTINE_SUSPENDED

/**
 * asyncio's task: drives one coroutine, step by step.
 *
 * ```
 * NOT_STARTED --turn--> STEPPING --awaits a future----> WAITING --the future is done, turn--+
 *                        ^ |  | \--bare yield---------> YIELDED --in the next iteration-----+
 *                        | |  \----any other suspension-> AWAY ---kotlinx resumes it---------+
 *                        | \-------the body ends------> ENDED, and done as in FutureImpl    |
 *                        +-------------------------------------------------------------------+
 * ```
 *
 * A step resumes the innermost suspended part ([top]): a Kotlin continuation, or the fiber of a Java body. It runs until
 * that part suspends again and leaves word in [stage] and [waiter] what it waits for. A child that kotlinx launched inside
 * the task has its steps BESIDE, which leave a task that is WAITING or YIELDED as it was. Steps never nest. Only code of
 * the loop touches a task; the states follow asyncio's own rules, which tests hold to.
 */
public class TaskImpl<T> internal constructor(
    loop: EventLoopImpl,
    private val coroutine: CoroutineImpl<T>,
    private var givenName: String?,
) : FutureImpl<T>(loop),
    Task<T>,
    Continuation<T> {
    private val number = if (givenName == null) numbers.incrementAndGet() else 0

    /** What the next step resumes: the body of a coroutine not yet started, a [Fiber], or a [Continuation]. */
    private var top: Any? = null

    /** The stack that runs, or ran last, of those that its Java bodies stand on. */
    @JvmField internal var fiber: Fiber? = null

    /** A fiber that runs on in this step, because the suspend function it waited for has ended. */
    private var next: Fiber? = null

    /** The future that it waits for. */
    private var waiter: FutureImpl<*>? = null

    /** Raised where a Java body is suspended when it runs on: a [CancelledError]'s message, or [GeneratorExit]. */
    private var raise: Any? = null

    private var stage = NOT_STARTED
    private var mustCancel = false
    private var passesCancelOn = false
    private var cancelMessage: String? = null
    private var cancelRequests = 0

    // The loop's list of its unfinished tasks.
    @JvmField internal var previousTask: TaskImpl<*>? = null

    @JvmField internal var nextTask: TaskImpl<*>? = null

    @JvmField internal var isRegistered: Boolean = false

    /** What Kotlin code sees as its context; made for tasks that have any. */
    private var contextOrNull: TaskContext? = null

    internal val kotlinContext: TaskContext
        get() = contextOrNull ?: TaskContext(this).also { contextOrNull = it }

    override val context: CoroutineContext get() = kotlinContext

    internal val needsFiber: Boolean get() = coroutine is JavaCoroutine<*>

    init {
        top = coroutine.claim()
        coroutine.task = this
    }

    // ---- Task

    override fun getName(): String = givenName ?: "Task-$number"

    override fun setName(name: String) {
        givenName = name
    }

    override fun getCoro(): Coroutine<T> = coroutine

    override fun cancelling(): Int = cancelRequests

    override fun cancel(message: String?): Boolean {
        loop.checkThread("cancel")
        markRetrieved()
        if (!isPending) return false
        if (passesCancelOn) return breakCycle(message)
        cancelRequests++
        val isScoped = isScoped
        if (!isScoped && passCancelOn(message)) return true
        mustCancel = true
        cancelMessage = message
        if (stage == AWAY || isScoped) contextOrNull?.cancelJob(message)
        return true
    }

    private fun passCancelOn(message: String?): Boolean {
        val waiter = waiter ?: return false
        passesCancelOn = true
        try {
            return waiter.cancel(message)
        } finally {
            passesCancelOn = false
        }
    }

    /** It waits, through others, for itself: it need not wait any longer. */
    private fun breakCycle(message: String?): Boolean {
        waiter!!.removeWaiting(this)
        waiter = null
        mustCancel = true
        cancelMessage = message
        loop.enqueue(this)
        return true
    }

    override fun uncancel(): Int {
        loop.checkThread("uncancel")
        if (cancelRequests > 0) {
            cancelRequests--
            if (cancelRequests == 0) mustCancel = false
        }
        return cancelRequests
    }

    override fun setResult(result: T): Unit =
        throw IllegalStateException(
            "Task does not support setResult operation: its result is what its coroutine returns",
        )

    override fun setException(exception: Throwable): Unit =
        throw IllegalStateException(
            "Task does not support setException operation: its exception is what its coroutine throws",
        )

    // ---- steps

    override fun turn() {
        if (!isPending) return
        val isFirst = stage == NOT_STARTED
        val waited = waiter
        val cancelsHere = mustCancel && !isScoped
        waiter = null
        step {
            if (cancelsHere) {
                mustCancel = false
                contextOrNull?.renewJob()
                // A CancelledError that comes from the future already is the one that counts.
                if (waited == null ||
                    !waited.cancelled() && waited.peekException() !is CancelledError
                ) {
                    raise =
                        cancelMessage ?: NO_MESSAGE
                }
                cancelMessage = null
            }
            if (isFirst) start() else resumeTop(waited)
        }
    }

    /** A step that resumes [continuation], which kotlinx had suspended. */
    internal fun turnExternally(
        continuation: Continuation<Any?>,
        result: Result<Any?>,
    ) {
        if (!isPending) return
        step(if (stage == WAITING || stage == YIELDED) BESIDE else STEPPING) {
            val cancellation = takeCancellation(continuation)
            continuation.resumeWith(if (cancellation == null) result else Result.failure(cancellation))
            resumeFibers()
        }
    }

    /**
     * The error of a cancellation that has gone through kotlinx, if it is to be raised at [continuation]: on the task's own
     * chain of calls. Children of a kotlinx scope are cancelled in kotlinx's way.
     */
    internal fun takeCancellation(continuation: Continuation<*>): CancelledError? {
        val context = kotlinContext
        if (!mustCancel && !context.isCancelling || !context.isCancelledAt(continuation)) return null
        val message = if (mustCancel) cancelMessage else context.cancelMessage
        mustCancel = false
        cancelMessage = null
        context.renewJob()
        return CancelledError(message)
    }

    private inline fun step(
        stepping: Int = STEPPING,
        resume: () -> Unit,
    ) {
        loop.currentTask = this
        stage = stepping
        try {
            resume()
        } catch (error: Throwable) {
            if (!isPending) throw error
            finish(Result.failure(error))
        } finally {
            loop.currentTask = null
        }
        if (isPending) afterSuspension()
    }

    private fun afterSuspension() {
        when (stage) {
            YIELDED -> {
                loop.enqueue(this)
                if (mustCancel && isScoped) kotlinContext.cancelJob(cancelMessage)
            }

            WAITING -> {
                val future = waiter!!
                future.addWaiting(this)
                if (mustCancel) cancelAwait(future)
            }

            // What waited before this step still does.
            BESIDE -> {
                stage = if (waiter != null) WAITING else YIELDED
            }

            else -> {
                stage = AWAY
                if (mustCancel) contextOrNull?.cancelJob(cancelMessage)
            }
        }
    }

    private fun cancelAwait(future: FutureImpl<*>) {
        if (isScoped) {
            kotlinContext.cancelJob(cancelMessage)
        } else if (future.cancel(cancelMessage)) {
            mustCancel = false
            contextOrNull?.renewJob()
        }
    }

    /** Whether it waits for asyncio inside a scope of kotlinx. */
    private val isScoped get() = top is ScopedAwait<*> && (stage == WAITING || stage == YIELDED)

    private fun resumeTop(waited: FutureImpl<*>?) {
        val top = top
        @Suppress("UNCHECKED_CAST")
        if (top is Fiber) resumeFiber(top) else (top as Continuation<Any?>).resumeWith(outcomeOf(waited))
        resumeFibers()
    }

    private fun start() {
        val body = top!!
        top = null
        val raise = takeRaise()
        if (raise != null) throw raise
        val value = coroutine.startIn(this, body)
        @Suppress("UNCHECKED_CAST")
        if (value !== COROUTINE_SUSPENDED) finish(Result.success(value as T))
    }

    /** What a suspended continuation is resumed with. */
    private fun outcomeOf(waited: FutureImpl<*>?): Result<Any?> {
        val raise = takeRaise()
        if (raise != null) return Result.failure(raise)
        if (waited == null) return UNIT
        return try {
            Result.success(waited.result())
        } catch (error: Throwable) {
            Result.failure(error)
        }
    }

    private fun takeRaise(): Throwable? {
        val raise = raise ?: return null
        this.raise = null
        return when {
            raise is Throwable -> raise
            raise === NO_MESSAGE -> CancelledError()
            else -> CancelledError(raise as String)
        }
    }

    private fun resumeFibers() {
        while (true) {
            val fiber = next ?: return
            next = null
            top = fiber
            this.fiber = fiber
            resumeFiber(fiber)
        }
    }

    private fun resumeFiber(fiber: Fiber) {
        fiber.resume()
        if (!fiber.isFinished) return
        val parent = fiber.parent
        val failure = fiber.failure
        val result = if (failure == null) Result.success(fiber.value) else Result.failure(failure)
        @Suppress("UNCHECKED_CAST")
        if (parent == null) finish(result as Result<T>) else parent.resumeWith(result)
    }

    // ---- the coroutine's side

    /** Starts a Java body on a stack of its own, from the loop's side. [parent] gets its end, if it does not end at once. */
    internal fun runOnNewFiber(
        body: Any,
        parent: Continuation<Any?>?,
    ): Any? {
        val fiber = loop.fibers.create(body)
        top = fiber
        this.fiber = fiber
        fiber.resume()
        if (!fiber.isFinished) {
            fiber.parent = parent
            return COROUTINE_SUSPENDED
        }
        fiber.failure?.let { throw it }
        return fiber.value
    }

    /** Suspends the calling Java body until [future] is done. Its result is then there to be asked. */
    internal fun waitFor(future: FutureImpl<*>) {
        checkAwaitable(future)
        waiter = future
        suspendFiber(WAITING)
    }

    /** Suspends the calling Java body for one iteration. */
    internal fun yieldFiber(): Unit = suspendFiber(YIELDED)

    private fun suspendFiber(stage: Int) {
        val fiber = fiber!!
        if (top !== fiber) top = fiber
        this.stage = stage
        park(fiber)
        if (raise != null) throw takeRaise()!!
    }

    /** Puts the stack of the calling body aside until the task resumes it. */
    internal fun park(fiber: Fiber) {
        try {
            fiber.suspend()
        } catch (pinned: IllegalStateException) {
            stage = STEPPING
            waiter = null
            top = fiber
            throw pinned
        }
    }

    /**
     * [park] for the Java body on [fiber], which waits for the end of a suspend function that waits itself. Where that cannot
     * be, the suspend function is told, so that its `finally` blocks run.
     */
    internal fun parkUntil(
        completion: FiberCompletion<*>,
        fiber: Fiber,
    ) {
        var waiting = awaitingContinuation()
        try {
            park(fiber)
        } catch (pinned: IllegalStateException) {
            while (waiting != null && !completion.isDone) {
                waiting.resumeWith(Result.failure(pinned))
                waiting = awaitingContinuation()
                waiter = null
                stage = STEPPING
            }
            next = null
            top = fiber
            if (completion.isDone) return
            completion.abandoned = true
            throw pinned
        }
    }

    private fun awaitingContinuation(): Continuation<*>? =
        if (stage == WAITING || stage == YIELDED) top as? Continuation<*> else null

    /** Suspends the calling suspend function until [future] is done. */
    internal fun suspendOn(
        future: FutureImpl<*>,
        continuation: Continuation<*>,
    ) {
        checkRunning()
        checkAwaitable(future)
        top = if (continuation.context is TaskContext) continuation else scoped(continuation, future)
        waiter = future
        stage = WAITING
    }

    /** Suspends the calling suspend function for one iteration; it is resumed with Unit. */
    internal fun suspendBare(continuation: Continuation<Unit>) {
        checkRunning()
        top = if (continuation.context is TaskContext) continuation else scoped(continuation, null)
        stage = YIELDED
    }

    private fun scoped(
        continuation: Continuation<*>,
        future: FutureImpl<*>?,
    ): Continuation<*> {
        val job = continuation.context[Job] ?: return continuation
        return ScopedAwait(this, continuation, job, future)
    }

    /** [fiber] runs on in the present step: what it waited for has ended. */
    internal fun resumeNext(fiber: Fiber) {
        next = fiber
    }

    internal fun checkRunning() {
        check(loop.currentTask === this && loop.isExecutedBy(Thread.currentThread())) {
            "An asyncio suspend function was called off its loop (in thread ${Thread.currentThread().name})." +
                " Leave withContext(…) first, or give the coroutine to the loop with runCoroutineThreadsafe"
        }
        check(stage == STEPPING) {
            "$name awaits something already: a kotlinx child coroutine cannot await beside it. Use createTask for it"
        }
    }

    private fun checkAwaitable(future: FutureImpl<*>) {
        if (future === this) throw IllegalStateException("Task cannot await on itself: $name would wait for ever")
        if (future.loop !== loop) {
            throw IllegalStateException(
                "$name cannot await $future: it is attached to a different loop." +
                    " Use runCoroutineThreadsafe to have the other loop do it, and await what that returns",
            )
        }
    }

    // ---- the end

    /** The end of a suspend function that is the task's own coroutine. */
    override fun resumeWith(result: Result<T>): Unit = finish(result)

    private fun finish(result: Result<T>) {
        loop.unregister(this)
        stage = ENDED
        top = null
        fiber = null
        contextOrNull?.let { context ->
            loop.guard(this, { "Exception in a completion handler of the Job of $name" }) { context.endJob() }
        }
        val error = result.exceptionOrNull()
        when {
            error == null -> {
                if (mustCancel) {
                    // Cancelled just before it ended: the cancellation wins.
                    mustCancel = false
                    finishCancelled(CancelledError(cancelMessage))
                } else {
                    @Suppress("UNCHECKED_CAST")
                    offerResult(result.getOrNull() as T)
                }
            }

            error is CancelledError -> {
                finishCancelled(error)
            }

            error is GeneratorExit || isForeignCancellation(error) -> {
                finishCancelled(cancelledErrorOf(error))
            }

            else -> {
                offerException(error)
                if (isFatal(error)) throw error
            }
        }
    }

    private fun isForeignCancellation(error: Throwable) =
        coroutine !is JavaCoroutine<*> && error is java.util.concurrent.CancellationException

    /**
     * Gives the coroutine up, with its `finally` blocks: the loop closes, and nobody would ever resume it.
     */
    internal fun abandon() {
        waiter = null
        if (stage == NOT_STARTED || stage == AWAY) {
            // Nothing has begun, or what has is in other hands, which must not be taken by surprise.
            finish(Result.failure(GeneratorExit()))
            return
        }
        repeat(PATIENCE) {
            if (!isPending) return
            raise = GeneratorExit()
            waiter = null
            mustCancel = false
            step {
                if (top == null) throw takeRaise()!!
                resumeTop(null)
            }
        }
    }

    private fun stageName() =
        when {
            !isPending -> stateName()
            cancelRequests > 0 -> "cancelling"
            else -> "pending"
        }

    override fun toString(): String {
        // A task by its name only: two may wait for each other.
        val waits = waiter?.let { " waitFor=${if (it is TaskImpl<*>) it.name else it}" } ?: ""
        return "<Task ${stageName()} name='$name'$waits>"
    }

    internal companion object {
        private val numbers = AtomicLong()
        private val NO_MESSAGE = Any()
        private val UNIT: Result<Any?> = Result.success(Unit)

        private const val NOT_STARTED = 0
        private const val STEPPING = 1
        private const val YIELDED = 2
        private const val WAITING = 3
        private const val AWAY = 4
        private const val ENDED = 5

        /** In a step of a kotlinx child, while another part of the task waits. */
        private const val BESIDE = 6

        /** How many awaits a body may squeeze into its `finally` blocks while it is given up. */
        private const val PATIENCE = 100
    }
}

internal fun cancelledErrorOf(cause: Throwable): CancelledError =
    cause as? CancelledError ?: CancelledError(cause.message).apply { initCause(cause) }
