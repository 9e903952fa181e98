package asyncio.internal.testing

import asyncio.Asyncio
import asyncio.Coroutine
import asyncio.EventLoop
import asyncio.ExceptionContext
import asyncio.internal.run.EventLoopImpl
import asyncio.internal.run.cleanUp
import asyncio.internal.task.refuseUnawaited
import asyncio.internal.testing.describeTasks
import asyncio.internal.testing.describeTasksFromOutside
import asyncio.internal.testing.unfinishedTasks
import asyncio.testing.TestLoop
import asyncio.testing.Time
import java.lang.management.ManagementFactory
import java.time.Duration
import java.util.concurrent.Callable
import java.util.concurrent.FutureTask
import java.util.concurrent.TimeUnit
import java.util.concurrent.TimeoutException

/**
 * One test: a loop, the parts of the test that run on it one after the other, and what is looked at in the end.
 *
 * ```
 * OPEN --call, call, …--> OPEN --endAndCheck, endAfter--> ENDED
 *    \--a call lasts too long--> HUNG --end…--> ENDED, with a loop and threads that nobody can stop
 * ```
 */
public class TestRun(
    private val time: Time,
    timeLimit: Duration,
) {
    private val reports = Reports()
    private val limit = if (isDebugged) Duration.ZERO else timeLimit
    private var hung = false

    public val loop: EventLoop =
        if (time == Time.REAL) {
            Asyncio.newEventLoop().apply { setExceptionHandler { _, report -> reports.add(report) } }
        } else {
            TestLoopImpl()
        }

    private val machine = (loop as EventLoopImpl).also { it.watchUnawaited(true) }

    /** What runs as a part of the test, with whatever it throws. */
    public fun interface Part<T> {
        @Throws(Throwable::class)
        public fun run(): T
    }

    /** Runs [part] as a coroutine; in manual time as it is. */
    public fun <T> call(part: Part<T>): T =
        if (time == Time.MANUAL) {
            withinLimit { part.run() }
        } else {
            call(Asyncio.async<T>(Callable { part.run() }))
        }

    /** Runs [coroutine] to its end. */
    public fun <T> call(coroutine: Coroutine<T>): T = withinLimit { loop.runUntilComplete(coroutine) }

    /** Ends what is left, and fails if anything is that should not be. */
    public fun endAndCheck() {
        val left = if (hung) emptyList() else machine.unfinishedTasks()
        val dump = if (left.isEmpty()) "" else machine.describeTasks()
        val failure = runCatching { end() }.exceptionOrNull()
        val reported = takeReports()
        val complaint =
            when {
                left.isNotEmpty() -> {
                    val tasks = countOf(left.size, "task")
                    AssertionError("$tasks still running at the end of the test. Await them, or cancel them:\n$dump")
                }

                reported.isNotEmpty() -> {
                    val things = countOf(reported.size, "thing")
                    AssertionError(
                        "The loop's exception handler was told of $things that the test did not expect:" +
                            reported.joinToString("") { "\n  " + textOf(it) } +
                            "\n(TestLoop.takeReports() takes what is expected.)",
                    )
                }

                else -> {
                    failure ?: return
                }
            }
        if (failure !== complaint) failure?.let(complaint::addSuppressed)
        reported.forEach { complaint.addSuppressed(failureOf(it)) }
        throw complaint
    }

    /** Ends what is left, and tells what was reported together with [failure], if that counts. */
    public fun endAfter(failure: Throwable?) {
        val ended = runCatching { end() }
        if (failure == null) return
        ended.exceptionOrNull()?.let(failure::addSuppressed)
        takeReports().forEach { failure.addSuppressed(failureOf(it)) }
    }

    private fun takeReports(): List<ExceptionContext> =
        reports.take() + if (loop is TestLoop) loop.takeReports() else emptyList()

    private fun textOf(report: ExceptionContext) =
        listOfNotNull(report.message(), report.exception()).joinToString(": ")

    private fun failureOf(report: ExceptionContext) = AssertionError(report.message(), report.exception())

    private fun end() {
        // A loop that does not answer cannot be closed either.
        if (!hung) withinLimit { cleanUp(machine) }
    }

    private fun <T> withinLimit(code: () -> T): T {
        check(!hung) { "The loop of this test hangs since an earlier part of it" }
        val call = FutureTask { runCatching(code) }
        val thread = Thread(null, call, "asyncio-test", 0, false).apply { isDaemon = true }
        thread.contextClassLoader = Thread.currentThread().contextClassLoader
        thread.start()
        val result =
            try {
                if (limit.isZero) call.get() else call.get(limit.toNanos(), TimeUnit.NANOSECONDS)
            } catch (_: TimeoutException) {
                throw tooLong()
            } catch (interrupted: InterruptedException) {
                // Somebody else's limit.
                throw tooLong().apply { addSuppressed(interrupted) }
            }
        return result.getOrThrow()
    }

    private fun tooLong(): AssertionError {
        hung = true
        val dump = machine.describeTasksFromOutside()
        if (!machine.isClosed) machine.callSoonThreadsafe(machine::stop)
        return AssertionError("The test did not end within ${limit.toSeconds()} s of real time.\n$dump")
    }

    public companion object {
        /** The limit of those who name none. */
        @JvmField
        public val TIME_LIMIT: Duration = Duration.ofSeconds(10)

        private val isDebugged =
            runCatching {
                ManagementFactory.getRuntimeMXBean().inputArguments.any { it.startsWith("-agentlib:jdwp") }
            }.getOrDefault(false)

        /** A whole test: [main] and the checks after it. */
        @JvmStatic
        public fun <T> runVirtually(main: Coroutine<T>): T = TestRun(Time.VIRTUAL, TIME_LIMIT).runWhole(main)

        private fun countOf(
            number: Int,
            what: String,
        ) = if (number == 1) "One $what" else "$number ${what}s"
    }

    public fun <T> runWhole(main: Coroutine<T>): T {
        val result = runCatching { call(main).also { refuseUnawaited(it, "run") } }
        val failure = result.exceptionOrNull()
        if (failure == null) endAndCheck() else endAfter(failure)
        return result.getOrThrow()
    }
}
