package asyncio.internal.task

import asyncio.CancelledError
import asyncio.Context
import asyncio.Coroutine
import asyncio.GeneratorExit
import asyncio.Task
import asyncio.internal.context.ThreadState
import asyncio.internal.context.asObject
import asyncio.internal.debug.StackFrames
import asyncio.internal.fiber.Fiber
import asyncio.internal.loop.Ready
import asyncio.internal.loop.isFatal
import asyncio.spi.RecursiveText
import kotlinx.coroutines.Job
import java.io.PrintStream
import java.util.concurrent.atomic.AtomicLong
import kotlin.coroutines.Continuation
import kotlin.coroutines.CoroutineContext

/**
 * asyncio's task: the loop runs the [steps][CoroutineDriver] of its coroutine, one whenever the awaited future is done.
 *
 * ```
 * NOT_STARTED --turn, or eagerly--> STEPPING --> WAITING   for a future; a turn is due when that is done
 *                                            --> YIELDED   a turn is due in the next iteration
 *                                            --> AWAY      kotlinx resumes it
 *                                            --> ENDED     and done as in FutureImpl
 * ```
 *
 * A child that kotlinx launches has a [ChildTask] of its own. Other code that kotlinx resumes while the task is WAITING or
 * YIELDED, such as a callback of its own, has its steps BESIDE, which leave the task as it was. A task whose body has ended is AWAY
 * until the children have ended that were launched in its context. Only code of the loop touches a task.
 *
 * What [cancel] does, by stage. Each call also adds one to [cancelRequests], except where the task is done or waits for
 * itself:
 *
 * | stage | effect | the error is raised |
 * | --- | --- | --- |
 * | NOT_STARTED | `mustCancel` | in the first step, before the body begins |
 * | STEPPING (by its own code, or a callback that it runs) | `mustCancel` | at the next await that waits; at the end, if the body returns before |
 * | WAITING | the awaited future is cancelled | by that future's result, in the step that its end brings |
 * | WAITING for a future that is done, or refuses | `mustCancel` | in the step that is due |
 * | WAITING or YIELDED in a scope of kotlinx | `mustCancel`; the Job is cancelled, and with it the scope | at the await |
 * | the same, in a [TaskScope] inside the scope | as WAITING or YIELDED | as there |
 * | BESIDE | as WAITING, else as YIELDED | as there |
 * | YIELDED | `mustCancel` | in the next step |
 * | AWAY | `mustCancel`; the Job is cancelled | where kotlinx resumes the task's own chain of calls |
 * | ENDED | false is returned | never |
 *
 * `uncancel` takes one request back; at zero it also takes back a `mustCancel` that no step has seen yet, but not the
 * cancellation of a Job. A cancellation is raised once: code that catches it has survived it.
 */
