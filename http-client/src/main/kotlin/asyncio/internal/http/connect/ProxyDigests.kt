package asyncio.internal.http.connect

import asyncio.http.HttpHeaders
import asyncio.http.Payload
import asyncio.http.Proxy
import asyncio.internal.http.auth.Challenges
import asyncio.internal.http.auth.DigestChallenge
import asyncio.internal.http.auth.DigestCredentials
import java.security.SecureRandom
import java.util.HexFormat
import java.util.concurrent.ConcurrentHashMap

/** What proxies have asked for last by Digest, so that later requests answer from the start. */
internal class ProxyDigests {
    private val challenges = ConcurrentHashMap<Proxy, DigestChallenge>()

    /** An answer, and what it answers. */
    class Answer(
        val challenge: DigestChallenge,
        /** The value of Proxy-Authorization. */
        val header: String,
    )

    /** Null if [proxy] has not asked yet. */
    suspend fun answer(
        proxy: Proxy,
        method: String,
        target: String,
        body: Payload?,
    ): Answer? {
        val challenge = challenges[proxy] ?: return null
        val credentials = DigestCredentials(proxy.user()!!, proxy.password()!!, ::randomNonce)
        return Answer(challenge, challenge.answer(credentials, method, target, body))
    }

    /**
     * Keeps the challenge of a 407, whose request had [answered].
     *
     * @param again whether that was the answer to an earlier 407 of the same request, and not to one of long ago
     * @return whether to answer it; false if there is none that can be, or if the answer was wrong
     * @throws asyncio.http.ClientException if it asks for what is not known here
     */
    fun asked(
        proxy: Proxy,
        headers: HttpHeaders,
        answered: Answer?,
        again: Boolean,
    ): Boolean {
        val challenge = DigestChallenge.ofProxy(headers.getAll("Proxy-Authenticate"), proxy.toString()) ?: return false
        if (answered != null && !challenge.stale && (again || challenge.nonce == answered.challenge.nonce)) {
            // The next request shall not begin with it: that locks accounts.
            challenges.remove(proxy, answered.challenge)
            return false
        }
        challenges[proxy] = challenge
        return true
    }

    /** The proxy has taken the answer, and may say which nonce it wants next. */
    fun accepted(
        proxy: Proxy,
        headers: HttpHeaders,
        answered: Answer,
    ) {
        val info = headers.get("Proxy-Authentication-Info") ?: return
        val nonce = Challenges.params(info)["nextnonce"]
        if (!nonce.isNullOrEmpty()) challenges.replace(proxy, answered.challenge, answered.challenge.with(nonce))
    }

    private companion object {
        val RANDOM = SecureRandom()

        fun randomNonce(): String = HexFormat.of().formatHex(ByteArray(16).also(RANDOM::nextBytes))
    }
}
