package asyncio.internal.http

import asyncio.http.ClientSession
import asyncio.http.ClientTimeout
import asyncio.http.InvalidUrlException
import asyncio.internal.loop.EventLoopImpl
import asyncio.internal.vertx.VertxHost
import asyncio.spi.AsyncioProvider
import java.time.Duration

/** What a session is told when it is made. */
internal class SessionSettings(
    val baseUrl: Url?,
    val headers: RequestHeaders,
    val timeout: ClientTimeout,
    val limit: Int,
    val limitPerHost: Int,
    val keepAlive: Duration,
    maxBodySize: Long,
) {
    /** How many bytes of a body are taken; never more than an array can hold. */
    val bodyLimit: Long = if (maxBodySize == 0L) MAX_ARRAY else minOf(maxBodySize, MAX_ARRAY)

    private companion object {
        const val MAX_ARRAY = Int.MAX_VALUE - 8L
    }
}

/** Collects the settings of a session. */
public class ClientSessionBuilder : ClientSession.Builder {
    private var baseUrl: Url? = null
    private val headers = RequestHeaders()
    private var timeout = ClientTimeout.DEFAULT
    private var limit = 100
    private var limitPerHost = 0
    private var keepAlive = Duration.ofSeconds(15)
    private var maxBodySize = 64L * 1024 * 1024

    override fun baseUrl(url: String): ClientSession.Builder {
        val parsed = Url.parse(url)
        if (!parsed.path.endsWith("/")) {
            throw InvalidUrlException("Invalid base URL \"$parsed\": its path must end with a slash")
        }
        baseUrl = parsed
        return this
    }

    override fun header(
        name: String,
        value: String,
    ): ClientSession.Builder {
        headers.add(name, value)
        return this
    }

    override fun timeout(timeout: ClientTimeout): ClientSession.Builder {
        this.timeout = timeout
        return this
    }

    override fun limit(connections: Int): ClientSession.Builder {
        require(connections >= 0) { "limit is negative: $connections" }
        limit = connections
        return this
    }

    override fun limitPerHost(connections: Int): ClientSession.Builder {
        require(connections >= 0) { "limitPerHost is negative: $connections" }
        limitPerHost = connections
        return this
    }

    override fun keepAlive(idle: Duration): ClientSession.Builder {
        require(!idle.isNegative) { "keepAlive is negative: $idle" }
        // Beyond that the sums of nanoseconds could overflow.
        keepAlive = minOf(idle, Duration.ofDays(365))
        return this
    }

    override fun maxBodySize(bytes: Long): ClientSession.Builder {
        require(bytes >= 0) { "maxBodySize is negative: $bytes" }
        maxBodySize = bytes
        return this
    }

    override fun build(): ClientSession {
        val loop =
            AsyncioProvider.get().runningLoop() as EventLoopImpl? ?: throw IllegalStateException(
                "No running event loop in thread ${Thread.currentThread().name}: a ClientSession belongs to the loop" +
                    " in which it is made. Make it in a coroutine, for example inside Asyncio.run(() -> …)",
            )
        val host =
            loop.host as? VertxHost ?: error(
                "$loop does not live on Vert.x, which a ClientSession needs. (A test that needs one has to run in real time.)",
            )
        // What is changed in the builder from now on is for the next session.
        val settings =
            SessionSettings(baseUrl, headers.copy(), timeout, limit, limitPerHost, keepAlive, maxBodySize)
        return ClientSessionImpl(loop, host, settings)
    }
}
