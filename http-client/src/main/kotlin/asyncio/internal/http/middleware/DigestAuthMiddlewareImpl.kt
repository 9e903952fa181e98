package asyncio.internal.http.middleware

import asyncio.http.ClientResponse
import asyncio.http.DigestAuthMiddleware
import asyncio.http.OutgoingRequest
import asyncio.internal.http.auth.Challenges
import asyncio.internal.http.auth.DigestChallenge
import asyncio.internal.http.auth.DigestCredentials
import asyncio.internal.http.message.Origin
import asyncio.internal.http.message.Url
import java.net.URI
import java.security.SecureRandom
import java.util.HexFormat

/** Digest authentication with one origin. */
internal class DigestAuthMiddlewareImpl(
    private val credentials: DigestCredentials,
    private val preemptive: Boolean,
    @Volatile private var origin: Origin?,
) : SuspendMiddleware,
    DigestAuthMiddleware {
    @Volatile
    private var current: DigestChallenge? = null

    override suspend fun intercept(
        request: OutgoingRequest,
        next: suspend (OutgoingRequest) -> ClientResponse,
    ): ClientResponse {
        val url = Url.parse(request.url())
        if (!isOurs(url.origin)) return next(request)

        val before = if (mayPreempt(request)) current?.takeIf { it.covers(url.path) } else null
        if (before != null) authorize(request, url, before)
        val first = next(request)
        if (first.status() != UNAUTHORIZED) return first.also { takeNextNonce(it, before) }

        val challenge =
            try {
                DigestChallenge.find(first.headers().getAll("WWW-Authenticate"), url)
            } catch (error: Throwable) {
                first.release()
                throw error
            } ?: return first
        if (before != null && !challenge.stale && challenge.nonce == before.nonce) {
            // Answered, and the answer was wrong.
            forget(before)
            return first
        }
        current = challenge
        if (request.body()?.replayable() == false) return first
        beforeAnother(request, first)
        authorize(request, url, challenge)
        val second = next(request)
        if (second.status() == UNAUTHORIZED) forget(challenge) else takeNextNonce(second, challenge)
        return second
    }

    private fun isOurs(origin: Origin): Boolean {
        synchronized(this) {
            val ours = this.origin
            if (ours == null) this.origin = origin
            return ours == null || ours == origin
        }
    }

    /** A user's own Authorization is left as it is, until the server refuses it. */
    private fun mayPreempt(request: OutgoingRequest): Boolean {
        val given = request.headers().get("Authorization") ?: return preemptive
        if (!given.startsWith("Digest ")) return false
        // That is from here, for an attempt that has failed: an answer counts once.
        request.headers().remove("Authorization")
        return preemptive
    }

    private suspend fun authorize(
        request: OutgoingRequest,
        url: Url,
        challenge: DigestChallenge,
    ) {
        val answer = challenge.answer(credentials, request.method(), url.target, request.body())
        request.headers().set("Authorization", answer)
    }

    /** The next request shall not begin with an answer that is wrong: that locks accounts. */
    private fun forget(challenge: DigestChallenge) {
        if (current === challenge) current = null
    }

    private fun takeNextNonce(
        response: ClientResponse,
        challenge: DigestChallenge?,
    ) {
        if (challenge == null || current !== challenge) return
        val info = response.headers().get("Authentication-Info") ?: return
        val nonce = Challenges.params(info)["nextnonce"]
        if (!nonce.isNullOrEmpty()) current = challenge.with(nonce)
    }

    override fun toString(): String = "<DigestAuthMiddleware for ${origin ?: "the first origin"}>"

    private companion object {
        const val UNAUTHORIZED = 401
    }
}

/** Collects the settings of a [DigestAuthMiddlewareImpl]. */
internal class DigestAuthBuilder(
    private val login: String,
    private val password: String,
) : DigestAuthMiddleware.Builder {
    private var preemptive = true
    private var origin: Origin? = null

    init {
        require(login.isNotEmpty()) { "The login is empty" }
        // The hash would be that of another login and password.
        require(':' !in login) { "The login has a colon in it" }
        require(login.none { it.code < 0x20 || it.code == 0x7F }) { "The login has a control character in it" }
    }

    override fun origin(origin: URI): DigestAuthMiddleware.Builder =
        apply {
            this.origin =
                try {
                    Url.parse(origin.toString()).origin
                } catch (e: asyncio.http.ClientException) {
                    throw IllegalArgumentException(e.message, e)
                }
        }

    override fun preemptive(preemptive: Boolean): DigestAuthMiddleware.Builder = apply { this.preemptive = preemptive }

    override fun build(): DigestAuthMiddleware = build(::randomNonce)

    fun build(cnonce: () -> String): DigestAuthMiddleware =
        DigestAuthMiddlewareImpl(DigestCredentials(login, password, cnonce), preemptive, origin)

    private companion object {
        val RANDOM = SecureRandom()

        fun randomNonce(): String = HexFormat.of().formatHex(ByteArray(16).also(RANDOM::nextBytes))
    }
}
