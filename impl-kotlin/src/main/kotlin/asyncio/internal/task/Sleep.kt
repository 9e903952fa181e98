package asyncio.internal.task

import asyncio.internal.loop.EventLoopImpl
import asyncio.internal.loop.Timer
import kotlin.coroutines.Continuation
import kotlin.coroutines.intrinsics.COROUTINE_SUSPENDED
import kotlin.coroutines.intrinsics.startCoroutineUninterceptedOrReturn
import kotlin.coroutines.intrinsics.suspendCoroutineUninterceptedOrReturn

/** asyncio's sleep, for suspend functions. Both ways are tail calls: no state machine is made for the choice. */
internal suspend fun sleepNanos(delay: Long): Unit = if (delay <= 0) yieldOnce() else nap(delay)

private suspend fun yieldOnce(): Unit =
    suspendCoroutineUninterceptedOrReturn {
        stepsOf(it.context).suspendBare(it)
        COROUTINE_SUSPENDED
    }

private suspend fun nap(delay: Long) {
    val steps = currentSteps()
    steps.checkRunning()
    val nap = Nap.begin(steps.loop, delay)
    try {
        awaitFuture(nap.future)
    } finally {
        nap.end()
    }
}

internal suspend fun <T> awaitFuture(future: FutureImpl<T>): T =
    suspendCoroutineUninterceptedOrReturn { future.awaitIn(it) }

internal suspend fun currentSteps(): Steps<*> = suspendCoroutineUninterceptedOrReturn { stepsOf(it.context) }

/**
 * The task in which the calling suspend function runs.
 *
 * @throws IllegalStateException if it is driven by hand outside of any
 */
internal suspend fun currentTask(): TaskImpl<*> =
    currentSteps().task ?: throw IllegalStateException("This needs a task: start the coroutine with createTask or run")

/** The future of a sleep, and the timer that completes it. */
private class Nap(
    private val loop: EventLoopImpl,
    deadline: Long,
) : Timer(deadline) {
    val future = FutureImpl<Unit>(loop)

    override fun turn(): Unit = future.offerResult(Unit)

    fun end(): Unit = loop.removeTimer(this)

    companion object {
        fun begin(
            loop: EventLoopImpl,
            delay: Long,
        ) = Nap(loop, loop.deadlineAfter(delay)).also(loop::addTimer)
    }
}

/** `sleep` as a coroutine. A Java body, which awaits it most often, needs no suspend function for it. */
internal class SleepCoroutine<T>(
    private val delay: Long,
    private val result: T,
) : CoroutineImpl<T>(SLEEP) {
    override val ownName: String get() = "Asyncio.sleep"

    override fun doAwait(): T {
        val task = awaitedBy()
        claim()
        if (delay <= 0) {
            task.yieldFiber()
        } else {
            val nap = Nap.begin(task.loop, delay)
            try {
                task.waitFor(nap.future)
                nap.future.result()
            } finally {
                nap.end()
            }
        }
        return result
    }

    override fun awaitIn(continuation: Continuation<T>): Any? {
        claim()
        return ::sleep.startCoroutineUninterceptedOrReturn(continuation)
    }

    override fun startIn(
        steps: Steps<T>,
        body: Any,
    ): Any? = ::sleep.startCoroutineUninterceptedOrReturn(steps)

    private suspend fun sleep(): T {
        sleepNanos(delay)
        return result
    }

    private companion object {
        val SLEEP = Any()
    }
}