public open class TaskImpl<T> internal constructor(
    loop: TaskLoop,
    coroutine: CoroutineImpl<T>,
    private var givenName: String?,
    /** The state of its context between its steps; see ContextImpl. */
    private var vars: Any?,
) : CoroutineDriver<T>(loop, coroutine),
    Task<T> {
    private val number = if (givenName == null) numbers.incrementAndGet() else 0

    /** The next step raises a CancelledError; CPython's `_must_cancel`. */
    private var mustCancel = false

    /** The message of that error. */
    private var cancelMessage: String? = null

    /** How many calls of `cancel` no `uncancel` has taken back. */
    private var cancelRequests = 0

    /** [cancel] is on its way through the awaited future: a task that waits for itself would call it again. */
    private var passesCancelOn = false

    /** It ended inside `createTask`: asyncio then has no coroutine for `getCoro`. */
    private var endedEagerly = false

    /** The loop closes; a GeneratorExit counts as a cancellation. */
    private var isAbandoned = false

    // The loop's list of its unfinished tasks.
    @JvmField internal var previousTask: TaskImpl<*>? = null

    @JvmField internal var nextTask: TaskImpl<*>? = null

    @JvmField internal var isRegistered: Boolean = false

    internal val needsFiber: Boolean get() = coroutine is JavaCoroutine<*>

    override val task: TaskImpl<*> get() = this

    override val title: String get() = name

    /** Whether kotlinx will resume it, perhaps from another thread. */
    internal val isAway: Boolean get() = stage == AWAY

    override fun addAwaitersTo(awaiters: MutableCollection<Ready>) {
        awaiters.add(this)
    }

    // ---- Task

    override fun getName(): String = givenName ?: "Task-$number"

    override fun setName(name: String) {
        givenName = name
    }

    override fun getCoro(): Coroutine<T>? = if (endedEagerly) null else coroutine

    override fun getContext(): Context {
        if (loop.currentTask === this) return asObject(loop.context).also { loop.context = it }
        return asObject(vars).also { vars = it }
    }

    override fun getStack(limit: Int): List<StackTraceElement> {
        require(limit >= 0) { "limit is how many frames to give, and cannot be negative: $limit" }
        if (isPending) return Stacks.of(this).take(limit)
        return StackFrames.cut(peekException()?.stackTrace ?: return emptyList()).takeLast(limit)
    }

    override fun printStack(
        out: PrintStream,
        limit: Int,
    ) {
        val stack = getStack(limit)
        val error = peekException()
        val what =
            when {
                error != null -> "Traceback of $this: $error"
                stack.isEmpty() -> "No stack of $this"
                else -> "Stack of $this"
            }
        out.println((listOf(what) + stack.map { "\tat $it" }).joinToString(System.lineSeparator()))
    }

    override fun cancelling(): Int = cancelRequests

    override fun cancel(message: String?): Boolean {
        loop.checkThread("cancel")
        markRetrieved()
        if (!isPending) return false
        if (passesCancelOn) return breakCycle(message)
        cancelRequests++
        interrupt(message)
        return true
    }

    /** What [cancel] does, without being a request that `uncancel` could take back. */
    override fun interrupt(message: String?) {
        val isScoped = isScoped
        if (!isScoped && passCancelOn(message)) return
        mustCancel = true
        cancelMessage = message
        if (stage == AWAY || isScoped) contextOrNull?.cancelJob(message)
    }

    /** [interrupt], if no cancellation is on its way already; tells whether it did. */
    internal fun interruptUnlessCancelled(): Boolean {
        if (mustCancel) return false
        interrupt(null)
        return true
    }

    /** The code that was interrupted has ended without having seen it; [requests] is how many there were. */
    internal fun withdrawInterrupt(requests: Int) {
        if (!mustCancel || cancelRequests > requests) return
        mustCancel = false
        cancelMessage = null
        contextOrNull?.renewJob()
    }

    /**
     * Code of the task goes on, perhaps after a part that could not be cancelled. A cancellation that this has delayed is raised by the
     * next await, and by that only: kotlinx needs a Job that is not cancelled yet.
     */
    internal fun goesOnInOwnContext() {
        if (mustCancel) contextOrNull?.renewJob()
    }

    /** Whether [job] is the one of this task's own code: a task does not end before the children of that. */
    internal open fun ownsJob(job: Job): Boolean = contextOrNull?.ownsJob(job) == true

    override fun jobCancelled(cause: Throwable) {
        if (isPending) interrupt(cause.message)
    }

    private fun passCancelOn(message: String?): Boolean {
        val awaited = awaited ?: return false
        passesCancelOn = true
        try {
            return awaited.cancel(message)
        } finally {
            passesCancelOn = false
        }
    }

    /** It waits, through others, for itself: it need not wait any longer. */
    private fun breakCycle(message: String?): Boolean {
        awaited!!.removeWaiting(this)
        awaited = null
        mustCancel = true
        cancelMessage = message
        loop.enqueue(this)
        return true
    }

    override fun uncancel(): Int {
        loop.checkThread("uncancel")
        if (cancelRequests > 0) {
            cancelRequests--
            if (cancelRequests == 0) {
                mustCancel = false
                // A wait that was cut short still raises the error.
                if (stage == STEPPING) contextOrNull?.renewJob()
            }
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
        val loop = loop
        if (ThreadState.isUsedBy(loop) || loop.driver != null) return stepInContext { stepByTurn() }
        // Nothing runs around this step that the context would have to be put back for.
        if (loop.context !== vars) loop.context = vars
        stepByTurn()
        if (loop.context !== vars) vars = loop.context
    }

    private fun stepByTurn() {
        val isFirst = stage == NOT_STARTED
        val waited = awaited
        val cancelsHere = mustCancel && !isScoped
        awaited = null
        step {
            if (cancelsHere) {
                mustCancel = false
                contextOrNull?.renewJob()
                // A CancelledError that comes from the future already is the one that counts.
                val isCancelled = waited != null && (waited.cancelled() || waited.peekException() is CancelledError)
                if (!isCancelled) raise = cancelMessage ?: NO_MESSAGE
                cancelMessage = null
            }
            if (isFirst) start() else resumeTop(waited)
        }
    }

    /** The first step, inside of `createTask`. */
    internal fun startEagerly() {
        if (loop.nesting >= DEEPEST) return loop.enqueue(this)
        loop.nesting++
        try {
            if (!loop.tryOnLoopThread { turn() }) return loop.enqueue(this)
        } catch (fatal: Throwable) {
            markRetrieved()
            throw fatal
        } finally {
            loop.nesting--
        }
        endedEagerly = stage == ENDED
    }

    private inline fun stepInContext(
        isExternal: Boolean = false,
        step: () -> Unit,
    ) {
        val loop = loop
        val outer = loop.context
        val own = vars
        // Code of this step may ask for the context of the task inside whose step it runs.
        val outerTask = loop.currentTask
        outerTask?.vars = outer
        if (outer !== own) loop.context = own
        val sharesThread = ThreadState.isUsedBy(loop) && (isExternal || !standsOnFiber)
        val before = if (sharesThread) ThreadState.beginStep(loop) else null
        try {
            step()
        } finally {
            ThreadState.endStep(loop, before)
            val after = loop.context
            if (after !== vars) vars = after
            val back = if (outerTask == null) outer else outerTask.vars
            if (after !== back) loop.context = back
        }
    }

    /** Whether nothing but a Java body runs in its next step, on a thread that no other task uses. */
    private val standsOnFiber: Boolean get() = (top as? Fiber)?.parent == null && top is Fiber

    /** A step that [block] of kotlinx's makes, which resumes or starts code of the task. */
    internal fun turnOfKotlinx(block: Runnable) {
        if (!isPending) return
        stepInContext(isExternal = true) {
            step(stageInside()) {
                block.run()
                loop.kotlinx.exceptionHandler.rethrowFatal()
                resumeFibers()
            }
        }
    }

    private fun stageInside() = if (stage == WAITING || stage == YIELDED) BESIDE else STEPPING

    /** A step begins inside other code of the loop, as [TaskElement.updateThreadContext] says; null if it cannot. */
    internal fun beginInside(outerPresent: CoroutineContext?): Inside? =
        if (isPending && stage != STEPPING && stage != BESIDE) Inside(outerPresent) else null

    /** A step inside other code; [stepInContext] where kotlinx tells begin and end. */
    internal inner class Inside(
        /** The context of kotlinx in which the other code runs. */
        val outerPresent: CoroutineContext?,
    ) {
        private val outerDriver = loop.driver
        private val outerContext = loop.context
        private val before: Any?

        init {
            loop.currentTask?.vars = outerContext
            loop.context = vars
            before = ThreadState.beginStep(loop)
            loop.driver = this@TaskImpl
            stage = stageInside()
        }

        fun end() {
            loop.driver = outerDriver
            ThreadState.endStep(loop, before)
            vars = loop.context
            loop.context = outerContext
            if (stage != ENDED) afterSuspension()
        }
    }

    /**
     * The error of a cancellation that has gone through kotlinx, if it is to be raised at [continuation]: on the task's own
     * chain of calls. Children of a kotlinx scope are cancelled in kotlinx's way.
     */
    override fun takeCancellation(continuation: Continuation<*>): CancelledError? {
        val context = contextOrNull
        if (context == null || !mustCancel && !context.isCancelling || !context.isCancelledAt(continuation)) return null
        val message = if (mustCancel) cancelMessage else context.cancelMessage
        mustCancel = false
        cancelMessage = null
        context.renewJob()
        return CancelledError(message)
    }

    override fun afterSuspension() {
        when (stage) {
            YIELDED -> {
                if (loop.yielded != null) raise = badYield()
                loop.enqueue(this)
                if (mustCancel && isScoped) kotlinContext.cancelJob(cancelMessage)
            }

            WAITING -> {
                val future = awaited!!
                future.addWaiting(this)
                if (mustCancel) cancelAwait(future)
            }

            // What waited before this step still does.
            BESIDE -> {
                stage = if (awaited != null) WAITING else YIELDED
            }

            else -> {
                stage = AWAY
                if (mustCancel) contextOrNull?.cancelJob(cancelMessage)
            }
        }
    }

    private fun badYield(): Throwable {
        val value = loop.yielded
        loop.yielded = null
        return IllegalStateException("Task got bad yield: $value. Await it, or drive the coroutine by hand")
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
    private val isScoped get() = (top as? ScopedAwait<*>)?.hasJob == true && (stage == WAITING || stage == YIELDED)

    // ---- the end

    override fun finish(result: Result<T>) {
        result.exceptionOrNull()?.let { Tracebacks.addCallers(it, this) }
        if (isAbandoned || !waitsForChildren(result)) endWith(result)
    }

    /** Whether kotlinx has launched children in the task, and they have not ended: then the task ends after them. */
    private fun waitsForChildren(result: Result<T>): Boolean {
        val context = contextOrNull ?: return false
        val jobs = context.unfinishedJobs() ?: return false
        stage = AWAY
        fiber = null
        top = ChildrenOfTask(this, jobs) { endWith(result) }
        completeJob(context, failureOf(result))
        return true
    }

    private fun completeJob(
        context: TaskContext,
        error: Throwable?,
    ): Unit =
        loop.guard(this, { "Exception in a completion handler of the Job of $name" }) { context.completeJob(error) }

    internal fun endWith(result: Result<T>) {
        if (!isPending) return
        loop.tasks.remove(this)
        stage = ENDED
        top = null
        fiber = null
        val context = contextOrNull
        var error = failureOf(result)
        if (context != null) {
            error = context.failureWith(error)
            completeJob(context, error)
        }
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

            isAbandoned && error is GeneratorExit || isForeignCancellation(error) -> {
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
     * Ends the coroutine, with its `finally` blocks: the loop closes, and would never resume it.
     */
    internal fun abandon() {
        isAbandoned = true
        awaited = null
        if (stage != WAITING && stage != YIELDED) {
            // Nothing has begun; or a dispatcher of kotlinx may resume it at this moment; or an error of the JVM has
            // broken a step off.
            finish(Result.failure(GeneratorExit()))
            return
        }
        repeat(PATIENCE) {
            if (!isPending) return
            raise = GeneratorExit()
            awaited = null
            mustCancel = false
            stepInContext {
                step {
                    if (top == null) throw takeRaise()!!
                    resumeTop(null)
                }
            }
        }
    }

    /** The state of its context, for code that runs on its behalf. */
    internal val contextState: Any? get() = if (loop.currentTask === this) loop.context else vars

    private fun stageName() =
        when {
            !isPending -> stateName()
            cancelRequests > 0 -> "cancelling"
            else -> "pending"
        }

    override fun toString(): String =
        RecursiveText.of(this) {
            // A task by its name only: two may wait for each other.
            val waits = awaited?.let { " waitFor=${if (it is TaskImpl<*>) it.name else it}" } ?: ""
            "<Task ${stageName()} name='$name'$waits${createdAt()}>"
        }

    private companion object {
        private val numbers = AtomicLong()

        /** How many awaits the `finally` blocks of an abandoned body may contain. */
        private const val PATIENCE = 100
    }
}

internal fun cancelledErrorOf(cause: Throwable): CancelledError =
    cause as? CancelledError ?: CancelledError(cause.message).apply { initCause(cause) }
