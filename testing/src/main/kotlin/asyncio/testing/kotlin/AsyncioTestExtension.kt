package asyncio.testing.kotlin

import asyncio.testing.Time
import io.kotest.core.extensions.TestCaseExtension
import io.kotest.core.test.TestCase
import io.kotest.core.test.TestType
import io.kotest.engine.test.TestResult
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds

/**
 * Kotest's tests as tasks of asyncio: the body of each test that holds no other tests runs in [asyncioTest].
 *
 * ```
 * class MySpec : FunSpec({
 *     extension(AsyncioTestExtension())
 *
 *     test("sleeps for an hour") { sleep(1.hours) }
 * })
 * ```
 */
public class AsyncioTestExtension(
    private val time: Time = Time.VIRTUAL,
    private val timeLimit: Duration = 10.seconds,
) : TestCaseExtension {
    override suspend fun intercept(
        testCase: TestCase,
        execute: suspend (TestCase) -> TestResult,
    ): TestResult {
        if (testCase.type != TestType.Test) return execute(testCase)
        val body = testCase.test
        return execute(testCase.copy(test = { asyncioTest(time, timeLimit) { body() } }))
    }
}
