package asyncio.internal.task

import asyncio.AsyncGenerator
import asyncio.AsyncIterable
import asyncio.AsyncIterator
import asyncio.CancelledError
import asyncio.ExceptionContext
import asyncio.StopAsyncIteration
import java.util.concurrent.Flow
import java.util.concurrent.atomic.AtomicLong

/** An async iterable as a publisher of reactive streams: a task for each subscription. */
internal class IterablePublisher<T : Any>(
    private val loop: TaskLoop,
    private val items: AsyncIterable<out T>,
) : Flow.Publisher<T> {
    override fun subscribe(subscriber: Flow.Subscriber<in T>) {
        val subscription = IterableSubscription(loop, items, subscriber)
        try {
            if (!loop.isClosed) return subscription.begin()
        } catch (closed: IllegalStateException) {
            if (!loop.isClosed) throw closed
        }
        subscription.refuse(IllegalStateException("Event loop is closed"))
    }
}

/**
 * ```
 * any thread   request: demand grows          cancel
 * loop         the task waits for demand, gets an item, calls onNext … onComplete, onError or nothing more
 * ```
 */
private class IterableSubscription<T : Any>(
    private val loop: TaskLoop,
    private val items: AsyncIterable<out T>,
    subscriber: Flow.Subscriber<in T>,
) : Flow.Subscription {
    /** Null once it must not be called any more. */
    @Volatile private var subscriber: Flow.Subscriber<in T>? = subscriber

    private val demand = AtomicLong()

    /** What a request for less than one item is answered with. */
    @Volatile private var badRequest: IllegalArgumentException? = null

    private var task: TaskImpl<Unit>? = null

    /** What the task waits for while there is no demand. */
    private var wanted: FutureImpl<Unit>? = null

    fun begin() {
        loop.callSoonThreadsafe {
            try {
                task = loop.newTask(SuspendCoroutine(::run), "publisher")
            } catch (refused: IllegalStateException) {
                refuse(refused)
            }
        }
    }

    fun refuse(error: Throwable) {
        val subscriber = subscriber ?: return
        subscriber.onSubscribe(this)
        finish { it.onError(error) }
    }

    override fun request(n: Long) {
        if (n <= 0) {
            badRequest = IllegalArgumentException("A subscriber must ask for one item at least, not for $n (rule 3.9)")
        } else {
            demand.accumulateAndGet(n) { a, b -> if (a > Long.MAX_VALUE - b) Long.MAX_VALUE else a + b }
        }
        loop.whenInLoop { wanted?.offerResult(Unit) }
    }

    override fun cancel() {
        subscriber = null
        loop.whenInLoop { task?.cancel(null) }
    }

    private suspend fun run() {
        try {
            subscriber?.onSubscribe(this)
            val iterator = items.aiter()
            try {
                publish(iterator)
            } finally {
                if (iterator is AsyncGenerator<*>) awaitAny(iterator.aclose())
            }
        } catch (cancelled: CancelledError) {
            finish { it.onError(cancelled) }
            throw cancelled
        } catch (error: Throwable) {
            finish { it.onError(error) }
        }
    }

    private suspend fun publish(iterator: AsyncIterator<out T>) {
        while (subscriber != null) {
            waitForDemand()
            badRequest?.let { throw it }
            val item: T? =
                try {
                    awaitAny(iterator.anext())
                } catch (_: StopAsyncIteration) {
                    return finish { it.onComplete() }
                }
            val subscriber = subscriber ?: return
            if (item == null) {
                throw NullPointerException("A publisher cannot give null, which the iterable gave (rule 2.13)")
            }
            if (demand.get() != Long.MAX_VALUE) demand.decrementAndGet()
            deliver(subscriber, item)
        }
    }

    private suspend fun waitForDemand() {
        while (demand.get() == 0L && badRequest == null) {
            val wanted = FutureImpl<Unit>(loop)
            this.wanted = wanted
            // It may have come meanwhile, from another thread.
            if (demand.get() == 0L && badRequest == null) awaitFuture(wanted)
            this.wanted = null
        }
    }

    /** Errors of a subscriber are its own: it gets nothing more. */
    private fun deliver(
        subscriber: Flow.Subscriber<in T>,
        item: T,
    ) {
        try {
            subscriber.onNext(item)
        } catch (error: Exception) {
            this.subscriber = null
            report(error)
        }
    }

    private fun finish(signal: (Flow.Subscriber<in T>) -> Unit) {
        val subscriber = subscriber ?: return
        this.subscriber = null
        try {
            signal(subscriber)
        } catch (error: Exception) {
            report(error)
        }
    }

    private fun report(error: Exception): Unit =
        loop.callExceptionHandler(ExceptionContext.of("Exception in a subscriber").withException(error))
}
