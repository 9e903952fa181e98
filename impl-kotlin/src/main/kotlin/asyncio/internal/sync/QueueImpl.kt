package asyncio.internal.sync

import asyncio.AsyncIterator
import asyncio.Coroutine
import asyncio.Queue
import asyncio.QueueEmptyException
import asyncio.QueueFullException
import asyncio.QueueShutDownException
import asyncio.QueueStore
import asyncio.StopAsyncIteration
import asyncio.internal.task.CoroutineDriver
import asyncio.internal.task.TaskLoop
import asyncio.internal.task.awaitFuture
import asyncio.internal.task.currentDriver

/**
 * asyncio's queue.
 *
 * ```
 * OPEN --shutdown--> SHUT DOWN (no more puts) --the last item is taken, or thrown away--> and empty (no more gets)
 * ```
 *
 * An item is never handed to a getter: it is put into the [store], and a getter is woken, which looks again. So there is nothing
 * to be lost with a getter that is cancelled; but a getter that was woken and cannot go on wakes the next. The same holds for
 * putters and places.
 */
internal class QueueImpl<T>(
    private val store: QueueStore<T>,
    private val maxsize: Int,
) : LoopBound(),
    Queue<T> {
    private val getters = WaitQueue()
    private val putters = WaitQueue()
    private var isShutDown = false

    /** How many items were put in and are not worked off. */
    private var unfinished = 0L

    /** Set while nothing is unfinished; made by the first join. */
    private var finished: EventImpl? = null

    override fun qsize(): Int = store.size()

    override fun empty(): Boolean = store.size() == 0

    override fun full(): Boolean = maxsize > 0 && store.size() >= maxsize

    override fun maxsize(): Int = maxsize

    override fun put(item: T): Coroutine<Void?> = Put(this, item)

    override fun get(): Coroutine<T> = Get(this)

    override fun putNowait(item: T) {
        checkThread("putNowait")
        checkNotShutDown()
        if (full()) {
            throw QueueFullException(
                "the queue is full, at its maxsize of $maxsize. await(queue.put(item)) waits for a place",
            )
        }
        putNow(item)
    }

    override fun getNowait(): T {
        checkThread("getNowait")
        if (empty()) {
            if (isShutDown) refuseGet()
            throw QueueEmptyException("the queue is empty. await(queue.get()) waits for an item")
        }
        return getNow()
    }

    private fun putNow(item: T) {
        val before = store.size()
        store.put(item)
        // A store of the user's may have dropped one.
        if (store.size() > before) {
            if (unfinished++ == 0L) finished?.clear()
        }
        getters.wakeFirst()
    }

    private fun getNow(): T {
        val item = store.get()
        putters.wakeFirst()
        return item
    }

    private inline fun queueUpToPut(
        item: T,
        loop: TaskLoop,
        wait: (WaitQueue.Waiter) -> Unit,
    ) {
        queueUp(putters, { full() }, loop, wait, { checkNotShutDown() }) {
            checkNotShutDown()
            putNow(item)
        }
    }

    private inline fun queueUpToGet(
        loop: TaskLoop,
        wait: (WaitQueue.Waiter) -> Unit,
    ): T = queueUp(getters, { empty() }, loop, wait, { if (isShutDown) refuseGet() }) { getNow() }

    /** Waits in [queue] while [mustWait], and then acts. */
    private inline fun <R> queueUp(
        queue: WaitQueue,
        mustWait: () -> Boolean,
        loop: TaskLoop,
        wait: (WaitQueue.Waiter) -> Unit,
        checkOpen: () -> Unit,
        act: () -> R,
    ): R {
        while (mustWait()) {
            checkOpen()
            val waiter = queue.join(bind(loop))
            try {
                wait(waiter)
            } catch (error: Throwable) {
                queue.leave(waiter)
                if (waiter.isWoken && !mustWait()) queue.wakeFirst()
                throw error
            }
            queue.leave(waiter)
        }
        try {
            return act()
        } catch (error: Throwable) {
            // A comparator, or a store of the user's.
            if (!mustWait()) queue.wakeFirst()
            throw error
        }
    }

    private fun checkNotShutDown() {
        if (isShutDown) throw QueueShutDownException("the queue is shut down, and takes no more items")
    }

    private fun refuseGet(): Nothing = throw QueueShutDownException("the queue is shut down and empty")

    override fun taskDone() {
        checkThread("taskDone")
        require(unfinished > 0) { "taskDone() called too many times: more often than items were put in" }
        if (--unfinished == 0L) finished?.set()
    }

    override fun join(): Coroutine<Void?> = Join(this)

    override fun shutdown(): Unit = shutdown(false)

    override fun shutdown(immediate: Boolean) {
        checkThread("shutdown")
        isShutDown = true
        if (immediate) throwAway()
        getters.wakeAll()
        putters.wakeAll()
    }

    private fun throwAway() {
        while (!empty()) {
            store.get()
            if (unfinished > 0) unfinished--
        }
        if (unfinished == 0L) finished?.set()
    }

    override fun aiter(): AsyncIterator<T> = Items(this)

    override fun toString(): String =
        "<Queue size:${qsize()}" +
            (if (maxsize > 0) ", maxsize:$maxsize" else "") +
            (if (isShutDown) ", shut down" else "") +
            ", getters:${getters.present}, putters:${putters.present}, unfinished:$unfinished>"

    private class Put<T>(
        private val queue: QueueImpl<T>,
        private val item: T,
    ) : Operation<Void?>() {
        override val ownName: String get() = "Queue.put"

        override fun attempt(loop: TaskLoop): Any? {
            queue.usedIn(loop)
            queue.checkNotShutDown()
            if (queue.full()) return MUST_WAIT
            queue.putNow(item)
            return null
        }

        override fun waitOnFiber(driver: CoroutineDriver<*>): Void? {
            queue.queueUpToPut(item, driver.loop) { driver.waitOnFiber(it) }
            return null
        }

        override suspend fun waitSuspended(): Void? {
            queue.queueUpToPut(item, currentDriver().loop) { awaitFuture(it) }
            return null
        }
    }

    private class Get<T>(
        private val queue: QueueImpl<T>,
    ) : Operation<T>() {
        override val ownName: String get() = "Queue.get"

        override fun attempt(loop: TaskLoop): Any? = queue.attemptToGet(loop) { queue.refuseGet() }

        override fun waitOnFiber(driver: CoroutineDriver<*>): T =
            queue.queueUpToGet(driver.loop) { driver.waitOnFiber(it) }

        override suspend fun waitSuspended(): T = queue.queueUpToGet(currentDriver().loop) { awaitFuture(it) }
    }

    private inline fun attemptToGet(
        loop: TaskLoop,
        end: () -> Nothing,
    ): Any? {
        usedIn(loop)
        if (!empty()) return getNow()
        return if (isShutDown) end() else Operation.MUST_WAIT
    }

    private class Join(
        private val queue: QueueImpl<*>,
    ) : Operation<Void?>() {
        override val ownName: String get() = "Queue.join"

        override fun attempt(loop: TaskLoop): Any? {
            queue.usedIn(loop)
            return if (queue.unfinished == 0L) null else MUST_WAIT
        }

        override fun waitOnFiber(driver: CoroutineDriver<*>): Void? {
            queue.finishedIn(driver.loop).waitOnFiber(driver)
            return null
        }

        override suspend fun waitSuspended(): Void? {
            queue.finishedIn(currentDriver().loop).waitSuspended()
            return null
        }
    }

    private fun finishedIn(loop: TaskLoop): EventImpl {
        bind(loop)
        return finished ?: EventImpl().also { finished = it }
    }

    /** Goes through the items; every get that finds the queue ended ends the way. */
    private class Items<T>(
        private val queue: QueueImpl<T>,
    ) : AsyncIterator<T> {
        override fun anext(): Coroutine<T> = Next(queue)
    }

    private class Next<T>(
        private val queue: QueueImpl<T>,
    ) : Operation<T>() {
        override fun attempt(loop: TaskLoop): Any? = queue.attemptToGet(loop) { throw StopAsyncIteration() }

        override fun waitOnFiber(driver: CoroutineDriver<*>): T =
            try {
                queue.queueUpToGet(driver.loop) { driver.waitOnFiber(it) }
            } catch (_: QueueShutDownException) {
                throw StopAsyncIteration()
            }

        override suspend fun waitSuspended(): T =
            try {
                queue.queueUpToGet(currentDriver().loop) { awaitFuture(it) }
            } catch (_: QueueShutDownException) {
                throw StopAsyncIteration()
            }
    }
}
