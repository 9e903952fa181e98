package asyncio.semantics

import asyncio.Awaitable
import asyncio.Coroutine
import asyncio.kotlin.await
import asyncio.kotlin.coroutine
import kotlinx.coroutines.delay
import org.slf4j.MDC

/** A suspend function that looks at the MDC around its awaits, and leaves `by=[name]` in it. */
object SuspendingMdc {
    @JvmStatic
    fun noting(
        name: String,
        log: MutableList<in String>,
        awaitable: Awaitable<*>,
    ): Coroutine<Unit> =
        coroutine {
            log.add("$name finds ${MDC.getCopyOfContextMap().orEmpty().toSortedMap()}")
            MDC.put("by", name)
            await(awaitable)
            log.add("$name has ${MDC.getCopyOfContextMap().orEmpty().toSortedMap()}")
            delay(1)
            log.add("$name keeps ${MDC.getCopyOfContextMap().orEmpty().toSortedMap()}")
        }
}
