package asyncio.internal.http.session

import asyncio.http.ClientMiddleware
import asyncio.http.ClientResponse
import asyncio.http.ClientTimeout
import asyncio.http.JsonCodec
import asyncio.http.Proxy
import asyncio.http.ResponseCheck
import asyncio.http.TraceConfig
import asyncio.internal.http.message.RequestHeaders
import asyncio.internal.http.message.Url
import asyncio.internal.http.wire.HeadLimits
import java.nio.charset.Charset

/** What a session is told when it is made. */
internal class SessionSettings(
    val baseUrl: Url?,
    val headers: RequestHeaders,
    /** In lower case. */
    val skipped: Set<String>,
    private val secretHeaders: Set<String>,
    private val authorization: String?,
    val timeout: ClientTimeout,
    val proxy: Proxy?,
    val trustEnv: Boolean,
    val middlewares: Array<out ClientMiddleware>,
    val traces: List<TraceConfig>,
    val raiseForStatus: Boolean,
    val responseCheck: ResponseCheck?,
    givenJson: JsonCodec?,
    val fallbackCharset: (ClientResponse) -> Charset,
    val autoDecompress: Boolean,
    val bodyLimit: Long,
    val readBufferSize: Int,
    val headLimits: HeadLimits,
) {
    /** Jackson takes its time to load: those who have no JSON do not pay for it. */
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

    companion object {
        private const val MAX_ARRAY = Int.MAX_VALUE - 8L

        /** In Authorization and Proxy-Authorization, too. */
        private val SECRET_WORDS = listOf("auth", "token", "secret", "api-key", "apikey", "password", "credential")

        /** How many bytes of a body are taken; never more than an array can hold. */
        fun bodyLimit(maxBodySize: Long): Long {
            require(maxBodySize >= 0) { "maxBodySize is negative: $maxBodySize" }
            return if (maxBodySize == 0L) MAX_ARRAY else minOf(maxBodySize, MAX_ARRAY)
        }
    }
}
