package asyncio.internal.http.cache

import asyncio.http.CacheMiddleware
import asyncio.http.CacheStore
import asyncio.http.ClientException
import asyncio.http.ClientResponse
import asyncio.http.HttpHeaders
import asyncio.http.MockResponse
import asyncio.http.OutgoingRequest
import asyncio.internal.http.auth.Challenges
import asyncio.internal.http.body.BodyTap
import asyncio.internal.http.message.Url
import asyncio.internal.http.middleware.SuspendMiddleware
import asyncio.internal.http.payload.BytesPayload
import asyncio.internal.http.session.ClientResponseImpl
import asyncio.internal.http.session.LocalExchange
import asyncio.internal.http.session.RequestAttempt
import java.io.ByteArrayOutputStream
import java.security.MessageDigest
import java.time.Clock
import java.util.HexFormat

internal class CacheBuilder : CacheMiddleware.Builder {
    private var store: CacheStore? = null
    private var maxBodySize = 8 * 1024 * 1024
    private var clock = Clock.systemUTC()

    override fun store(store: CacheStore): CacheMiddleware.Builder = apply { this.store = store }

    override fun maxBodySize(bytes: Int): CacheMiddleware.Builder =
        apply {
            require(bytes >= 0) { "maxBodySize is negative: $bytes" }
            maxBodySize = bytes
        }

    override fun clock(clock: Clock): CacheMiddleware.Builder = apply { this.clock = clock }

    override fun build(): CacheMiddleware = CacheMiddlewareImpl(store ?: MemoryStore(DEFAULT_SIZE), maxBodySize, clock)

    private companion object {
        const val DEFAULT_SIZE = 64L * 1024 * 1024
    }
}

