package asyncio.internal.http.har

import asyncio.EventLoop
import asyncio.http.ClientResponse
import asyncio.http.Cookie
import asyncio.internal.http.body.BodyTap
import asyncio.internal.http.body.ContentCodings
import asyncio.internal.http.message.HeaderFields
import asyncio.internal.http.message.HeaderText
import asyncio.internal.http.session.ClientResponseImpl
import asyncio.internal.http.session.OutgoingTap
import asyncio.internal.http.session.RequestAttempt
import java.time.Instant

/** One sending of a request, as it happens. */
internal class Recording(
    private val attempt: RequestAttempt,
    private val secrets: Secrets,
    private val maxBodySize: Int,
    private val started: Instant,
    loop: EventLoop,
) : OutgoingTap {
    val timeline = Timeline(loop)
    private val method = attempt.method()
    private val url = attempt.target
    private var requestHeaders: List<Map.Entry<String, String>> = emptyList()
    private var requestBody: CappedBody? = null

    private var answer: Answer? = null
    private var failure: String? = null

    /** The response, as far as it has come. */
    private class Answer(
        val status: Int,
        val reason: String,
        val version: String,
        val headers: List<Map.Entry<String, String>>,
        val cookies: List<Cookie>,
        val codings: ContentCodings?,
        val location: String,
        val body: CappedBody,
    ) {
        var isComplete = false
    }

    override fun begin() {
        requestBody = null
    }

    override fun sent(bytes: ByteArray) {
        (requestBody ?: CappedBody(maxBodySize).also { requestBody = it }).add(bytes)
    }

    fun answered(response: ClientResponse) {
        timeline.head()
        takeHeaders()
        val headers = response.headers()
        val answer =
            Answer(
                response.status(),
                response.reason(),
                response.version(),
                secrets.ofResponse(headers.entries()),
                secrets.of(response.cookies()),
                codingsOf(response),
                headers.get("Location").orEmpty(),
                CappedBody(maxBodySize),
            )
        this.answer = answer
        val own = response as? ClientResponseImpl ?: return timeline.end()
        own.tap(
            object : BodyTap {
                override fun received(bytes: ByteArray): Unit = answer.body.add(bytes)

                override fun ended() {
                    answer.isComplete = true
                    timeline.end()
                }
            },
        )
        own.exchange.whenOver(timeline::end)
    }

    private fun codingsOf(response: ClientResponse): ContentCodings? {
        val fields = HeaderFields()
        for (value in response.headers().getAll(
            "Content-Encoding",
        )) {
            fields.add("Content-Encoding", HeaderText.toWire(value))
        }
        return ContentCodings.of(attempt.httpMethod, fields)
    }

    fun failed(error: Throwable) {
        takeHeaders()
        failure = error.toString()
        timeline.end()
    }

    /** As they were sent: middlewares further in may have changed them. */
    private fun takeHeaders() {
        requestHeaders = secrets.ofRequest(attempt.headers().entries())
    }

    /** It as it is now. */
    fun snapshot(): HarEntry {
        val answer = answer
        if (answer == null && failure == null) takeHeaders()
        return HarEntry(
            started,
            timeline.timings(),
            HarEntry.Request(
                method,
                url,
                requestHeaders,
                secrets.ofCookieHeaders(attempt.headers().getAll("Cookie")),
                requestBody?.size ?: 0,
                requestBody?.bytes(),
            ),
            answer?.let {
                HarEntry.Response(
                    it.status,
                    it.reason,
                    it.version,
                    it.headers,
                    it.cookies,
                    it.location,
                    it.codings,
                    it.body.size,
                    it.body.bytes(),
                    it.isComplete,
                )
            },
            failure ?: if (answer == null) "not answered yet" else null,
            maxBodySize,
        )
    }
}
