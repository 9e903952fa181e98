package asyncio.internal.http.cache

import asyncio.http.CacheMiddleware
import asyncio.http.CacheStore
import asyncio.http.ClientException
import asyncio.http.ClientResponse
import asyncio.http.HttpHeaders
import asyncio.http.MockResponse
import asyncio.http.OutgoingRequest
import asyncio.internal.http.body.BodyTap
import asyncio.internal.http.message.Url
import asyncio.internal.http.middleware.SuspendMiddleware
import asyncio.internal.http.payload.BytesPayload
import asyncio.internal.http.session.ClientResponseImpl
import asyncio.internal.http.session.LocalExchange
import asyncio.internal.http.session.RequestAttempt
import asyncio.kotlin.await
import asyncio.kotlin.coroutine
import java.io.ByteArrayOutputStream
import java.security.MessageDigest
import java.time.Clock
import java.util.HexFormat
import java.util.concurrent.ConcurrentHashMap

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
    private val store: CacheStore,
    private val maxBodySize: Int,
    private val clock: Clock,
) : SuspendMiddleware,
    CacheMiddleware {
    /** What is on its way to the store, and counts already. */
    private val underway = ConcurrentHashMap<String, List<CachedResponse>>()

    override suspend fun intercept(
        request: OutgoingRequest,
        next: suspend (OutgoingRequest) -> ClientResponse,
    ): ClientResponse {
        if (request !is RequestAttempt || request.upgrade != null) return next(request)
        if (request.method() != "GET") return past(request, next(request))
        val headers = request.headers()
        val asked = CacheControl.parse(headers.getAll("Cache-Control"))
        if ("no-store" in asked || OWN_CONDITIONS.any { it in headers }) return next(request)
        val stored = load(request.url()).firstOrNull { it.isFor(headers, digestOf(headers)) }
        val now = clock.millis()
        if (stored != null && !mustAsk(stored, asked, headers) && stored.isFresh(now, asked)) {
            return answer(request, stored, now)
        }
        if ("only-if-cached" in asked) return answer(request, MockResponse.status(GATEWAY_TIMEOUT))
        stored?.etag?.let { headers.set("If-None-Match", it) }
        stored?.lastModified?.let { headers.set("If-Modified-Since", it) }
        val response = next(request)
        if (stored != null && response.status() == NOT_MODIFIED) return renewed(request, stored, response, now)
        keep(request, headers, response, now)
        return response
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
    ): ClientResponse {
        val received = clock.millis()
        val updated = stored.updated(response.headers(), sent, received)
        response.release()
        saveSoon(request, updated)
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

    private fun keep(
        request: RequestAttempt,
        headers: HttpHeaders,
        response: ClientResponse,
        sent: Long,
    ) {
        val own = response as? ClientResponseImpl ?: return
        if (!CachedResponse.mayStore(own.status(), own.headers())) return
        if ((own.contentLength() ?: 0) > maxBodySize) return
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
                    saveSoon(
                        request,
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
                    )
                }
            },
        )
    }

    private suspend fun load(key: String): List<CachedResponse> {
        val newer = underway[key].orEmpty()
        val older = guarded(emptyList()) { await(store.get(key))?.let(CachedResponse::read).orEmpty() }
        return newer + older.filter { entry -> newer.none { it.isOfSameVariantAs(entry) } }
    }

    /** Nobody waits for the store. */
    private fun saveSoon(
        request: RequestAttempt,
        entry: CachedResponse,
    ) {
        val loop = request.request.session.loop
        if (loop.isClosed) return
        val key = request.url()
        underway.compute(key) { _, others -> listOf(entry) + others.orEmpty().filter { !it.isOfSameVariantAs(entry) } }
        loop.createTask(coroutine { save(key, entry) }, "storing a response")
    }

    private suspend fun save(
        key: String,
        entry: CachedResponse,
    ) {
        try {
            val all = load(key).take(MOST_VARIANTS)
            // Unless it was removed meanwhile.
            if (entry in all) guarded(Unit) { await(store.put(key, CachedResponse.write(all))) }
        } finally {
            underway.computeIfPresent(key) { _, entries -> (entries - entry).ifEmpty { null } }
        }
    }

    /** RFC 9111, 4.4: what a method has changed is not what it was. */
    private suspend fun past(
        request: RequestAttempt,
        response: ClientResponse,
    ): ClientResponse {
        if (request.method() in SAFE || response.status() !in 200..399) return response
        remove(request.url())
        for (name in listOf("Location", "Content-Location")) {
            val other = response.headers().get(name) ?: continue
            try {
                val url = Url.parse(other, request.target)
                if (url.origin == request.origin) remove(url.toString())
            } catch (_: ClientException) {
                // It is for the user to see.
            }
        }
        return response
    }

    private suspend fun remove(key: String) {
        underway.remove(key)
        guarded(Unit) { await(store.remove(key)) }
    }

    /** A store that fails is as good as an empty one. */
    private inline fun <T> guarded(
        otherwise: T,
        action: () -> T,
    ): T =
        try {
            action()
        } catch (error: Exception) {
            LOGGER.log(System.Logger.Level.WARNING, "The store of an HTTP cache has failed, and was left out: $error")
            otherwise
        }

    override fun toString(): String = "<CacheMiddleware with $store>"

    private companion object {
        val LOGGER: System.Logger = System.getLogger("asyncio")
        const val NO_CONTENT = 204
        const val NOT_MODIFIED = 304
        const val GATEWAY_TIMEOUT = 504
        const val MOST_VARIANTS = 8
        val SAFE = setOf("GET", "HEAD", "OPTIONS", "TRACE")
        val OWN_CONDITIONS =
            listOf("Range", "If-Match", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since", "If-Range")

        /** Different users see different things; what they have said is not stored. */
        fun digestOf(headers: HttpHeaders): String {
            val authorization = headers.get("Authorization") ?: return ""
            val digest = MessageDigest.getInstance("SHA-256").digest(authorization.toByteArray())
            return HexFormat.of().formatHex(digest)
        }
    }
}