internal class CacheMiddlewareImpl(
    store: CacheStore,
    private val maxBodySize: Int,
    private val clock: Clock,
) : SuspendMiddleware,
    CacheMiddleware {
    private val store = OrderedStore(store)

    override suspend fun intercept(
        request: OutgoingRequest,
        next: suspend (OutgoingRequest) -> ClientResponse,
    ): ClientResponse {
        if (request !is RequestAttempt || request.upgrade != null) return next(request)
        if (request.method() != "GET") return past(request, next(request))
        // The response may depend on it, and a URL does not tell that.
        if (request.body() != null) return next(request)
        val headers = request.headers()
        if (request.hasCacheConditions) {
            // They are from here, for a sending that has failed.
            headers.remove(IF_NONE_MATCH)
            headers.remove(IF_MODIFIED_SINCE)
            request.hasCacheConditions = false
        }
        val asked = CacheControl.parse(headers.getAll("Cache-Control"))
        if ("no-store" in asked || OWN_CONDITIONS.any { it in headers }) return next(request)
        val stored = store.load(request.url()).firstOrNull { it.isFor(headers, digestOf(headers)) }
        val now = clock.millis()
        if (stored != null && !mustAsk(stored, asked, headers) && stored.isFresh(now, asked)) {
            return answer(request, stored, now)
        }
        if ("only-if-cached" in asked) return answer(request, MockResponse.status(GATEWAY_TIMEOUT))
        stored?.etag?.let { headers.set(IF_NONE_MATCH, it) }
        stored?.lastModified?.let { headers.set(IF_MODIFIED_SINCE, it) }
        request.hasCacheConditions = stored != null
        val asking = store.ask(request.url())
        var isKept = false
        try {
            val response = next(request)
            if (stored != null && response.status() == NOT_MODIFIED) {
                return renewed(request, stored, response, now, asking)
            }
            isKept = keep(request, headers, response, now, asking)
            return response
        } finally {
            if (!isKept) store.answered(request.url(), asking)
        }
    }

    private fun mustAsk(
        stored: CachedResponse,
        asked: CacheControl,
        headers: HttpHeaders,
    ): Boolean {
        // Of requests in HTTP/1.0; only without the newer header.
        val pragma = "Cache-Control" !in headers && headers.getAll("Pragma").any { "no-cache" in it.lowercase() }
        return pragma || "no-cache" in asked || stored.control.isWhole("no-cache")
    }

    private suspend fun renewed(
        request: RequestAttempt,
        stored: CachedResponse,
        response: ClientResponse,
        sent: Long,
        asking: OrderedStore.Asking,
    ): ClientResponse {
        val received = clock.millis()
        val updated = stored.updated(response.headers(), sent, received)
        response.release()
        store.save(request.url(), updated, asking, request.request.session.loop)
        return answer(request, updated, received)
    }

    private suspend fun answer(
        request: RequestAttempt,
        stored: CachedResponse,
        now: Long,
    ): ClientResponse {
        var response = MockResponse.status(stored.status).withReason(stored.reason)
        for ((name, value) in stored.headers) {
            if (!name.equals("Age", ignoreCase = true)) response = response.withHeader(name, value)
        }
        response = response.withHeader("Age", stored.age(now).toString())
        // A reader may change what it gets; the type is in the headers.
        val body = if (stored.status == NO_CONTENT) null else BytesPayload(stored.body.clone(), null)
        return answer(request, response.withBody(body))
    }

    private suspend fun answer(
        request: RequestAttempt,
        response: MockResponse,
    ): ClientResponse = LocalExchange(request, request.total).head { response }

    // ---- storing

    /** Stores [response] when its body has come; gives whether it is waited for. */
    private fun keep(
        request: RequestAttempt,
        headers: HttpHeaders,
        response: ClientResponse,
        sent: Long,
        asking: OrderedStore.Asking,
    ): Boolean {
        val own = response as? ClientResponseImpl ?: return false
        if (!CachedResponse.mayStore(own.status(), own.headers())) return false
        if ((own.contentLength() ?: 0) > maxBodySize) return false
        val selecting = CachedResponse.vary(own.headers()).associateWith { headers.getAll(it).joinToString() }
        val authorization = digestOf(headers)
        val received = clock.millis()
        own.tap(
            object : BodyTap {
                private var body: ByteArrayOutputStream? = ByteArrayOutputStream()

                override fun received(bytes: ByteArray) {
                    val body = body ?: return
                    if (body.size() + bytes.size > maxBodySize) this.body = null else body.write(bytes)
                }

                override fun ended() {
                    val bytes = body?.toByteArray() ?: return
                    val kept = CachedResponse.storable(own.headers())
                    store.save(
                        request.url(),
                        CachedResponse(
                            selecting,
                            authorization,
                            own.status(),
                            own.reason(),
                            kept,
                            sent,
                            received,
                            bytes,
                        ),
                        asking,
                        request.request.session.loop,
                    )
                }
            },
        )
        own.exchange.whenOver { store.answered(request.url(), asking) }
        return true
    }

    /** RFC 9111, 4.4: what a method has changed is not what it was. */
    private suspend fun past(
        request: RequestAttempt,
        response: ClientResponse,
    ): ClientResponse {
        if (request.method() in SAFE || response.status() !in 200..399) return response
        val loop = request.request.session.loop
        store.remove(request.url(), loop)
        for (name in listOf("Location", "Content-Location")) {
            val other = response.headers().get(name) ?: continue
            try {
                val url = Url.parse(other, request.target)
                if (url.origin == request.origin) store.remove(url.toString(), loop)
            } catch (_: ClientException) {
                // It is for the user to see.
            }
        }
        return response
    }

    override fun toString(): String = "<CacheMiddleware with $store>"

    private companion object {
        const val NO_CONTENT = 204
        const val NOT_MODIFIED = 304
        const val GATEWAY_TIMEOUT = 504
        val SAFE = setOf("GET", "HEAD", "OPTIONS", "TRACE")

        /** These two are also added here, to ask whether the stored response still holds. */
        const val IF_NONE_MATCH = "If-None-Match"
        const val IF_MODIFIED_SINCE = "If-Modified-Since"
        val OWN_CONDITIONS =
            listOf("Range", "If-Match", IF_NONE_MATCH, IF_MODIFIED_SINCE, "If-Unmodified-Since", "If-Range")

        /** Different users see different things; what they have said is not stored. */
        fun digestOf(headers: HttpHeaders): String {
            val authorization = headers.get("Authorization") ?: return ""
            // The rest of an answer to Digest is another one each time.
            val answers = Challenges.parse(listOf(authorization))
            val params = answers.firstOrNull { it.scheme.equals("Digest", true) }?.params
            val user = params?.let { it["username"] ?: it["username*"] }
            val who = if (user == null) authorization else "Digest ${listOf(user, params["realm"])}"
            val digest = MessageDigest.getInstance("SHA-256").digest(who.toByteArray())
            return HexFormat.of().formatHex(digest)
        }
    }
}
