package asyncio.internal.task

import asyncio.AsyncGenerator
import asyncio.AsyncIterable
import java.util.concurrent.Flow
import kotlin.coroutines.Continuation
import kotlin.coroutines.intrinsics.startCoroutineUninterceptedOrReturn

/** The items of a publisher of reactive streams: an async generator for each time that they are gone through. */
internal class PublisherItems<T : Any>(
    private val publisher: Flow.Publisher<T>,
    private val window: Int,
) : AsyncIterable<T> {
    override fun aiter(): AsyncGenerator<T> = AsyncGeneratorImpl(Body())

    private inner class Body : SuspendGeneratorBody<T>() {
        override fun startBlock(completion: Continuation<Unit>): Any? =
            ::run.startCoroutineUninterceptedOrReturn(completion)

        private suspend fun run() {
            val subscriber = ItemSubscriber<T>(currentDriver().loop, window)
            try {
                publisher.subscribe(subscriber)
                while (true) yield(subscriber.next() ?: return)
            } finally {
                subscriber.cancel()
            }
        }
    }
}

/** What it is called with, from any thread, it takes to its loop. */
internal class ItemSubscriber<T : Any>(
    private val loop: TaskLoop,
    private val window: Int,
) : Flow.Subscriber<T> {
    private val items = ArrayDeque<T>()
    private var subscription: Flow.Subscription? = null
    private var isCancelled = false
    private var isEnded = false
    private var failure: Throwable? = null

    /** How many items were taken and not asked for again. */
    private var taken = 0L
    private var waiter: FutureImpl<Unit>? = null

    /** The next item; null at the end. */
    suspend fun next(): T? {
        while (items.isEmpty()) {
            failure?.let { throw it }
            if (isEnded) return null
            val waiter = FutureImpl<Unit>(loop)
            this.waiter = waiter
            awaitFuture(waiter)
            this.waiter = null
        }
        val item = items.removeFirst()
        if (++taken >= (window + 1) / 2 && !isEnded) {
            val wanted = taken
            taken = 0
            subscription?.request(wanted)
        }
        return item
    }

    fun cancel() {
        if (isCancelled) return
        isCancelled = true
        if (!isEnded) subscription?.cancel()
    }

    override fun onSubscribe(subscription: Flow.Subscription) {
        loop.whenInLoop {
            if (isCancelled || this.subscription != null) {
                subscription.cancel()
            } else {
                this.subscription = subscription
                subscription.request(window.toLong())
            }
        }
    }

    override fun onNext(item: T): Unit =
        loop.whenInLoop {
            if (!isCancelled) items.addLast(item)
            waiter?.offerResult(Unit)
        }

    override fun onError(error: Throwable): Unit =
        loop.whenInLoop {
            failure = error
            isEnded = true
            waiter?.offerResult(Unit)
        }

    override fun onComplete(): Unit =
        loop.whenInLoop {
            isEnded = true
            waiter?.offerResult(Unit)
        }
}
