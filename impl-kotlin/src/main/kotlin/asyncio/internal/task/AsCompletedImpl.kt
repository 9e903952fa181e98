package asyncio.internal.task

import asyncio.AsCompleted
import asyncio.AsyncIterator
import asyncio.Awaitable
import asyncio.Coroutine
import asyncio.Future
import asyncio.StopAsyncIteration
import asyncio.TimeoutException
import asyncio.internal.loop.Ready
import asyncio.internal.loop.Timer
import asyncio.internal.loop.nanosOf
import asyncio.internal.loop.shown
import java.time.Duration
import java.util.ArrayDeque
import java.util.Collections
import java.util.IdentityHashMap

/**
 * asyncio's as_completed: a queue of what has ended, whose readers were each promised one item. After the timeout
 * there is, for each that has not ended, a promise that cannot be kept.
 */
internal class AsCompletedImpl<T>(
    private val loop: TaskLoop,
    awaitables: Iterable<Awaitable<out T>>,
    private val timeout: Duration?,
) : AsCompleted<T>,
    AsyncIterator<Future<T>>,
    MutableIterator<Coroutine<T>> {
    private val unfinished = LinkedHashSet<Member>()
    private val ended = ArrayDeque<FutureImpl<T>>()
    private val readers = ArrayDeque<FutureImpl<Unit>>()
    private var limit: Limit? = null
    private var timedOut = false

    /** How many have not been promised to a reader yet. */
    private var left: Int

    private val number: Int

    /** How many were not done in time. */
    private var late = 0

    init {
        val known = Collections.newSetFromMap(IdentityHashMap<Awaitable<out T>, Boolean>())
        for ((index, awaitable) in awaitables.withIndex()) {
            notNull(awaitable, "asCompleted", index)
            if (!known.add(awaitable)) continue
            @Suppress("UNCHECKED_CAST")
            unfinished.add(Member(loop.ensureFuture(awaitable) as FutureImpl<T>))
        }
        left = unfinished.size
        number = left
        if (timeout != null && left > 0) limit = Limit(loop.deadlineAfter(nanosOf(timeout))).also(loop::addTimer)
        for (member in unfinished) member.future.addWaiting(member)
    }

    override fun iterator(): MutableIterator<Coroutine<T>> = this

    override fun aiter(): AsyncIterator<Future<T>> = this

    override fun hasNext(): Boolean = left > 0

    override fun next(): Coroutine<T> {
        if (!hasNext()) throw NoSuchElementException("All that asCompleted was given have been handed out")
        left--
        return NextResult()
    }

    override fun remove(): Unit = throw UnsupportedOperationException("Nothing can be taken out of asCompleted")

    override fun anext(): Awaitable<Future<T>> {
        if (!hasNext()) return ReadyAction { throw StopAsyncIteration() }
        left--
        return NextFuture()
    }

    private fun memberDone(member: Member) {
        if (!unfinished.remove(member)) return
        ended.add(member.future)
        if (unfinished.isEmpty()) limit?.let(loop::removeTimer)
        wakeReader()
    }

    private fun timeIsOver() {
        timedOut = true
        late = unfinished.size
        for (member in unfinished) member.future.removeWaiting(member)
        repeat(unfinished.size) { wakeReader() }
        unfinished.clear()
    }

    private fun wakeReader() {
        while (true) {
            val reader = readers.poll() ?: return
            if (reader.done()) continue
            reader.offerResult(Unit)
            return
        }
    }

    /** Null if a reader must wait for its item. */
    private fun take(): FutureImpl<T>? = ended.poll() ?: if (timedOut) throw timeIsOverError() else null

    private fun timeIsOverError() = TimeoutException("$late of $number were not done within ${shown(timeout!!)}")

    private fun newReader() = FutureImpl<Unit>(loop).also(readers::add)

    /** [reader] was cancelled: a wake-up that it has got already is the next one's. */
    private fun passOn(reader: FutureImpl<Unit>) {
        if (!readers.remove(reader) && !reader.cancelled() && (ended.isNotEmpty() || timedOut)) wakeReader()
    }

    private fun nextOnFiber(): FutureImpl<T> {
        while (true) {
            take()?.let { return it }
            val reader = newReader()
            try {
                reader.doAwait()
            } catch (error: Throwable) {
                passOn(reader)
                throw error
            }
        }
    }

    private suspend fun nextFuture(): FutureImpl<T> {
        while (true) {
            take()?.let { return it }
            val reader = newReader()
            try {
                awaitFuture(reader)
            } catch (error: Throwable) {
                passOn(reader)
                throw error
            }
        }
    }

    private inner class NextResult : DualCoroutine<T>() {
        override fun runOnFiber(driver: CoroutineDriver<*>): T = nextOnFiber().awaitedResult()

        override suspend fun run(): T = nextFuture().awaitedResult()
    }

    private inner class NextFuture : DualCoroutine<Future<T>>() {
        override fun runOnFiber(driver: CoroutineDriver<*>): Future<T> = nextOnFiber()

        override suspend fun run(): Future<T> = nextFuture()
    }

    private inner class Member(
        val future: FutureImpl<T>,
    ) : Ready() {
        override fun turn(): Unit = memberDone(this)

        override fun addAwaitersTo(awaiters: MutableCollection<Ready>): Unit =
            readers.forEach { it.addWaitersTo(awaiters) }
    }

    private inner class Limit(
        deadline: Long,
    ) : Timer(deadline) {
        override fun turn() {
            if (unfinished.isNotEmpty()) timeIsOver()
        }
    }

    override fun toString(): String = "<AsCompleted ended=${ended.size} unfinished=${unfinished.size}>"
}
