package asyncio.internal.task

import asyncio.Awaitable
import asyncio.DoneAndPending
import asyncio.Future
import asyncio.ReturnWhen
import asyncio.internal.loop.Ready
import asyncio.internal.loop.Timer
import asyncio.internal.loop.nanosOf
import java.time.Duration

/** asyncio's wait. It looks at its futures only; nothing here changes one. */
internal class Wait<F : Future<*>>(
    private val futures: Collection<F>,
    private val timeout: Duration?,
    private val returnWhen: ReturnWhen,
) : DualCoroutine<DoneAndPending<F>>() {
    override val ownName: String get() = "Asyncio.wait"

    override fun runOnFiber(driver: CoroutineDriver<*>): DoneAndPending<F> =
        Waiting(driver.loop).use {
            it.enough.doAwait()
            it.result()
        }

    override suspend fun run(): DoneAndPending<F> =
        Waiting(currentDriver().loop).use {
            awaitFuture(it.enough)
            it.result()
        }

    private inner class Waiting(
        private val loop: TaskLoop,
    ) : AutoCloseable {
        val enough = FutureImpl<Unit>(loop)
        private val members = LinkedHashMap<F, Member>()
        private var unfinished = 0
        private var limit: Limit? = null

        init {
            // As what it is: where types are unchecked, anything may be in it.
            for ((index, future) in (futures as Collection<Any?>).withIndex()) {
                if (future == null) throw NullPointerException("wait: futures[$index] is null")
                val own = futureOfThisLoop(future)
                @Suppress("UNCHECKED_CAST")
                members.computeIfAbsent(future as F) { Member(own) }
            }
            require(members.isNotEmpty()) { "wait of nothing would wait for ever: the collection of futures is empty" }
            unfinished = members.size
            if (timeout != null) limit = Limit(loop.deadlineAfter(nanosOf(timeout))).also(loop::addTimer)
            for (member in members.values) member.future.addWaiting(member)
        }

        private fun futureOfThisLoop(future: Any): FutureImpl<*> {
            if (future !is FutureImpl<*>) {
                val what = if (future is Awaitable<*>) "coroutines, which run once" else future.javaClass.name
                throw IllegalArgumentException(
                    "wait takes tasks and futures, not $what: make tasks with createTask(…)," +
                        " so that you can look up which of them are done",
                )
            }
            check(future.loop === loop) { "$future belongs to a different loop than the one that runs here" }
            return future
        }

        fun result(): DoneAndPending<F> {
            val (done, pending) = members.keys.partition { it.done() }
            return DoneAndPending(LinkedHashSet(done), LinkedHashSet(pending))
        }

        private fun memberDone(future: FutureImpl<*>) {
            unfinished--
            if (unfinished > 0 && !isEnough(future)) return
            stopTimer()
            enough.offerResult(Unit)
        }

        private fun isEnough(future: FutureImpl<*>) =
            when (returnWhen) {
                ReturnWhen.FIRST_COMPLETED -> true

                // Only the library looks at it: the exception still counts as not retrieved.
                ReturnWhen.FIRST_EXCEPTION -> future.peekException() != null

                ReturnWhen.ALL_COMPLETED -> false
            }

        private fun stopTimer() {
            limit?.let(loop::removeTimer)
        }

        override fun close() {
            stopTimer()
            for (member in members.values) member.future.removeWaiting(member)
        }

        private inner class Member(
            val future: FutureImpl<*>,
        ) : Ready() {
            override fun turn(): Unit = memberDone(future)

            override fun addAwaitersTo(awaiters: MutableCollection<Ready>): Unit = enough.addWaitersTo(awaiters)
        }

        private inner class Limit(
            deadline: Long,
        ) : Timer(deadline) {
            override fun turn(): Unit = enough.offerResult(Unit)
        }
    }
}
