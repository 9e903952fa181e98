package asyncio.internal.sync

import asyncio.internal.task.CoroutineDriver
import asyncio.internal.task.CoroutineImpl
import asyncio.internal.task.TaskLoop
import asyncio.internal.task.driverOf
import asyncio.internal.task.startInTask
import kotlin.coroutines.Continuation
import kotlin.coroutines.intrinsics.startCoroutineUninterceptedOrReturn

/**
 * A coroutine of a primitive, which most often has nothing to wait for: then it is all that is made. A Java body, which awaits
 * it most often, waits on its own stack; a suspend function has a state machine only if it has to wait.
 */
internal abstract class Operation<T> : CoroutineImpl<T>(BODY) {
    /** Does it at once and gives the value; or gives [MUST_WAIT]. */
    protected abstract fun attempt(loop: TaskLoop): Any?

    /** Does it for a Java body, after [attempt] has failed. */
    protected abstract fun waitOnFiber(driver: CoroutineDriver<*>): T

    /** Does it for a suspend function, after [attempt] has failed. */
    protected abstract suspend fun waitSuspended(): T

    final override fun doAwait(): T {
        val driver = awaitedBy()
        claim()
        val value = attempt(driver.loop)
        @Suppress("UNCHECKED_CAST")
        return if (value === MUST_WAIT) waitOnFiber(driver) else value as T
    }

    final override fun awaitIn(continuation: Continuation<T>): Any? {
        val loop = driverOf(continuation.context).loop
        loop.checkThread("await")
        claim()
        return start(loop, continuation)
    }

    final override fun startIn(
        driver: CoroutineDriver<T>,
        body: Any,
    ): Any? = start(driver.loop, driver)

    private fun start(
        loop: TaskLoop,
        continuation: Continuation<T>,
    ): Any? {
        val value = attempt(loop)
        if (value !== MUST_WAIT) return value
        return startInTask(continuation) { ::waitSuspended.startCoroutineUninterceptedOrReturn(it) }
    }

    companion object {
        /** Something had to be awaited first. */
        @JvmField val MUST_WAIT: Any = Any()

        private val BODY = Any()
    }
}

/** An [Operation] that never waits. */
internal abstract class InstantOperation<T> : Operation<T>() {
    final override fun waitOnFiber(driver: CoroutineDriver<*>): T = throw AssertionError("$this never waits")

    final override suspend fun waitSuspended(): T = throw AssertionError("$this never waits")
}
