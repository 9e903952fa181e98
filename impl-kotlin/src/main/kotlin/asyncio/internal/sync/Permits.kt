package asyncio.internal.sync

import asyncio.Coroutine
import asyncio.Held
import asyncio.internal.loop.EventLoopImpl
import asyncio.internal.task.Steps

/** What is acquired and has to be released: what locks and semaphores have in common. */
internal abstract class Permits : LoopBound() {
    /** The name of the class in the API. */
    protected abstract val kind: String

    /** Takes one if nobody has to wait for it. */
    abstract fun tryTake(): Boolean

    /** Queues up for one, and waits, in a Java body. */
    abstract fun takeOnFiber(steps: Steps<*>)

    /** Queues up for one, and waits, in a suspend function. */
    abstract suspend fun takeSuspended()

    abstract fun release()

    /** Both ways are tail calls: no state machine is made for the choice. */
    suspend fun take(): Unit = if (tryTake()) Unit else takeSuspended()

    open fun acquire(): Coroutine<Void?> = Acquire()

    open fun hold(): Coroutine<Held> = Hold()

    open fun aenter(): Coroutine<Void?> = Acquire()

    open fun aexit(error: Throwable?): Coroutine<Boolean> = Release(this)

    // Inner classes have their outer object before their super class asks for the name.
    private inner class Acquire : Operation<Void?>() {
        override val ownName: String get() = "$kind.acquire"

        override fun attempt(loop: EventLoopImpl): Any? {
            usedIn(loop)
            return if (tryTake()) null else MUST_WAIT
        }

        override fun waitOnFiber(steps: Steps<*>): Void? {
            takeOnFiber(steps)
            return null
        }

        override suspend fun waitSuspended(): Void? {
            takeSuspended()
            return null
        }
    }

    private inner class Hold : Operation<Held>() {
        override val ownName: String get() = "$kind.hold"

        override fun attempt(loop: EventLoopImpl): Any? {
            usedIn(loop)
            return if (tryTake()) HeldPermit(this@Permits) else MUST_WAIT
        }

        override fun waitOnFiber(steps: Steps<*>): Held {
            takeOnFiber(steps)
            return HeldPermit(this@Permits)
        }

        override suspend fun waitSuspended(): Held {
            takeSuspended()
            return HeldPermit(this@Permits)
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
