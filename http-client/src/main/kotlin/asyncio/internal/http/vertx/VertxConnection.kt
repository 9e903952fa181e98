package asyncio.internal.http.vertx

import asyncio.internal.http.wire.HttpConnection
import asyncio.internal.http.wire.HttpConnection.Listener
import asyncio.internal.http.wire.HttpConnection.StreamHandler
import asyncio.internal.vertx.VertxHost
import io.netty.channel.Channel
import io.vertx.core.http.impl.HttpClientConnection

/** A connection of Vert.x that speaks HTTP/2. */
internal class VertxConnection(
    val connection: HttpClientConnection,
    private val host: VertxHost,
) : HttpConnection {
    private val channel = connection.channelHandlerContext().channel()
    private var listener: Listener? = null

    override val isMultiplexed: Boolean get() = true
    override val version: String get() = "HTTP/2"
    override val concurrency: Long get() = connection.concurrency()
    override val isActive: Boolean get() = channel.isActive
    override val isReusable: Boolean get() = true

    override var isRetired = false
        private set

    init {
        // The request gets the error; without a handler Vert.x would log it too.
        connection.exceptionHandler {}
        connection.evictionHandler {
            isRetired = true
            listener?.retired()
        }
    }

    override fun listen(listener: Listener) {
        this.listener = listener
        connection.closeHandler { listener.closed() }
        connection.concurrencyChangeHandler { listener.concurrencyChanged() }
    }

    override fun afterArrivals(action: Runnable): Unit = action.run()

    override fun openStream(handler: StreamHandler) {
        connection.createStream(host.context).onComplete { stream, cause ->
            handler.opened(stream?.let { VertxStream(this, it) }, cause)
        }
    }

    override fun takeChannel(): Channel = throw UnsupportedOperationException()

    override fun close() {
        connection.close()
    }
}
