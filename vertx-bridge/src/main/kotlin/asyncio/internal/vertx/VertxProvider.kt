package asyncio.internal.vertx

import asyncio.internal.loop.LoopHost
import asyncio.internal.run.CoreProvider

/** asyncio4j on Vert.x. */
public class VertxProvider : CoreProvider() {
    override fun newHost(): LoopHost = SharedVertx.newHost()

    override fun checkMayWait(): Unit = Handlers.checkMayWait()

    override fun adviceHere(): String? = Handlers.advice()
}
