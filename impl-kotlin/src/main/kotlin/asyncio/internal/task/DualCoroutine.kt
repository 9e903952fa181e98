package asyncio.internal.task

import kotlin.coroutines.Continuation
import kotlin.coroutines.intrinsics.startCoroutineUninterceptedOrReturn

/**
 * A coroutine of the library with two bodies that do the same. A Java body that awaits it runs the first one on its own
 * stack: no continuation is made, and the exceptions that are raised show that stack. Suspend functions and tasks run the
 * second one.
 */
internal abstract class DualCoroutine<T> : CoroutineImpl<T>(BODY) {
    /** The body on the fiber of [driver]; it may await as Java code does. */
    protected abstract fun runOnFiber(driver: CoroutineDriver<*>): T

    protected abstract suspend fun run(): T

    override fun doAwait(): T {
        val driver = awaitedBy()
        claim()
        return runOnFiber(driver)
    }

    override fun awaitIn(continuation: Continuation<T>): Any? {
        claim()
        return startInTask(continuation) { ::run.startCoroutineUninterceptedOrReturn(it) }
    }

    override fun startIn(
        driver: CoroutineDriver<T>,
        body: Any,
    ): Any? = ::run.startCoroutineUninterceptedOrReturn(driver)

    private companion object {
        val BODY = Any()
    }
}
