package docs

import asyncio.kotlin.sleep
import asyncio.testing.kotlin.AsyncioTestExtension
import asyncio.testing.kotlin.asyncioTest
import io.kotest.core.spec.style.FunSpec
import kotlinx.coroutines.delay
import org.junit.jupiter.api.Test
import kotlin.time.Duration.Companion.hours

class SleepSpec :
    FunSpec({
        extension(AsyncioTestExtension())

        test("sleeps for an hour") {
            sleep(1.hours)
            delay(1.hours)
        }
    })

class SleepTest {
    @Test
    fun `sleeps for an hour`() =
        asyncioTest {
            sleep(1.hours)
        }
}
