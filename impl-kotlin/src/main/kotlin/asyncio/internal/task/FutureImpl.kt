package asyncio.internal.task

import asyncio.CancelledError
import asyncio.Context
import asyncio.DoneCallback
import asyncio.EventLoop
import asyncio.Future
import asyncio.InvalidStateException
import asyncio.StopIteration
import asyncio.internal.context.ThreadState
import asyncio.internal.debug.StackFrames
import asyncio.internal.loop.Ready
import asyncio.spi.RecursiveText
import java.util.concurrent.CompletableFuture
import kotlin.coroutines.Continuation
import kotlin.coroutines.intrinsics.COROUTINE_SUSPENDED

/**
 * asyncio's future.
 *
 * ```
 * PENDING --setResult----> RESULT      value: the result
 *    |------setException-> EXCEPTION   value: a Failure
 *    \------cancel-------> CANCELLED   value: the CancelledError that ended a task, once it is awaited in a Cancellation; or the
 *                                           message, or null
 * ```
 *
 * Only code of the loop changes the state, and only once. Its waiters are enqueued when that happens, in the order of
 * registration, and never run from inside the change.
 */
public open class FutureImpl<T>(
    @JvmField internal val loop: TaskLoop,
) : Ready(),
    Future<T>,
    SuspendAwaitable<T> {
    private var state = PENDING
    private var value: Any? = null

    /** The waiters: null, one [Ready], or a list of them. */
    private var waiting: Any? = null

    internal val isPending: Boolean get() = state == PENDING

    final override fun done(): Boolean = state != PENDING

    final override fun cancelled(): Boolean = state == CANCELLED

    override fun getLoop(): EventLoop = loop

    @Suppress("UNCHECKED_CAST")
    override fun result(): T =
        when (state) {
            RESULT -> value as T
            EXCEPTION -> throw (value as Failure).retrieve()
            CANCELLED -> throw cancelledError()
            else -> throw InvalidStateException("Result is not set.")
        }

    override fun exception(): Throwable? =
        when (state) {
            RESULT -> null
            EXCEPTION -> (value as Failure).retrieve()
            CANCELLED -> throw cancelledError()
            else -> throw InvalidStateException("Exception is not set.")
        }

    /** [result] for an await of the calling code, or for its call of `run`: the stack of that is added to an exception. */
    @Suppress("UNCHECKED_CAST")
    internal fun awaitedResult(): T = if (state == RESULT) value as T else throw raised { StackFrames.ofCaller() }

    /** What an await of [suspended] goes on with, a suspended part of a coroutine of the same loop. */
    internal fun outcomeFor(suspended: Any?): kotlin.Result<Any?> =
        when {
            state == RESULT -> {
                kotlin.Result.success(value)
            }

            isCancelledOnlyWithMessage -> {
                kotlin.Result.failure(Tracebacks.begin(cancelledError(), suspended, loop))
            }

            else -> {
                val error = raised { Stacks.from(suspended) }
                Tracebacks.noteComplete(error, loop)
                kotlin.Result.failure(error)
            }
        }

    /** Then each await raises an error of its own, which shows by itself where that is. */
    private val isCancelledOnlyWithMessage: Boolean get() = state == CANCELLED && (value == null || value is String)

    private inline fun raised(frames: () -> List<StackTraceElement>): Throwable =
        when (state) {
            EXCEPTION -> {
                (value as Failure).let { Tracebacks.extend(it.retrieve(), it.traceback, frames) }
            }

            CANCELLED -> {
                if (isCancelledOnlyWithMessage) {
                    cancelledError()
                } else {
                    val cancellation =
                        value as? Cancellation ?: Cancellation(value as CancelledError).also { value = it }
                    Tracebacks.extend(cancellation.error, cancellation.traceback, frames)
                }
            }

            else -> {
                InvalidStateException("Result is not set.")
            }
        }

    override fun setResult(result: T) {
        loop.checkThread("setResult")
        checkPending()
        finish(RESULT, result)
    }

    override fun setException(exception: Throwable) {
        loop.checkThread("setException")
        checkPending()
        fail(if (exception is StopIteration) refusedByFuture(exception) else exception)
    }

    private fun refusedByFuture(end: StopIteration) =
        IllegalStateException("StopIteration interacts badly with generators and cannot be raised into a Future", end)

    override fun cancel(message: String?): Boolean {
        loop.checkThread("cancel")
        markRetrieved()
        if (state != PENDING) return false
        finish(CANCELLED, message)
        return true
    }

    override fun addDoneCallback(callback: DoneCallback<in Future<T>>) {
        loop.checkThread("addDoneCallback")
        addWaiting(DoneHandle(this, loop.contextHere(), callback))
    }

    override fun addDoneCallback(
        callback: DoneCallback<in Future<T>>,
        context: Context,
    ) {
        loop.checkThread("addDoneCallback")
        addWaiting(DoneHandle(this, context, callback))
    }

    override fun removeDoneCallback(callback: DoneCallback<in Future<T>>): Int {
        loop.checkThread("removeDoneCallback")

        fun isIt(waiter: Any?) = waiter is DoneHandle<*> && waiter.callback == callback
        val waiting = waiting
        if (waiting is ArrayList<*>) {
            val before = waiting.size
            waiting.removeIf(::isIt)
            return before - waiting.size
        }
        if (!isIt(waiting)) return 0
        this.waiting = null
        return 1
    }

    final override fun doAwait(): T {
        if (state == PENDING) Suspension.ofJavaBody("await").waitFor(this)
        return awaitedResult()
    }

    override fun awaitIn(continuation: Continuation<T>): Any? {
        if (state != PENDING) return if (state == CANCELLED) raiseIn(continuation) else awaitedResult()
        driverOf(continuation.context).suspendOn(this, continuation)
        return COROUTINE_SUSPENDED
    }

    private fun raiseIn(continuation: Continuation<T>): T {
        val isLaunched = continuation.context !is TaskContext && driverOf(continuation.context) is ChildTask
        if (!isLaunched) return awaitedResult()
        throw cancellationForKotlinx(cancelledError())
    }

    override fun toCompletableFuture(): CompletableFuture<T> = CompletableTwin(this)

    /** Only tasks, which are futures too, ever have a turn. */
    override fun turn(): Unit = throw AssertionError("A plain future has no turn")

    /** Has [waiter] queued when this is done; at once if it is. */
    internal fun addWaiting(waiter: Ready) {
        if (state != PENDING) {
            loop.enqueue(waiter)
            return
        }
        @Suppress("UNCHECKED_CAST")
        when (val waiting = waiting) {
            null -> {
                this.waiting = waiter
            }

            is ArrayList<*> -> {
                (waiting as ArrayList<Ready>).add(waiter)
            }

            else -> {
                this.waiting =
                    ArrayList<Ready>(4).apply {
                        add(waiting as Ready)
                        add(waiter)
                    }
            }
        }
    }

    /** Takes the task out that waits for this, if nothing else does. */
    internal fun takeOnlyTask(): TaskImpl<*>? {
        val task = waiting as? TaskImpl<*> ?: return null
        waiting = null
        return task
    }

    internal fun removeWaiting(waiter: Ready) {
        val waiting = waiting
        if (waiting is ArrayList<*>) {
            waiting.remove(waiter)
        } else if (waiting === waiter) {
            this.waiting = null
        }
    }

    /** The waiters that are tasks or futures themselves; each once. */
    internal fun awaiters(): Set<FutureImpl<*>> {
        val awaiters = LinkedHashSet<Ready>()
        addWaitersTo(awaiters)
        @Suppress("UNCHECKED_CAST")
        return awaiters as Set<FutureImpl<*>>
    }

    /** Adds them to [awaiters]. */
    internal fun addWaitersTo(awaiters: MutableCollection<Ready>) {
        val waiting = waiting
        if (waiting is ArrayList<*>) {
            for (waiter in waiting.toArray()) (waiter as Ready).addAwaitersTo(awaiters)
        } else {
            (waiting as Ready?)?.addAwaitersTo(awaiters)
        }
    }

    /** [setResult] for the library's own code, which is in the loop already. Nothing happens if it is done. */
    internal fun offerResult(result: T) {
        if (state == PENDING) finish(RESULT, result)
    }

    /** [setException] for the library's own code. Nothing happens if it is done. */
    internal fun offerException(exception: Throwable) {
        if (state == PENDING) fail(exception)
    }

    /** Ends it as cancelled with the very error that was raised. */
    internal fun finishCancelled(error: CancelledError) {
        finish(CANCELLED, error)
    }

    /** The exception it finished with, without counting as having looked at it; null otherwise. */
    internal fun peekException(): Throwable? = (value as? Failure)?.exception

    internal fun failureOrNull(): Failure? = value as? Failure

    internal fun cancelMessage(): String? =
        when (val value = value) {
            is CancelledError -> value.message
            is Cancellation -> value.error.message
            is String -> value
            else -> null
        }

    internal fun cancelledError(): CancelledError =
        when (val value = value) {
            is CancelledError -> value
            is Cancellation -> value.error
            else -> CancelledError(value as String?)
        }

    /** Its exception was seen, or is not of interest: it is not reported as never retrieved. */
    internal fun markRetrieved() {
        (value as? Failure)?.retrieved = true
    }

    private fun fail(exception: Throwable) {
        val failure = Failure(exception)
        finish(EXCEPTION, failure)
        loop.failures.watch(this, failure)
    }

    private fun finish(
        state: Byte,
        value: Any?,
    ) {
        this.state = state
        this.value = value
        val waiting = waiting ?: return
        this.waiting = null
        if (waiting is ArrayList<*>) {
            for (i in 0 until waiting.size) wake(waiting[i] as Ready)
        } else {
            wake(waiting as Ready)
        }
    }

    private fun wake(waiter: Ready) {
        if (state == EXCEPTION || waiter !is UnseenFailure) loop.enqueue(waiter)
    }

    private fun checkPending() {
        if (state != PENDING) throw InvalidStateException("invalid state: the future is done already: $this")
    }

    protected fun stateName(): String =
        when (state) {
            RESULT -> "finished result=$value"
            EXCEPTION -> "finished exception=${(value as Failure).exception}"
            CANCELLED -> "cancelled"
            else -> "pending"
        }

    /** For its text in debug mode. */
    protected fun createdAt(): String = loop.debugging?.createdAt(this) ?: ""

    override fun toString(): String = RecursiveText.of(this) { "<Future ${stateName()}${createdAt()}>" }

    /** The exception of a future, and whether anybody looked at it. */
    internal class Failure(
        @JvmField val exception: Throwable,
    ) {
        /** That of the exception when the future was done. */
        @JvmField val traceback: Array<StackTraceElement>? = Tracebacks.of(exception)

        @JvmField var retrieved = false

        fun retrieve(): Throwable {
            retrieved = true
            return exception
        }
    }

    /** The error of a cancellation that was awaited. */
    private class Cancellation(
        @JvmField val error: CancelledError,
    ) {
        @JvmField val traceback: Array<StackTraceElement>? = Tracebacks.of(error)
    }

    private companion object {
        const val PENDING: Byte = 0
        const val RESULT: Byte = 1
        const val EXCEPTION: Byte = 2
        const val CANCELLED: Byte = 3
    }
}

/** A user's callback that waits for a future. */
internal class DoneHandle<T>(
    private val future: FutureImpl<T>,
    private val context: Any?,
    @JvmField val callback: DoneCallback<in Future<T>>,
) : Ready() {
    override fun turn() {
        future.loop.context = context
        val before = ThreadState.begin(future.loop)
        future.loop.guard(future, { "Exception in callback $callback" }) { callback.done(future) }
        ThreadState.end(before)
    }

    override fun toString(): String = RecursiveText.of(this) { "<DoneCallback $callback of $future>" }
}
