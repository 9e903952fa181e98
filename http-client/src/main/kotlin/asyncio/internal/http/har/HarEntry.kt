package asyncio.internal.http.har

import asyncio.http.Cookie
import asyncio.internal.http.body.ContentCodings
import asyncio.internal.http.message.Url
import java.time.Instant

/**
 * What is written of one request and its response.
 *
 * @property response null if there was none
 * @property failure why there was none
 * @property maxBodySize how large a body may be after its decoding
 */
internal class HarEntry(
    val started: Instant,
    val timings: Map<String, Double>,
    val request: Request,
    val response: Response?,
    val failure: String?,
    val maxBodySize: Int,
) {
    /** @property body null if there is none, or it is too large */
    class Request(
        val method: String,
        val url: Url,
        val headers: List<Map.Entry<String, String>>,
        val cookies: List<Map.Entry<String, String>>,
        val bodySize: Long,
        val body: ByteArray?,
    )

    /**
     * @property location where a redirect leads; empty for none
     * @property codings those of the body that can be undone
     * @property body as it came; null if it is too large
     * @property isComplete whether all of the body came
     */
    class Response(
        val status: Int,
        val reason: String,
        val version: String,
        val headers: List<Map.Entry<String, String>>,
        val cookies: List<Cookie>,
        val location: String,
        val codings: ContentCodings?,
        val bodySize: Long,
        val body: ByteArray?,
        val isComplete: Boolean,
    )
}
