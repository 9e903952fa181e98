package asyncio.testing.kotlin

import asyncio.internal.testing.TestRun
import asyncio.kotlin.coroutine
import asyncio.testing.Time
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds
import kotlin.time.toJavaDuration

/**
 * A whole test whose body is a suspend function: it runs as a task, in virtual time unless [time] says otherwise, and may use
 * asyncio's `await` and kotlinx's own suspend functions. For test functions of JUnit, kotlin.test, or any other kind.
 *
 * It fails if tasks are left running at its end, if the loop's exception handler was told of something that the test did not
 * take with [asyncio.testing.TestLoop.takeReports], or if it lasts longer than [timeLimit] in real time.
 *
 * @throws asyncio.testing.DeadlockError if, in virtual time, all tasks wait for something that will never come
 */
public fun asyncioTest(
    time: Time = Time.VIRTUAL,
    timeLimit: Duration = 10.seconds,
    body: suspend () -> Unit,
) {
    require(time != Time.MANUAL) { "In manual time a test is no coroutine: use TestLoop.create()" }
    TestRun(time, timeLimit.toJavaDuration()).runWhole(coroutine(body))
}
