package asyncio.internal.process

import asyncio.CancelledError
import asyncio.Future
import asyncio.internal.run.EventLoopImpl
import asyncio.internal.vertx.VertxHost
import asyncio.kotlin.await
import asyncio.kotlin.shield
import asyncio.spi.AsyncioProvider

/** The loop of the calling code, and its host. */
internal class ProcessLoop private constructor(
    val loop: EventLoopImpl,
    val host: VertxHost,
) {
    companion object {
        fun running(what: String): ProcessLoop {
            val provider = AsyncioProvider.get()
            val loop =
                provider.runningLoop() as EventLoopImpl?
                    ?: error("$what: no running event loop; call it from a coroutine, or from a callback of the loop")
            val host =
                loop.host as? VertxHost
                    ?: error(
                        "$what: the loop has a clock of its own, which programs outside do not know; use Asyncio.run",
                    )
            return ProcessLoop(loop, host)
        }
    }
}

/** Waits for [future] although the caller is cancelled. */
internal suspend fun awaitAnyway(future: Future<*>) {
    while (!future.done()) {
        try {
            await(shield(future))
        } catch (_: CancelledError) {
            // What ended the caller first is raised afterwards.
        }
    }
}
