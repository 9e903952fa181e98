package asyncio.internal.task

import asyncio.Awaitable
import asyncio.CancelledError
import asyncio.Coroutine
import asyncio.ExceptionGroup
import asyncio.Timeout
import asyncio.TimeoutException
import asyncio.internal.loop.Timer
import asyncio.internal.loop.nanosOf
import asyncio.internal.loop.shown
import java.time.Duration
import java.util.Collections
import java.util.IdentityHashMap
import java.util.concurrent.CancellationException

/**
 * asyncio's timeout.
 *
 * ```
 * CREATED --enter--> ENTERED --the block ends---------------------> EXITED
 *                       \------time is over--> EXPIRING --block ends--> EXPIRED
 * ```
 *
 * Expiring cancels the task of the block once. At the end of the block that request is taken back; only if no other one is
 * left does the [CancelledError] become a [TimeoutException].
 */
internal class TimeoutImpl private constructor(
    private var deadline: Long,
    private var hasDeadline: Boolean,
    /** What the user has said; null for a moment instead. */
    private var delay: Duration?,
) : Timeout {
    /** What is limited, for the message; null for a block. */
    var limited: Awaitable<*>? = null
    private var state = CREATED
    private var task: TaskImpl<*>? = null
    private var requestsBefore = 0
    private var expiry: Expiry? = null

    override fun `when`(): Duration? = if (hasDeadline) Duration.ofNanos(deadline) else null

    override fun expired(): Boolean = state == EXPIRING || state == EXPIRED

    override fun reschedule(`when`: Duration?) {
        check(state != CREATED) { "A timeout can be rescheduled inside its block only; this one has not been entered" }
        check(
            state == ENTERED,
        ) { "Cannot reschedule a timeout whose ${if (expired()) "time is over" else "block has ended"}" }
        val loop = task!!.loop
        loop.checkThread("reschedule")
        disarm(loop)
        hasDeadline = `when` != null
        delay = null
        if (`when` != null) deadline = nanosOf(`when`)
        arm(loop)
    }

    override fun aenter(): Awaitable<Timeout> =
        ReadyAction<Timeout> {
            enter(TaskLoop.current()?.currentTask)
            this
        }

    override fun aexit(error: Throwable?): Awaitable<Boolean> =
        ReadyAction {
            val raised = exit(error)
            if (raised !== error) throw raised!!
            false
        }

    fun enter(task: TaskImpl<*>?) {
        check(state == CREATED) { "A timeout is for one block, and this one has been entered already: make another" }
        checkNotNull(task) { "A timeout can be used in a task only, because it cancels that" }
        state = ENTERED
        this.task = task
        requestsBefore = task.cancelling()
        arm(task.loop)
    }

    /** Ends the block; gives what it raises if it raised [error]. */
    fun exit(error: Throwable?): Throwable? {
        val task = checkNotNull(task) { "The block of this timeout has not been entered" }
        disarm(task.loop)
        if (state == ENTERED) state = EXITED
        if (state != EXPIRING) return error
        state = EXPIRED
        // More requests than before: other code wants the task to end, and goes first.
        if (task.uncancel() > requestsBefore || error == null) return error
        // The latter comes out of a scope of kotlinx that was cancelled.
        if (error is CancelledError || error is CancellationException) return TimeoutException(message(), error)
        noteTimeoutIn(error, message())
        return error
    }

    private fun message(): String {
        val delay = delay
        val subject = limited?.let(::shownName) ?: "The block"
        if (delay != null) return "$subject did not end within ${shown(delay)}"
        return "$subject did not end before its deadline, ${shown(Duration.ofNanos(deadline))} on the clock of the loop"
    }

    private fun arm(loop: TaskLoop) {
        if (!hasDeadline) return
        val expiry = Expiry(deadline).also { this.expiry = it }
        if (deadline <= loop.deadlineAfter(0)) loop.enqueue(expiry) else loop.addTimer(expiry)
    }

    private fun disarm(loop: TaskLoop) {
        val expiry = expiry ?: return
        this.expiry = null
        loop.removeTimer(expiry)
    }

    private fun expire() {
        expiry = null
        state = EXPIRING
        task!!.cancel(null)
    }

    override fun toString(): String {
        val state = arrayOf("created", "active", "expiring", "expired", "finished")[state]
        return if (hasDeadline) "<Timeout [$state] when=${Duration.ofNanos(deadline)}>" else "<Timeout [$state]>"
    }

    /** What is queued for the deadline; called off if it is not [expiry] any more. */
    private inner class Expiry(
        deadline: Long,
    ) : Timer(deadline) {
        override fun turn() {
            if (expiry === this) expire()
        }
    }

    companion object {
        private const val CREATED = 0
        private const val ENTERED = 1
        private const val EXPIRING = 2
        private const val EXPIRED = 3
        private const val EXITED = 4

        fun after(
            loop: TaskLoop,
            delay: Duration?,
        ) = if (delay == null) {
            TimeoutImpl(0, false, null)
        } else {
            TimeoutImpl(loop.deadlineAfter(nanosOf(delay)), true, delay)
        }

        fun at(deadline: Duration?) =
            if (deadline == null) TimeoutImpl(0, false, null) else TimeoutImpl(nanosOf(deadline), true, null)
    }
}

/** The name of [awaitable] in a message. */
internal fun shownName(awaitable: Awaitable<*>): String =
    when (awaitable) {
        is Coroutine -> awaitable.name()
        is TaskImpl -> "Task '${awaitable.name}'"
        else -> "What is waited for"
    }

/** Runs [block] inside the timeout; for code of the task [task]. */
internal inline fun <R> TimeoutImpl.around(
    task: TaskImpl<*>?,
    block: () -> R,
): R {
    enter(task)
    val result =
        try {
            block()
        } catch (error: Throwable) {
            throw exit(error)!!
        }
    exit(null)
    return result
}

/** Adds the reason to whatever in the chain of [error], or of its members, was caused by the cancellation. */
private fun noteTimeoutIn(
    error: Throwable,
    message: String,
) {
    noteTimeoutInChain(error, message)
    if (error is ExceptionGroup) error.exceptions().forEach { noteTimeoutInChain(it, message) }
}

private fun noteTimeoutInChain(
    error: Throwable,
    message: String,
) {
    val seen = Collections.newSetFromMap(IdentityHashMap<Throwable, Boolean>())
    var effect = error
    while (seen.add(effect)) {
        val cause = effect.cause ?: return
        if (cause is CancelledError) {
            effect.addSuppressed(TimeoutException(message, cause))
            return
        }
        effect = cause
    }
}
