package asyncio.internal.task

import asyncio.CancelledError
import asyncio.GeneratorExit
import asyncio.internal.context.ThreadState
import asyncio.internal.debug.StackFrames
import asyncio.internal.fiber.Fiber
import kotlinx.coroutines.Job
import kotlin.coroutines.Continuation
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.intrinsics.COROUTINE_SUSPENDED

/**
 * Runs one coroutine, step by step; asyncio's `Task.__step` without the task. [TaskImpl] has its steps run by the loop,
 * [ManualDriver] by calls of `send`, `raise` and `close`. It is a [FutureImpl] only so that a task is one object.
 *
 * ```
 * NOT_STARTED --step--> STEPPING --awaits a future----> WAITING --step--+
 *                        ^ |  | \--bare yield---------> YIELDED --step--+
 *                        | |  \----any other suspension-> AWAY ----step--+
 *                        | \-------the body ends------> ENDED            |
 *                        +----------------------------------------------+
 * ```
 *
 * A step resumes the innermost suspended part ([top]): a Kotlin continuation, or the fiber of a Java body. It runs until
 * that part suspends again, which records in [stage] and [awaited] what the coroutine waits for. Steps of one coroutine
 * never nest; a step of another may run inside one, where a task starts eagerly or a coroutine is driven by hand. Only code
 * of the loop touches it.
 *
 * A Java body J1 awaits a suspend function S, which does `sleep(0)` and then awaits a Java body J2, which awaits a future:
 *
 * ```
 *               step 1                          step 2                             step 3, the future is done
 * loop's thread start: J1's fiber runs          resumeTop: S goes on, awaits J2:   resumeTop: J2's fiber runs
 *                                               runOnNewFiber(J2, parent = S)      J2 ended: S goes on to its end:
 *                                                                                  resumeNext(J1), resumeFibers: J1 runs
 * J1's fiber    begins S on its own stack,                                         parkUntil comes back …
 *               which suspends: parkUntil
 * J2's fiber                                    waitFor(future): suspends          … ends
 * top           S's continuation                J2                                 J2, then J1
 * next          null                            null                               J1, then null
 * stage         YIELDED                         WAITING                            STEPPING … ENDED
 * ```
 *
 * If S awaits J2 before it has suspended, J2 runs on J1's stack.
 */
