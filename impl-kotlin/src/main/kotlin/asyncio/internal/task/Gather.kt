package asyncio.internal.task

import asyncio.Awaitable
import asyncio.CancelledError
import asyncio.Future
import asyncio.Outcome
import asyncio.internal.loop.Ready
import asyncio.spi.RecursiveText
import java.util.IdentityHashMap

/**
 * asyncio's gather. [finishAll] makes the outcome of all once the last one is done; with [failFast] the first exception is
 * everybody's.
 */
internal class Gather<T, R>(
    loop: TaskLoop,
    private val failFast: Boolean,
    awaitables: Iterable<Awaitable<out T>>,
    private val finishAll: (List<FutureImpl<out T>>) -> R,
) : FutureImpl<R>(loop) {
    private val children = ArrayList<FutureImpl<out T>>()
    private var unfinished = 0
    private var cancelRequested = false
    private var cancelMessage: String? = null

    init {
        val alreadyDone = collect(awaitables)
        if (children.isEmpty()) offerResult(finishAll(children))
        alreadyDone.forEach(::childDone)
    }

    /** Makes futures of them, each object once; gives the ones that are done. */
    private fun collect(awaitables: Iterable<Awaitable<out T>>): List<FutureImpl<out T>> {
        val alreadyDone = ArrayList<FutureImpl<out T>>(0)
        val number = if (awaitables is Collection<*>) awaitables.size else UNKNOWN
        children.ensureCapacity(number)
        val known = IdentityHashMap<Awaitable<out T>, FutureImpl<out T>>(number)
        for ((index, awaitable) in awaitables.withIndex()) {
            notNull(awaitable, if (failFast) "gather" else "gatherOutcomes", index)
            var child = known[awaitable]
            if (child == null) {
                child = loop.ensureFuture(awaitable)
                known[awaitable] = child
                unfinished++
                if (child.done()) alreadyDone.add(child) else child.addWaiting(Child(child))
            }
            children.add(child)
        }
        return alreadyDone
    }

    override fun cancel(message: String?): Boolean {
        loop.checkThread("cancel")
        markRetrieved()
        if (done()) return false
        var any = false
        for (child in children) if (child.cancel(message)) any = true
        // The outcome is a cancellation even if the children make results of it.
        if (any) {
            cancelRequested = true
            cancelMessage = message
        }
        return any
    }

    private fun childDone(child: FutureImpl<out T>) {
        unfinished--
        if (done()) {
            child.markRetrieved()
            return
        }
        if (failFast) {
            val failure = if (child.cancelled()) child.cancelledError() else child.exception()
            if (failure != null) {
                offerException(failure)
                return
            }
        }
        if (unfinished > 0) return
        if (cancelRequested) {
            children.forEach { it.markRetrieved() }
            // The last one of the list counts, whichever ended last.
            val last = children.last()
            offerException(if (last.cancelled()) last.cancelledError() else CancelledError(cancelMessage))
        } else {
            offerResult(finishAll(children))
        }
    }

    private inner class Child(
        private val future: FutureImpl<out T>,
    ) : Ready() {
        override fun turn(): Unit = childDone(future)

        override fun addAwaitersTo(awaiters: MutableCollection<Ready>) {
            awaiters.add(this@Gather)
        }
    }

    private companion object {
        /** Room for as many at first, where their number is not known. */
        const val UNKNOWN = 16
    }

    override fun toString(): String =
        RecursiveText.of(this) { "<Gather ${stateName()} of ${children.size}${createdAt()}>" }
}

/** Refuses what Java code can put among awaitables. */
internal fun notNull(
    awaitable: Awaitable<*>?,
    function: String,
    index: Int,
) {
    if (awaitable == null) throw NullPointerException("$function: awaitables[$index] is null")
}

internal fun <T> gather(
    loop: TaskLoop,
    awaitables: Iterable<Awaitable<out T>>,
): Future<List<T>> = gather(loop, awaitables) { it }

/** [finish] makes of the results what is given. */
internal fun <T, R> gather(
    loop: TaskLoop,
    awaitables: Iterable<Awaitable<out T>>,
    finish: (MutableList<T>) -> R,
): Future<R> =
    loop.startingMany(awaitables) { all ->
        Gather(loop, true, all) { children -> finish(children.mapTo(ArrayList(children.size)) { it.result() }) }
    }

internal fun <T> gatherOutcomes(
    loop: TaskLoop,
    awaitables: Iterable<Awaitable<out T>>,
): Future<List<Outcome<T>>> =
    loop.startingMany(awaitables) { all ->
        Gather(loop, false, all) { children ->
            children.map { child ->
                val failure = if (child.cancelled()) cancellationOf(child) else child.exception()
                if (failure == null) Outcome.Success<T>(child.result()) else Outcome.Failure<T>(failure)
            }
        }
    }

/** Among outcomes, a task has forgotten the message that it was cancelled with; a future has not. */
private fun cancellationOf(child: FutureImpl<*>) =
    CancelledError(if (child is TaskImpl<*>) null else child.cancelMessage())

/** Where tasks start eagerly, the caller's stack is put aside once for all of them, and not once for each. */
private inline fun <A, R> TaskLoop.startingMany(
    awaitables: Iterable<A>,
    crossinline start: (Iterable<A>) -> R,
): R {
    if (!startsEagerly) return start(awaitables)
    val all = awaitables.toList()
    var result: R? = null
    // Its own frames take as much of the stack as those of another step.
    nesting++
    try {
        if (!tryOnLoopThread { result = start(all) }) return start(all)
    } finally {
        nesting--
    }
    @Suppress("UNCHECKED_CAST")
    return result as R
}
