package asyncio.internal.task

import asyncio.Awaitable
import asyncio.CancelledError
import asyncio.TimeoutException
import asyncio.internal.loop.Ready
import asyncio.internal.loop.shown
import java.time.Duration

/** asyncio's wait_for: a timeout around an await. */
internal class WaitFor<T>(
    awaitable: Awaitable<out T>,
    private val timeout: Duration?,
) : DualCoroutine<T>() {
    override val ownName: String get() = "Asyncio.waitFor"

    @Suppress("UNCHECKED_CAST")
    private val awaitable = awaitable as Awaitable<T>
    private val mayWait = timeout == null || !timeout.isNegative && !timeout.isZero

    override fun runOnFiber(driver: CoroutineDriver<*>): T {
        if (mayWait) return limit(driver.loop).around(driver.task) { awaitable.doAwait() }
        val future = driver.loop.ensureFuture(awaitable)
        if (future.done()) return future.awaitedResult()
        EndOfCancelled(future).use { it.future.doAwait() }
        return resultOfCancelled(future)
    }

    override suspend fun run(): T {
        val task = currentTask()
        if (mayWait) return limit(task.loop).around(task) { awaitAny(awaitable) }
        val future = task.loop.ensureFuture(awaitable)
        if (future.done()) return future.awaitedResult()
        EndOfCancelled(future).use { awaitFuture(it.future) }
        return resultOfCancelled(future)
    }

    private fun limit(loop: TaskLoop) = TimeoutImpl.after(loop, timeout).also { it.limited = awaitable }

    private fun resultOfCancelled(future: FutureImpl<out T>): T =
        try {
            future.awaitedResult()
        } catch (error: CancelledError) {
            throw TimeoutException("${shownName(awaitable)} did not end within ${shown(timeout!!)}", error)
        }
}

/** Cancels [cancelled]; [future] is done when that has ended. The task that waits for it can be cancelled nevertheless. */
private class EndOfCancelled(
    private val cancelled: FutureImpl<*>,
) : Ready(),
    AutoCloseable {
    val future = FutureImpl<Unit>(cancelled.loop)

    init {
        cancelled.addWaiting(this)
        cancelled.cancel(null)
    }

    override fun turn(): Unit = future.offerResult(Unit)

    override fun addAwaitersTo(awaiters: MutableCollection<Ready>): Unit = future.addWaitersTo(awaiters)

    override fun close(): Unit = cancelled.removeWaiting(this)
}
