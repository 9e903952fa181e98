package asyncio.internal.task

import asyncio.Awaitable
import asyncio.CancelledError
import asyncio.Coroutine
import asyncio.ExceptionContext
import asyncio.ExceptionGroup
import asyncio.GeneratorExit
import asyncio.Task
import asyncio.TaskGroup
import asyncio.TaskOptions
import asyncio.internal.loop.Ready
import asyncio.internal.loop.isFatal
import asyncio.spi.Errors
import kotlin.coroutines.Continuation
import kotlin.coroutines.intrinsics.startCoroutineUninterceptedOrReturn

/**
 * asyncio's task group.
 *
 * ```
 * CREATED --enter--> ENTERED --the block ends--> ENDING --no child is left--> (as ENDING, and nothing more can be added)
 * ```
 *
 * From the first failure on, or once the block has raised or [cancel] was called, the group [isAborting]: every child has
 * been cancelled, and no more are let in. A failing child, and [cancel], also cancel the parent, to end the block or its
 * wait for the children; that request is the group's own, and is taken back when the group ends.
 */
internal class TaskGroupImpl : TaskGroup {
    private var state = CREATED
    private var parent: TaskImpl<*>? = null
    private var isAborting = false
    private var hasCancelledParent = false

    /** The unfinished children, oldest first: a list that each can leave by itself. */
    private var first: Child? = null
    private var last: Child? = null

    private val errors = ArrayList<Throwable>(0)
    private var fatal: Throwable? = null

    /** The [CancelledError] of a request that is not the group's own, to be raised in the end. */
    private var cancellation: CancelledError? = null

    /** One that came while the group was being cancelled already. It counts if the group has cancelled its parent, and others too. */
    private var laterCancellation: CancelledError? = null
    private var allDone: FutureImpl<Unit>? = null

    private val hasEnded get() = state == ENDING && first == null

    // ---- children

    override fun <T> createTask(coroutine: Coroutine<T>): Task<T> = createTask(coroutine, TaskOptions.NONE)

    override fun <T> createTask(
        coroutine: Coroutine<T>,
        name: String?,
    ): Task<T> = createTask(coroutine, if (name == null) TaskOptions.NONE else TaskOptions.named(name))

    override fun <T> createTask(
        coroutine: Coroutine<T>,
        options: TaskOptions,
    ): Task<T> {
        val refusal =
            when {
                state == CREATED -> "has not been entered: create tasks inside its block, with(taskGroup(), group -> …)"
                hasEnded -> "is finished: create tasks inside its block, or in one of its tasks"
                isAborting -> "is shutting down: it was cancelled, or one of its tasks or its block has failed"
                else -> null
            }
        if (refusal != null) {
            coroutine.close()
            throw IllegalStateException("$this $refusal")
        }
        val task = parent!!.loop.newTaskOf(coroutine, options)
        // Also where an eager task has ended already: its failure must not be noticed before its creator has the task.
        task.addWaiting(Child(task))
        // An eager task may have cancelled the group, which did not know it yet.
        if (isAborting && !task.done()) task.cancel(null)
        return task
    }

    private fun childEnded(child: Child) {
        if (first == null) allDone?.offerResult(Unit)
        val task = child.task
        if (task.cancelled()) return
        val error = task.exception() ?: return
        val parent = parent!!
        add(error)
        if (parent.done()) {
            val message = "Task ${task.name} has failed, but the parent of its group, ${parent.name}, has ended already"
            parent.loop.callExceptionHandler(ExceptionContext.of(message).withException(error).withFuture(task))
            return
        }
        if (!isAborting && !hasCancelledParent) {
            abort()
            cancelParent()
        }
    }

    private fun add(error: Throwable) {
        errors.add(error)
        if (fatal == null && isFatal(error)) fatal = error
    }

    private fun abort() {
        isAborting = true
        var child = first
        while (child != null) {
            if (!child.task.done()) child.task.cancel(null)
            child = child.next
        }
    }

    private fun cancelParent() {
        hasCancelledParent = true
        parent!!.cancel(null)
    }

    override fun cancel() {
        if (state == CREATED) {
            isAborting = true
            hasCancelledParent = true
            return
        }
        if (hasEnded) return
        parent!!.loop.checkThread("cancel")
        // One that has failed ends as it is.
        if (isAborting) return
        abort()
        if (!hasCancelledParent) cancelParent()
    }

    // ---- the block

    override fun aenter(): Awaitable<TaskGroup> =
        ReadyAction<TaskGroup> {
            enter(TaskLoop.current()?.currentTask)
            this
        }

    override fun aexit(error: Throwable?): Awaitable<Boolean> = Exit(error)

