package asyncio.semantics

import asyncio.kotlin.await
import asyncio.kotlin.createTask
import asyncio.kotlin.gather
import asyncio.kotlin.runAsyncio
import asyncio.kotlin.sleep
import asyncio.kotlin.timeout
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.opentelemetry.context.Context
import io.opentelemetry.context.ContextKey
import io.opentelemetry.extension.kotlin.asContextElement
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

private val REQUEST = ContextKey.named<String>("request")

private fun request(): String? = Context.current().get(REQUEST)

private fun element(request: String) = Context.root().with(REQUEST, request).asContextElement()

private suspend fun waits(request: String?) {
    request() shouldBe request
    sleep(Duration.ZERO)
    request() shouldBe request
    sleep(1.milliseconds)
    request() shouldBe request
    delay(1)
    request() shouldBe request
    timeout(10.seconds) {
        request() shouldBe request
        sleep(1.milliseconds)
        request() shouldBe request
    }
    request() shouldBe request
}

/** The context of OpenTelemetry, which is in a thread-local, in suspend functions of asyncio. */
class OpenTelemetrySpec :
    FunSpec({
        test("it holds in every step, and ends with its block") {
            runAsyncio {
                withContext(element("1")) { waits("1") }
                waits(null)
            }
        }

        test("tasks and children that take turns do not see each other's") {
            runAsyncio {
                val tasks = List(5) { i -> createTask { withContext(element("$i")) { waits("$i") } } }
                withContext(element("outer")) {
                    coroutineScope {
                        launch { waits("outer") }
                        launch(element("inner")) { waits("inner") }
                        waits("outer")
                    }
                }
                await(gather(tasks))
                waits(null)
            }
            request() shouldBe null
        }
    })
