package samples.cookbook

import asyncio.AsyncContextManager
import asyncio.kotlin.asyncContextManager
import asyncio.kotlin.runAsyncio
import asyncio.kotlin.sleep
import asyncio.kotlin.use
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.TimeMark
import kotlin.time.TimeSource

fun stopwatch(report: (Duration) -> Unit): AsyncContextManager<TimeMark> =
    asyncContextManager {
        val start = TimeSource.Monotonic.markNow()
        try {
            yield(start)
        } finally {
            report(start.elapsedNow())
        }
    }

suspend fun sleepTimed(
    delay: Duration,
    report: (Duration) -> Unit,
) {
    stopwatch(report).use { sleep(delay) }
}

fun millisecondsOfSleep(): List<Long> =
    runAsyncio {
        buildList { sleepTimed(20.milliseconds) { add(it.inWholeMilliseconds) } }
    }
