package asyncio.internal.task

import kotlin.coroutines.Continuation
import kotlin.coroutines.intrinsics.startCoroutineUninterceptedOrReturn

/**
 * A coroutine of the library's with two bodies that do the same: one for a Java body that awaits it, on whose stack it
 * stays, so that the exceptions it makes show that stack; and a suspend function for everybody else.
 */
internal abstract class TwofoldCoroutine<T> : CoroutineImpl<T>(TWOFOLD) {
    /** The body on the fiber that [steps] run on; it may await as Java code does. */
    protected abstract fun runOnFiber(steps: Steps<*>): T

    protected abstract suspend fun run(): T

    override fun doAwait(): T {
        val steps = awaitedBy()
        claim()
        return runOnFiber(steps)
    }

    override fun awaitIn(continuation: Continuation<T>): Any? {
        claim()
        return ::run.startCoroutineUninterceptedOrReturn(continuation)
    }

    override fun startIn(
        steps: Steps<T>,
        body: Any,
    ): Any? = ::run.startCoroutineUninterceptedOrReturn(steps)

    private companion object {
        val TWOFOLD = Any()
    }
}
