package asyncio.semantics

import asyncio.Asyncio
import asyncio.kotlin.await
import asyncio.kotlin.coroutine
import asyncio.kotlin.createTask
import asyncio.kotlin.runAsyncio
import asyncio.kotlin.sleep
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.slf4j.MDCContext
import kotlinx.coroutines.withContext
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Tag
import org.junit.jupiter.api.Test
import org.slf4j.MDC
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds

/** The MDC of kotlinx's MDCContext, in code whose tasks have an MDC of their own. */
@Tag("mdc")
class MdcContextTest {
    @AfterEach
    fun clear(): Unit = MDC.clear()

    private fun who(): String? = MDC.get("who")

    private suspend fun waits(check: () -> Unit) {
        check()
        sleep(Duration.ZERO)
        check()
        sleep(1.milliseconds)
        check()
        delay(1)
        check()
        await(createTask { MDC.put("who", "another") })
        check()
        await(Asyncio.async { MDC.get("who") })
        check()
    }

    @Test
    fun `it holds in every step, and ends with its block`() {
        runAsyncio {
            MDC.put("who", "task")
            withContext(MDCContext(mapOf("who" to "block"))) {
                waits { who() shouldBe "block" }
            }
            waits { who() shouldBe "task" }
        }
    }

    @Test
    fun `siblings have each their own`() {
        runAsyncio {
            MDC.put("who", "task")
            coroutineScope {
                launch(MDCContext(mapOf("who" to "first"))) { waits { who() shouldBe "first" } }
                launch(MDCContext(mapOf("who" to "second"))) { waits { who() shouldBe "second" } }
                launch { waits { who() shouldBe "task" } }
            }
            who() shouldBe "task"
        }
    }

    @Test
    fun `what is made inside gets a copy`() {
        runAsyncio {
            val task =
                withContext(MDCContext(mapOf("who" to "block"))) {
                    await(coroutine { who() }) shouldBe "block"
                    await(Asyncio.async<String?> { MDC.get("who") }) shouldBe "block"
                    createTask {
                        sleep(1.milliseconds)
                        who()
                    }
                }
            who() shouldBe null
            await(task) shouldBe "block"
        }
    }
}