public abstract class CoroutineDriver<T> internal constructor(
    loop: TaskLoop,
    coroutine: CoroutineImpl<T>,
) : FutureImpl<T>(loop),
    Continuation<T> {
    /** What it runs; null where a manual driver has let go of it, so that it can be garbage. */
    @JvmField internal var coroutine: CoroutineImpl<T>? = coroutine

    /** What the next step resumes: the body of a coroutine not yet started, a [Fiber], or a [Continuation]. */
    @JvmField internal var top: Any? = coroutine.claim()

    /** The fiber of its Java bodies that runs, or ran last. */
    @JvmField internal var fiber: Fiber? = null

    /** What this step resumes when the present fiber has suspended: a [Fiber], or a [HandedBack]. */
    private var next: Any? = null

    /** The future that it waits for. */
    @JvmField internal var awaited: FutureImpl<*>? = null

    /** Raised where it is suspended when it runs on: an exception, or the message of a [CancelledError]. */
    @JvmField internal var raise: Any? = null

    @JvmField internal var stage: Int = NOT_STARTED

    /** What Kotlin code sees as its context; null until Kotlin code asks. */
    @JvmField internal var contextOrNull: TaskContext? = null

    internal val kotlinContext: TaskContext
        get() = contextOrNull ?: TaskContext(this).also { contextOrNull = it }

    override val context: CoroutineContext get() = kotlinContext

    /** The task in which it runs; null where there is none. */
    internal abstract val task: TaskImpl<*>?

    /** Its name in messages. */
    internal abstract val title: String

    init {
        coroutine.driver = this
    }

    // ---- steps

    internal inline fun step(
        stepping: Int = STEPPING,
        resume: () -> Unit,
    ) {
        val outer = loop.driver
        loop.driver = this
        stage = stepping
        try {
            resume()
        } catch (error: Throwable) {
            if (stage == ENDED) throw error
            finish(Result.failure(error))
        } finally {
            loop.driver = outer
        }
        if (stage != ENDED) afterSuspension()
    }

    /** The step is over, and the coroutine is not: sees that there will be another one. */
    internal abstract fun afterSuspension()

    /** The coroutine has ended. */
    internal abstract fun finish(result: Result<T>)

    /** The end of a suspend function that is the coroutine itself. */
    override fun resumeWith(result: Result<T>): Unit = finish(result)

    /** The Job of its present context was cancelled, not by this: by a child that has failed, or by other code. */
    internal open fun jobCancelled(cause: Throwable): Unit = Unit

    /** Raises a CancelledError in it with [message]: the scope of kotlinx that its code is in is cancelled. */
    internal open fun interrupt(message: String?): Unit = Unit

    /** What kotlinx will resume; null if it has not been asked to. */
    internal open fun awaitedByKotlinx(): Continuation<*>? = contextOrNull?.element()?.innermost()

    /** The error of a cancellation that has gone through kotlinx, if it is to be raised at [continuation]. */
    internal abstract fun takeCancellation(continuation: Continuation<*>): CancelledError?

    internal fun start() {
        val body = top!!
        top = null
        val raise = takeRaise()
        if (raise != null) {
            coroutine!!.unbegun()
            throw raise
        }
        val value = coroutine!!.startIn(this, body)
        @Suppress("UNCHECKED_CAST")
        if (value !== COROUTINE_SUSPENDED) finish(Result.success(value as T)) else resumeFibers()
    }

    internal fun resumeTop(waited: FutureImpl<*>?) {
        val top = top
        @Suppress("UNCHECKED_CAST")
        if (top is Fiber) resumeFiber(top) else (top as Continuation<Any?>).resumeWith(outcomeOf(waited))
        resumeFibers()
    }

    /** What a suspended continuation is resumed with. */
    private fun outcomeOf(waited: FutureImpl<*>?): Result<Any?> {
        val given = raise
        val error = takeRaise()
        if (error == null) return if (waited == null) UNIT else waited.outcomeFor(top)
        return Result.failure(
            if (given !== error) {
                Tracebacks.begin(error, top, loop)
            } else {
                Tracebacks.complete(error) { Stacks.from(top) }
            },
        )
    }

    internal fun takeRaise(): Throwable? {
        val raise = raise ?: return null
        this.raise = null
        return when {
            raise is Throwable -> raise
            raise === NO_MESSAGE -> CancelledError()
            else -> CancelledError(raise as String)
        }
    }

    internal fun resumeFibers() {
        while (true) {
            val loopCall = loop.loopCall
            if (loopCall != null) {
                loop.loopCall = null
                val fiber = fiber!!
                loopCall.run()
                resumeFiber(fiber)
                continue
            }
            val next = next ?: return
            this.next = null
            if (next is Fiber) {
                top = next
                fiber = next
                resumeFiber(next)
            } else {
                (next as HandedBack).goOn()
            }
        }
    }

    private fun resumeFiber(fiber: Fiber) {
        fiber.resume()
        if (!fiber.isFinished) return
        val parent = fiber.parent
        if (parent != null) ThreadState.arrive(loop)
        val failure = fiber.failure
        if (failure != null && parent != null) Tracebacks.complete(failure) { Stacks.from(parent) }
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
        fiber.parent = parent
        fiber.resume()
        if (!fiber.isFinished) return COROUTINE_SUSPENDED
        if (parent != null) ThreadState.arrive(loop)
        fiber.failure?.let { throw if (parent == null) it else Tracebacks.complete(it) { StackFrames.ofCaller() } }
        return fiber.value
    }

    /** Suspends the calling Java body until [future] is done. Its result is then there to be asked. */
    internal fun waitFor(future: FutureImpl<*>) {
        val refusal = refusalOf(future)
        if (refusal == null) {
            awaited = future
            suspendFiber(WAITING)
        } else {
            raise = refusal
            suspendFiber(YIELDED)
        }
    }

    /** Suspends the calling Java body for one iteration. */
    internal fun yieldFiber(): Unit = suspendFiber(YIELDED)

    /** Suspends the calling Java body, and gives [value] to the driver. What that sends is then in [TaskLoop.sent]. */
    internal fun yieldFiber(value: Any?) {
        loop.yielded = value
        suspendFiber(YIELDED)
    }

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
        } catch (notSuspended: Throwable) {
            // It is pinned, or the JVM has no memory or stack left for it.
            stage = STEPPING
            awaited = null
            top = fiber
            throw notSuspended
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
        } catch (notSuspended: Throwable) {
            while (!completion.isDone) {
                val next = next
                this.next = null
                val call = (next as? Fiber)?.parent as? GeneratorConsumer
                when {
                    next is HandedBack -> next.goOn()
                    call != null -> call.refuse(notSuspended)
                    else -> (waiting ?: break).resumeWith(Result.failure(notSuspended))
                }
                waiting = awaitingContinuation()
                awaited = null
                stage = STEPPING
            }
            next = null
            top = fiber
            if (completion.isDone) return
            completion.abandoned = true
            throw notSuspended
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
        val refusal = refusalOf(future)
        top = resumable(continuation, future)
        if (refusal == null) {
            awaited = future
            stage = WAITING
        } else {
            raise = refusal
            stage = YIELDED
        }
    }

    /** Suspends the calling suspend function for one iteration; it is resumed with Unit. */
    internal fun suspendBare(continuation: Continuation<Unit>) {
        checkRunning()
        top = resumable(continuation, null)
        stage = YIELDED
    }

    /** What the next step resumes for [continuation], which waits for [future], or for nothing. */
    private fun resumable(
        continuation: Continuation<*>,
        future: FutureImpl<*>?,
    ): Continuation<*> {
        val context = continuation.context
        if (context !is TaskContext) return ScopedAwait(this, continuation, context[Job], future)
        return if (context.isPlain) continuation else ScopedAwait(this, continuation, null, future)
    }

    /** [fiber] runs on in the present step: what it waited for has ended, or it is to be begun. */
    internal fun resumeNext(fiber: Fiber) {
        next = fiber
    }

    /** [handedBack] runs on in the present step, when the calling code has suspended. */
    internal fun resumeNext(handedBack: HandedBack) {
        next = handedBack
    }

    /** What was to run on next does not: the fiber that is calling could not be suspended. */
    internal fun forgetNext() {
        next = null
    }

    /** The loop's thread runs [TaskLoop.loopCall] for the calling Java body. Nothing else runs meanwhile. */
    internal fun awaitLoopCall() {
        try {
            fiber!!.suspend()
        } catch (notSuspended: Throwable) {
            loop.loopCall = null
            throw notSuspended
        }
    }

    internal fun checkRunning() {
        check(loop.isExecutedBy(Thread.currentThread())) { offTheLoop() }
        check(loop.driver === this && stage == STEPPING) {
            "$title awaits something already, or does not run now: code of kotlinx can await asyncio beside it" +
                " where launch or async has started it, and not at once (CoroutineStart.UNDISPATCHED) from a Java body"
        }
    }

    /**
     * Why it cannot await [future]; null if it can. A task raises this in its next step, as asyncio does. One that is driven by
     * hand has no step that comes by itself: there it is thrown at once.
     */
    private fun refusalOf(future: FutureImpl<*>): IllegalStateException? {
        if (future !== this && future.loop === loop) return null
        val refusal =
            IllegalStateException(
                if (future === this) {
                    "Task cannot await on itself: $title would wait for ever"
                } else {
                    "$title cannot await $future: it is attached to a different loop." +
                        " Use runCoroutineThreadsafe to have the other loop do it, and await what that returns"
                },
            )
        if (task !== this) throw refusal
        return refusal
    }

    internal companion object {
        @JvmField val NO_MESSAGE: Any = Any()
        private val UNIT: Result<Any?> = Result.success(Unit)

        /** How deep steps may be nested: each takes some of the stack of the loop's thread. */
        const val DEEPEST: Int = 200

        const val NOT_STARTED: Int = 0
        const val STEPPING: Int = 1
        const val YIELDED: Int = 2
        const val WAITING: Int = 3
        const val AWAY: Int = 4
        const val ENDED: Int = 5

        /** In a step of code that kotlinx resumes, while another part of the task waits. */
        const val BESIDE: Int = 6

        fun offTheLoop(): String =
            "An asyncio suspend function was called off its loop (in thread ${Thread.currentThread().name})." +
                " Leave withContext(…) first, or give the coroutine to the loop with runCoroutineThreadsafe"
    }
}

/** What a step continues with when the calling code has suspended. */
internal interface HandedBack {
    fun goOn()
}
