package asyncio.internal.sync

import asyncio.Coroutine
import asyncio.Event
import asyncio.internal.loop.EventLoopImpl
import asyncio.internal.task.Steps
import asyncio.internal.task.awaitFuture
import asyncio.internal.task.currentSteps

/** asyncio's event. Who was woken goes on, whatever becomes of the event until its turn. */
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

    fun waitOnFiber(steps: Steps<*>): Unit = queueUp(steps.loop) { steps.waitOnFiber(it) }

    suspend fun waitSuspended(): Unit = queueUp(currentSteps().loop) { awaitFuture(it) }

    private inline fun queueUp(
        loop: EventLoopImpl,
        wait: (WaitQueue.Place) -> Unit,
    ) {
        val place = waiting.join(bind(loop))
        try {
            wait(place)
        } finally {
            waiting.leave(place)
        }
    }

    override fun toString(): String = "<Event ${if (set) "set" else "unset"}, waiters:${waiting.present}>"

    private class WaitSet(
        private val event: EventImpl,
    ) : Operation<Void?>() {
        override val ownName: String get() = "Event.waitSet"

        override fun attempt(loop: EventLoopImpl): Any? {
            event.usedIn(loop)
            return if (event.set) null else MUST_WAIT
        }

        override fun waitOnFiber(steps: Steps<*>): Void? {
            event.waitOnFiber(steps)
            return null
        }

        override suspend fun waitSuspended(): Void? {
            event.waitSuspended()
            return null
        }
    }
}
