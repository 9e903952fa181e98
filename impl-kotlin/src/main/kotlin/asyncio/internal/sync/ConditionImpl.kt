package asyncio.internal.sync

import asyncio.CancelledError
import asyncio.Condition
import asyncio.Coroutine
import asyncio.Held
import asyncio.internal.task.SuspendCoroutine
import asyncio.internal.task.awaitFuture
import asyncio.internal.task.currentDriver
import asyncio.spi.Errors
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.withContext
import java.util.concurrent.CancellationException
import java.util.function.BooleanSupplier
import java.util.function.Supplier

/**
 * asyncio's condition. A task that waits has given the lock back, and takes it again however the waiting ends. One that was woken
 * and cannot go on wakes another.
 */
internal class ConditionImpl(
    private val lock: LockImpl,
) : LoopBound(),
    Condition {
    private val waiting = WaitQueue()

    override fun acquire(): Coroutine<Void?> = lock.acquire()

    override fun hold(): Coroutine<Held> = lock.hold()

    override fun release(): Unit = lock.release()

    override fun locked(): Boolean = lock.locked()

    override fun aenter(): Coroutine<Void?> = lock.aenter()

    override fun aexit(error: Throwable?): Coroutine<Boolean> = lock.aexit(error)

    override fun waitNotified(): Coroutine<Void?> =
        SuspendCoroutine {
            waitOnce()
            null
        }

    override fun waitFor(predicate: BooleanSupplier): Coroutine<Void?> =
        SuspendCoroutine {
            waitUntil { predicate.asBoolean }
            null
        }

    override fun <V : Any> waitForValue(supplier: Supplier<out V?>): Coroutine<V> =
        SuspendCoroutine {
            var value = supplier.get()
            while (value == null) {
                waitOnce()
                value = supplier.get()
            }
            value
        }

    suspend fun takeLock(): Unit = lock.take()

    suspend inline fun waitUntil(predicate: () -> Boolean) {
        while (!predicate()) waitOnce()
    }

    suspend fun waitOnce() {
        checkLocked("wait")
        val waiter = waiting.join(bind(currentDriver().loop))
        lock.release()
        var failure: Throwable? = null
        try {
            awaitFuture(waiter)
        } catch (error: Throwable) {
            failure = error
        }
        waiting.leave(waiter)
        try {
            takeLockAgain()
        } catch (error: Throwable) {
            Errors.keep(failure, error)
            failure = error
        }
        if (failure != null) {
            // It may have been woken: then it is another's turn.
            waiting.wakeFirst()
            throw failure
        }
    }

    /** Cancellations come through when it has the lock: the last of them. */
    private suspend fun takeLockAgain() {
        var cancellation: CancelledError? = null
        while (true) {
            try {
                lock.take()
                break
            } catch (error: CancelledError) {
                cancellation = error
            } catch (error: CancellationException) {
                // A scope of kotlinx was cancelled, and stays so.
                withContext(NonCancellable) { lock.take() }
                throw error
            }
        }
        if (cancellation != null) throw cancellation
    }

    override fun notifyOne(): Unit = notifyWaiters(1)

    override fun notifyWaiters(n: Int) {
        checkNotify()
        var left = n
        while (left-- > 0 && waiting.wakeFirst()) continue
    }

    override fun notifyAllWaiters() {
        checkNotify()
        waiting.wakeAll()
    }

    private fun checkNotify() {
        checkThread("notify")
        checkLocked("notify")
    }

    private fun checkLocked(what: String) {
        check(lock.locked()) { "cannot $what on un-acquired lock: put it into with(condition, () -> …)" }
    }

    override fun toString(): String =
        "<Condition ${if (locked()) "locked" else "unlocked"}, waiters:${waiting.present}>"
}
