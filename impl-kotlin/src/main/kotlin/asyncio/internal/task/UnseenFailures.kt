package asyncio.internal.task

import asyncio.Task
import asyncio.internal.loop.Ready

/**
 * Tells [report] of the exception that [task] ends with, if no code takes it: what waits for the task has its turn first. [report] runs in
 * the loop, and the exception then counts as seen.
 */
public fun <T> onUnseenFailure(
    task: Task<T>,
    report: (Throwable) -> Unit,
) {
    task as TaskImpl<T>
    task.addWaiting(UnseenFailure(task, report))
}

/** A waiter that is woken by an exception only: what a task of each request leaves must not cost another turn of the loop. */
internal class UnseenFailure(
    private val task: TaskImpl<*>,
    private val report: (Throwable) -> Unit,
) : Ready() {
    private var turnsLeft = TURNS

    override fun turn() {
        val loop = task.loop
        val failure = task.failureOrNull() ?: return
        if (failure.retrieved) return
        if (turnsLeft-- > 0) return loop.enqueue(this)
        failure.retrieved = true
        loop.guard(task, { "Exception while a failure of ${task.name} was reported" }) { report(failure.exception) }
    }

    private companion object {
        /** A task that waits through a gather or a group takes it in the second turn. */
        const val TURNS = 2
    }
}
