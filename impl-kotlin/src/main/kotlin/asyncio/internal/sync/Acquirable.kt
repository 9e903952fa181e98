package asyncio.internal.sync

import asyncio.Coroutine
import asyncio.Held
import asyncio.internal.task.CoroutineDriver
import asyncio.internal.task.TaskLoop

/** What is acquired and has to be released: the common part of locks and semaphores. */
internal abstract class Acquirable : LoopBound() {
    /** The name of the class in the API. */
    protected abstract val kind: String

    /** Takes it if that is possible at once. */
    abstract fun tryTake(): Boolean

    /** Waits for it in a Java body. */
    abstract fun takeOnFiber(driver: CoroutineDriver<*>)

    /** Waits for it in a suspend function. */
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

        override fun attempt(loop: TaskLoop): Any? {
            usedIn(loop)
            return if (tryTake()) null else MUST_WAIT
        }

        override fun waitOnFiber(driver: CoroutineDriver<*>): Void? {
            takeOnFiber(driver)
            return null
        }

        override suspend fun waitSuspended(): Void? {
            takeSuspended()
            return null
        }
    }

    private inner class Hold : Operation<Held>() {
        override val ownName: String get() = "$kind.hold"

        override fun attempt(loop: TaskLoop): Any? {
            usedIn(loop)
            return if (tryTake()) HeldPermit(this@Acquirable) else MUST_WAIT
        }

        override fun waitOnFiber(driver: CoroutineDriver<*>): Held {
            takeOnFiber(driver)
            return HeldPermit(this@Acquirable)
        }

        override suspend fun waitSuspended(): Held {
            takeSuspended()
            return HeldPermit(this@Acquirable)
        }
    }

    private class Release(
        private val acquired: Acquirable,
    ) : InstantOperation<Boolean>() {
        override fun attempt(loop: TaskLoop): Any {
            acquired.release()
            return false
        }
    }

    private class HeldPermit(
        private var acquired: Acquirable?,
    ) : Held {
        override fun close() {
            acquired?.release()
            acquired = null
        }
    }
}
