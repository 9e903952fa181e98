package asyncio.internal.http

import asyncio.http.ClientRequest
import asyncio.http.ClientSession
import asyncio.internal.loop.EventLoopImpl
import asyncio.internal.vertx.VertxHost
import asyncio.spi.AsyncioProvider
import io.vertx.core.http.HttpMethod

/** A session, on the loop that it was made in. */
internal class ClientSessionImpl(
    val loop: EventLoopImpl,
    val host: VertxHost,
    val settings: SessionSettings,
) : ClientSession {
    val pool = ConnectionPool(loop, host, settings)
    val headerPlan = HeaderPlan(settings.headers)

    @Volatile private var closed = false

    init {
        host.execute { if (!closed) host.adopt(this) }
    }

    override fun get(url: String): ClientRequest = ClientRequestImpl(this, HttpMethod.GET, url)

    override fun closed(): Boolean = closed

    override fun close() {
        if (closed) return
        closed = true
        host.execute {
            host.dismiss(this)
            pool.close()
        }
    }

    /** @throws IllegalStateException if the caller runs in another loop than the session's */
    fun checkLoop(what: String) {
        check(AsyncioProvider.get().runningLoop() === loop) {
            "$what of a session belongs to the loop in which the session was made, and can be awaited only there"
        }
    }

    override fun toString(): String = "<ClientSession${if (closed) " closed" else ""}>"
}
