package asyncio.internal.http

import io.vertx.core.Future
import io.vertx.core.Vertx
import io.vertx.core.http.HttpClientAgent
import io.vertx.core.http.HttpClientConnection
import io.vertx.core.http.HttpClientOptions
import io.vertx.core.http.HttpConnectOptions
import io.vertx.core.http.PoolOptions
import java.time.Duration
import java.util.concurrent.TimeUnit

/**
 * Makes connections with Vert.x's client, without its pool.
 *
 * A connect cannot be called off in Vert.x, only given a time to end by, and that belongs to the client: the session's own
 * limit, so that a connect nobody waits for ends too. Requests that grant more time use a second, patient client.
 */
internal class Connector(
    private val vertx: Vertx,
    private val ownLimit: Duration?,
) {
    private val own = lazy(LazyThreadSafetyMode.NONE) { newClient(ownLimit) }
    private val patient = lazy(LazyThreadSafetyMode.NONE) { newClient(null) }

    fun connect(
        options: HttpConnectOptions,
        limit: Duration?,
    ): Future<HttpClientConnection> {
        val client = if (ownLimit == null || limit != null && limit <= ownLimit) own else patient
        return client.value.connect(options)
    }

    fun close() {
        for (client in listOf(own, patient)) if (client.isInitialized()) client.value.close()
    }

    private fun newClient(limit: Duration?): HttpClientAgent {
        val millis = limit?.let(::connectMillis) ?: 0
        val options =
            HttpClientOptions()
                .setConnectTimeout(millis)
                .setMaxInitialLineLength(MAX_LINE)
                .setMaxHeaderSize(MAX_HEADERS)
                .setMaxChunkSize(MAX_PORTION)
        options.setSslHandshakeTimeout(millis.toLong()).setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
        // Vert.x's own pool stays unused; without a period there is no timer to look after it.
        return vertx.createHttpClient(options, PoolOptions().setCleanerPeriod(0))
    }

    /** A little later than the loop's own timer, which is to be the first. */
    private fun connectMillis(limit: Duration): Int =
        if (limit.seconds >= MAX_SECONDS) 0 else limit.toMillis().toInt() + GRACE_MILLIS

    private companion object {
        /** aiohttp's limit of the status line. */
        const val MAX_LINE = 8190

        /** All headers of a response together. */
        const val MAX_HEADERS = 64 * 1024

        const val MAX_PORTION = 64 * 1024

        const val MAX_SECONDS = 1_000_000L
        const val GRACE_MILLIS = 500
    }
}