    fun enter(task: TaskImpl<*>?) {
        check(state == CREATED) { "$this has been entered already: make another group for another block" }
        checkNotNull(task) { "$this can be entered in a task only, because it may have to cancel that" }
        parent = task
        state = ENTERED
        // It was cancelled before.
        if (hasCancelledParent) cancelParent()
    }

    /** The block has ended; its children may run on. */
    private fun blockEnded(error: Throwable?) {
        check(state != CREATED) { "The block of $this has not been entered" }
        state = ENDING
        if (error == null) return
        if (error is CancelledError) cancellation = error
        if (isFatal(error) && fatal == null) fatal = error
        if (!isAborting) abort()
    }

    /** What to wait for; null if no child is left. */
    private fun nextWait(): FutureImpl<Unit>? {
        allDone = null
        if (first == null) return null
        return FutureImpl<Unit>(parent!!.loop).also { allDone = it }
    }

    private fun waitCancelled(error: CancelledError) {
        if (isAborting) {
            laterCancellation = error
            return
        }
        cancellation = error
        abort()
    }

    /** All have ended, and the block with [error]; whether that goes no further. */
    private fun end(error: Throwable?): Boolean {
        fatal?.let { throwFatal(it, error) }
        val parent = parent!!
        if (hasCancelledParent) {
            // The group's own request is taken back. If it was the only one, no other code asked for what was raised.
            if (parent.uncancel() == 0) {
                cancellation = null
            } else if (cancellation == null) {
                cancellation = laterCancellation
            }
        }
        val cancellation = cancellation
        if (cancellation != null && errors.isEmpty()) throw cancellation.also { Errors.keep(error, it) }
        if (error != null && error !is CancelledError) errors.add(error)
        if (errors.isEmpty()) return true
        if (parent.cancelling() > 0) {
            // Raised at the next await, so that the request from outside is not lost to the errors.
            parent.uncancel()
            parent.cancel(null)
        }
        if (error is GeneratorExit && errors.size == 1) throw error
        throw ExceptionGroup("unhandled errors in a TaskGroup", errors)
    }

    /** [fatal] goes on alone. What else has failed is reported, so that it is not lost. */
    private fun throwFatal(
        fatal: Throwable,
        error: Throwable?,
    ): Nothing {
        for (other in errors) {
            if (other === fatal) continue
            parent!!.loop.callExceptionHandler(
                ExceptionContext
                    .of("A task of $this has failed, and its exception goes no further: the group ends with $fatal")
                    .withException(other),
            )
        }
        throw fatal.also { Errors.keep(error, it) }
    }

    /** The end of the block, once it is awaited. */
    private inner class Exit(
        private val error: Throwable?,
    ) : SuspendAwaitable<Boolean> {
        override fun doAwait(): Boolean {
            blockEnded(error)
            while (true) {
                val allDone = nextWait() ?: return end(error)
                try {
                    allDone.doAwait()
                } catch (cancelled: CancelledError) {
                    waitCancelled(cancelled)
                }
            }
        }

        override fun awaitIn(continuation: Continuation<Boolean>): Any? =
            ::run.startCoroutineUninterceptedOrReturn(continuation)

        private suspend fun run() = exit(error)
    }

    /** [aexit] for suspend functions. */
    suspend fun exit(error: Throwable?): Boolean {
        blockEnded(error)
        while (true) {
            val allDone = nextWait() ?: return end(error)
            try {
                awaitFuture(allDone)
            } catch (cancelled: CancelledError) {
                waitCancelled(cancelled)
            }
        }
    }

    override fun toString(): String {
        var unfinished = 0
        var child = first
        while (child != null) {
            unfinished++
            child = child.next
        }
        val status =
            when {
                state == CREATED -> ""
                hasEnded -> " finished"
                isAborting -> " cancelling"
                else -> " entered"
            }
        return "<TaskGroup$status${if (unfinished > 0) " tasks=$unfinished" else ""}${
            if (errors.isEmpty()) "" else " errors=${errors.size}"
        }>"
    }

    /** A child that has not ended, or whose end the group has yet to hear of. */
    private inner class Child(
        val task: TaskImpl<*>,
    ) : Ready() {
        var previous: Child? = last
        var next: Child? = null

        init {
            if (last == null) first = this else last!!.next = this
            last = this
        }

        override fun turn() {
            leave()
            childEnded(this)
        }

        override fun addAwaitersTo(awaiters: MutableCollection<Ready>) {
            parent?.let(awaiters::add)
        }

        private fun leave() {
            val previous = previous
            val next = next
            if (previous == null) first = next else previous.next = next
            if (next == null) last = previous else next.previous = previous
        }
    }

    private companion object {
        const val CREATED = 0
        const val ENTERED = 1
        const val ENDING = 2
    }
}
