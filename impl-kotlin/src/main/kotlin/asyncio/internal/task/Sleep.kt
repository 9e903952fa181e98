package asyncio.internal.task

import asyncio.internal.loop.Timer
import kotlin.coroutines.intrinsics.COROUTINE_SUSPENDED
import kotlin.coroutines.intrinsics.suspendCoroutineUninterceptedOrReturn

/** asyncio's sleep, for suspend functions. Both ways are tail calls: no state machine is made for the choice. */
internal suspend fun sleepNanos(delay: Long): Unit = if (delay <= 0) yieldOnce() else suspendFor(delay)

private suspend fun yieldOnce(): Unit =
    suspendCoroutineUninterceptedOrReturn {
        driverOf(it.context).suspendBare(it)
        COROUTINE_SUSPENDED
    }

private suspend fun suspendFor(delay: Long) {
    val driver = currentDriver()
    driver.checkRunning()
    val timer = SleepTimer.begin(driver.loop, delay)
    try {
        awaitFuture(timer.future)
    } finally {
        timer.end()
    }
}

/** The future of a sleep, and the timer that completes it. */
private class SleepTimer(
    private val loop: TaskLoop,
    deadline: Long,
) : Timer(deadline) {
    val future = FutureImpl<Unit>(loop)

    override fun turn(): Unit = future.offerResult(Unit)

    fun end(): Unit = loop.removeTimer(this)

    companion object {
        fun begin(
            loop: TaskLoop,
            delay: Long,
        ) = SleepTimer(loop, loop.deadlineAfter(delay)).also(loop::addTimer)
    }
}

/** `sleep` as a coroutine. */
internal class SleepCoroutine<T>(
    private val delay: Long,
    private val result: T,
) : DualCoroutine<T>() {
    override val ownName: String get() = "Asyncio.sleep"

    override fun runOnFiber(driver: CoroutineDriver<*>): T {
        if (delay <= 0) {
            driver.yieldFiber()
        } else {
            val timer = SleepTimer.begin(driver.loop, delay)
            try {
                driver.waitFor(timer.future)
                timer.future.result()
            } finally {
                timer.end()
            }
        }
        return result
    }

    override suspend fun run(): T {
        sleepNanos(delay)
        return result
    }
}
