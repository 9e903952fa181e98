package asyncio.internal.sync

import asyncio.Coroutine
import asyncio.Held
import asyncio.internal.loop.EventLoopImpl
import asyncio.internal.task.Steps

/** What is acquired and has to be released: what locks and semaphores have in common. */
internal abstract class Permits : LoopBound() {
    /** Takes one if nobody has to wait for it. */
    abstract fun tryTake(): Boolean

    /** Queues up for one, and waits, in a Java body. */
    abstract fun takeOnFiber(steps: Steps<*>)

    /** Queues up for one, and waits, in a suspend function. */
    abstract suspend fun takeSuspended()

    abstract fun release()

    /** Both ways are tail calls: no state machine is made for the choice. */
    suspend fun take(): Unit = if (tryTake()) Unit else takeSuspended()

    open fun acquire(): Coroutine<Void?> = Acquire(this)

    open fun hold(): Coroutine<Held> = Hold(this)

    open fun aenter(): Coroutine<Void?> = Acquire(this)

    open fun aexit(error: Throwable?): Coroutine<Boolean> = Release(this)

    private class Acquire(
        private val permits: Permits,
    ) : Operation<Void?>() {
        override fun attempt(loop: EventLoopImpl): Any? {
            permits.usedIn(loop)
            return if (permits.tryTake()) null else MUST_WAIT
        }

        override fun waitOnFiber(steps: Steps<*>): Void? {
            permits.takeOnFiber(steps)
            return null
        }

        override suspend fun waitSuspended(): Void? {
            permits.takeSuspended()
            return null
        }
    }

    private class Hold(
        private val permits: Permits,
    ) : Operation<Held>() {
        override fun attempt(loop: EventLoopImpl): Any? {
            permits.usedIn(loop)
            return if (permits.tryTake()) HeldPermit(permits) else MUST_WAIT
        }

        override fun waitOnFiber(steps: Steps<*>): Held {
            permits.takeOnFiber(steps)
            return HeldPermit(permits)
        }

        override suspend fun waitSuspended(): Held {
            permits.takeSuspended()
            return HeldPermit(permits)
        }
    }

    private class Release(
        private val permits: Permits,
    ) : InstantOperation<Boolean>() {
        override fun attempt(loop: EventLoopImpl): Any {
            permits.release()
            return false
        }
    }

    private class HeldPermit(
        private var permits: Permits?,
    ) : Held {
        override fun close() {
            permits?.release()
            permits = null
        }
    }
}
