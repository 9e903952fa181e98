package asyncio.internal.http.vertx

import asyncio.internal.http.wire.HttpConnection
import asyncio.internal.http.wire.HttpConnection.Listener
import asyncio.internal.http.wire.HttpConnection.StreamHandler
import asyncio.internal.http.wire.ResponseValidator
import asyncio.internal.vertx.VertxHost
import io.vertx.core.MultiMap
import io.vertx.core.http.HttpVersion
import io.vertx.core.http.impl.HttpClientConnection
import io.vertx.core.http.impl.http1.Http1ClientConnection
import io.vertx.core.internal.net.NetSocketInternal

/**
 * A connection of Vert.x.
 *
 * @property validator checks what a server of HTTP/1.1 sends; null with HTTP/2
 */
internal class VertxConnection(
    val connection: HttpClientConnection,
    private val host: VertxHost,
    val validator: ResponseValidator?,
) : HttpConnection {
    private val channel = connection.channelHandlerContext().channel()
    private var listener: Listener? = null

    override val isMultiplexed: Boolean = connection.protocolVersion() == HttpVersion.HTTP_2

    override val version: String
        get() =
            when {
                isMultiplexed -> "HTTP/2"
                validator!!.isHttp10 -> "HTTP/1.0"
                else -> "HTTP/1.1"
            }

    override val concurrency: Long get() = connection.concurrency()
    override val isActive: Boolean get() = channel.isActive
    override val isReusable: Boolean get() = validator?.usable != false

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
        if (isMultiplexed) connection.concurrencyChangeHandler { listener.concurrencyChanged() }
    }

    override fun newHeaders(): MultiMap = connection.newHttpRequestHeaders()

    override fun openStream(handler: StreamHandler) {
        connection.createStream(host.context).onComplete { stream, cause ->
            handler.opened(stream?.let { VertxStream(this, it) }, cause)
        }
    }

    /**
     * Stops or resumes reading from the socket. Vert.x's own pause keeps what it has received in a queue, and forgets that
     * queue when the other side closes the connection meanwhile.
     */
    fun reading(on: Boolean) {
        channel.config().isAutoRead = on
    }

    override fun takeSocket(): NetSocketInternal = (connection as Http1ClientConnection).toNetSocket()

    override fun close() {
        connection.close()
    }
}
