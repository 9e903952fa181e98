package asyncio.internal.sync

import asyncio.internal.loop.EventLoopImpl
import asyncio.internal.task.CoroutineImpl
import asyncio.internal.task.Steps
import asyncio.internal.task.stepsOf
import kotlin.coroutines.Continuation
import kotlin.coroutines.intrinsics.startCoroutineUninterceptedOrReturn

/**
 * A coroutine of a primitive, which most often has nothing to wait for: then it is all that is made. A Java body, which awaits
 * it most often, waits on its own stack; a suspend function has a state machine only if it has to wait.
 */
internal abstract class Operation<T> : CoroutineImpl<T>(BODY) {
    /** Does it at once and gives the value; or gives [MUST_WAIT]. */
    protected abstract fun attempt(loop: EventLoopImpl): Any?

    /** Does it for a Java body, after [attempt] has failed. */
    protected abstract fun waitOnFiber(steps: Steps<*>): T

    /** Does it for a suspend function, after [attempt] has failed. */
    protected abstract suspend fun waitSuspended(): T

    final override fun doAwait(): T {
        val steps = awaitedBy()
        claim()
        val value = attempt(steps.loop)
        @Suppress("UNCHECKED_CAST")
        return if (value === MUST_WAIT) waitOnFiber(steps) else value as T
    }

    final override fun awaitIn(continuation: Continuation<T>): Any? {
        val loop = stepsOf(continuation.context).loop
        loop.checkThread("await")
        claim()
        return start(loop, continuation)
    }

    final override fun startIn(
        steps: Steps<T>,
        body: Any,
    ): Any? = start(steps.loop, steps)

    private fun start(
        loop: EventLoopImpl,
        continuation: Continuation<T>,
    ): Any? {
        val value = attempt(loop)
        if (value !== MUST_WAIT) return value
        return ::waitSuspended.startCoroutineUninterceptedOrReturn(continuation)
    }

    companion object {
        /** Something had to be awaited first. */
        @JvmField val MUST_WAIT: Any = Any()

        private val BODY = Any()
    }
}

/** An [Operation] that never waits. */
internal abstract class InstantOperation<T> : Operation<T>() {
    final override fun waitOnFiber(steps: Steps<*>): T = throw AssertionError("$this never waits")

    final override suspend fun waitSuspended(): T = throw AssertionError("$this never waits")
}
