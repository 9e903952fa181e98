package asyncio.internal.testing

import asyncio.ExceptionContext
import asyncio.internal.testing.VirtualLoop
import asyncio.testing.DeadlockError
import asyncio.testing.TestLoop

/** The loop in virtual time that tests see. */
public class TestLoopImpl :
    VirtualLoop(),
    TestLoop {
    private val reports = Reports()

    override fun holdTime(): TestLoop.Hold {
        val hold = holdClock()
        return TestLoop.Hold { hold.close() }
    }

    override fun takeReports(): List<ExceptionContext> = reports.take()

    override fun defaultExceptionHandler(context: ExceptionContext): Unit = reports.add(context)

    override fun deadlock(report: String): Throwable = DeadlockError(report)
}

/** What a loop reported. From any thread. */
internal class Reports {
    private val reports = ArrayList<ExceptionContext>()

    @Synchronized
    fun add(report: ExceptionContext) {
        reports.add(report)
    }

    @Synchronized
    fun take(): List<ExceptionContext> = reports.toList().also { reports.clear() }
}
