package asyncio.internal.sync

import asyncio.Coroutine
import asyncio.Event
import asyncio.internal.task.CoroutineDriver
import asyncio.internal.task.TaskLoop
import asyncio.internal.task.awaitFuture
import asyncio.internal.task.currentDriver

/** asyncio's event. A waiter that was woken goes on, whatever happens to the event until its turn. */
internal class EventImpl :
    LoopBound(),
    Event {
    private var set = false
    private val waiting = WaitQueue()

    override fun isSet(): Boolean = set

    override fun waitSet(): Coroutine<Void?> = WaitSet(this)

    override fun set() {
        checkThread("set")
        if (set) return
        set = true
        waiting.wakeAll()
    }

    override fun clear() {
        checkThread("clear")
        set = false
    }

    fun waitOnFiber(driver: CoroutineDriver<*>): Unit = queueUp(driver.loop) { driver.waitOnFiber(it) }

    suspend fun waitSuspended(): Unit = queueUp(currentDriver().loop) { awaitFuture(it) }

    private inline fun queueUp(
        loop: TaskLoop,
        wait: (WaitQueue.Waiter) -> Unit,
    ) {
        val waiter = waiting.join(bind(loop))
        try {
            wait(waiter)
        } finally {
            waiting.leave(waiter)
        }
    }

    override fun toString(): String = "<Event ${if (set) "set" else "unset"}, waiters:${waiting.present}>"

    private class WaitSet(
        private val event: EventImpl,
    ) : Operation<Void?>() {
        override val ownName: String get() = "Event.waitSet"

        override fun attempt(loop: TaskLoop): Any? {
            event.usedIn(loop)
            return if (event.set) null else MUST_WAIT
        }

        override fun waitOnFiber(driver: CoroutineDriver<*>): Void? {
            event.waitOnFiber(driver)
            return null
        }

        override suspend fun waitSuspended(): Void? {
            event.waitSuspended()
            return null
        }
    }
}
