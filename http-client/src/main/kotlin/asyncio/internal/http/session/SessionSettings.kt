package asyncio.internal.http.session

import asyncio.http.ClientMiddleware
import asyncio.http.ClientResponse
import asyncio.http.ClientTimeout
import asyncio.http.JsonCodec
import asyncio.http.Proxy
import asyncio.http.ResponseCheck
import asyncio.http.TraceConfig
import asyncio.internal.http.body.BodyStream
import asyncio.internal.http.message.RequestHeaders
import asyncio.internal.http.message.Url
import asyncio.internal.http.wire.HeadLimits
import java.nio.charset.Charset

/**
 * The settings of a session, and their defaults.
 *
 * @property skipped names of headers, in lower case
 * @property bodyLimit the largest body that is read as a whole, in bytes; never more than an array can hold
 */
internal data class SessionSettings(
    val baseUrl: Url? = null,
    val headers: RequestHeaders = RequestHeaders(),
    val skipped: Set<String> = emptySet(),
    val secretHeaders: Set<String> = emptySet(),
    private val authorization: String? = null,
    val timeout: ClientTimeout = ClientTimeout.DEFAULT,
    val proxy: Proxy? = null,
    val trustEnv: Boolean = false,
    val middlewares: List<ClientMiddleware> = emptyList(),
    val traces: List<TraceConfig> = emptyList(),
    val raiseForStatus: Boolean = false,
    val responseCheck: ResponseCheck? = null,
    private val givenJson: JsonCodec? = null,
    val fallbackCharset: (ClientResponse) -> Charset = { Charsets.UTF_8 },
    val autoDecompress: Boolean = true,
    val bodyLimit: Long = bodyLimit(64L * 1024 * 1024),
    val readBufferSize: Int = BodyStream.BUFFER_SIZE,
    val headLimits: HeadLimits = HeadLimits.DEFAULT,
) {
    /** Made when it is needed first: Jackson takes long to load. */
    val json: JsonCodec by lazy(LazyThreadSafetyMode.NONE) { givenJson ?: JsonCodec.standard() }

    /** The value of Authorization that the session itself has for [attempt]. */
    fun authorizationFor(attempt: RequestAttempt): String? {
        if (authorization == null) return null
        val trusted = if (baseUrl == null) attempt.carriesSecrets else attempt.origin == baseUrl.origin
        return if (trusted) authorization else null
    }

    /** Whether a header of this name is dropped when a redirect leads to another origin. */
    fun isSecret(name: String): Boolean {
        val lower = name.lowercase()
        return lower == "cookie" || lower in secretHeaders || SECRET_WORDS.any { it in lower }
    }

    /** Without the authorization. */
    override fun toString(): String = "SessionSettings(baseUrl=$baseUrl, headers=$headers)"

    companion object {
        private const val MAX_ARRAY = Int.MAX_VALUE - 8L

        /** In Authorization and Proxy-Authorization, too. */
        private val SECRET_WORDS = listOf("auth", "token", "secret", "api-key", "apikey", "password", "credential")

        /** The limit for this [maxBodySize], which is 0 for none. */
        fun bodyLimit(maxBodySize: Long): Long {
            require(maxBodySize >= 0) { "maxBodySize is negative: $maxBodySize" }
            return if (maxBodySize == 0L) MAX_ARRAY else minOf(maxBodySize, MAX_ARRAY)
        }
    }
}
