package asyncio.internal.http.auth

import asyncio.http.ClientException
import asyncio.http.Payload
import asyncio.internal.http.cookie.CookieHosts
import asyncio.internal.http.message.HttpChars
import asyncio.internal.http.message.Url
import asyncio.internal.http.payload.open
import java.security.MessageDigest
import java.util.HexFormat
import java.util.concurrent.atomic.AtomicInteger

/** A login and a password for Digest, and where nonces of the client come from. */
internal class DigestCredentials(
    val login: String,
    val password: String,
    val cnonce: () -> String,
)

/**
 * A Digest challenge that can be answered, and how often it was (RFC 7616).
 *
 * @property spaces the paths that it is for; null for all of the origin
 */
internal class DigestChallenge(
    private val algorithm: DigestAlgorithm,
    private val algorithmAsGiven: String?,
    private val realm: String,
    val nonce: String,
    private val opaque: String?,
    private val qops: Set<String>,
    private val userhash: Boolean,
    private val utf8: Boolean,
    val stale: Boolean,
    private val spaces: List<String>?,
    private var session: Session? = null,
) {
    /** The key of a `-sess` algorithm is made once, with the nonces of that moment. */
    internal class Session(
        val key: String,
        val cnonce: String,
    )

    private val count = AtomicInteger()

    fun covers(path: String): Boolean = spaces?.any { CookieHosts.pathMatches(path, it) } ?: true

    /** The same with the nonce that the server wants to see next. */
    fun with(nextNonce: String) =
        DigestChallenge(
            algorithm,
            algorithmAsGiven,
            realm,
            nextNonce,
            opaque,
            qops,
            userhash,
            utf8,
            stale,
            spaces,
            session,
        )

    /** The value of the Authorization header for a request. */
    suspend fun answer(
        credentials: DigestCredentials,
        method: String,
        target: String,
        body: Payload?,
    ): String {
        val qop = qopFor(body)
        val nc = if (qop == null) null else "%08x".format(count.incrementAndGet())
        val ofUser = algorithm.hash("${credentials.login}:$realm:${credentials.password}")
        val session = if (algorithm.session) sessionOf(ofUser, credentials) else null
        val cnonce = session?.cnonce ?: if (qop == null) null else credentials.cnonce()
        val bodyHash = if (qop == "auth-int") hashOf(body) else null

        val ha1 = session?.key ?: ofUser
        val ha2 = algorithm.hash(if (bodyHash == null) "$method:$target" else "$method:$target:$bodyHash")
        val response =
            algorithm.hash(if (qop == null) "$ha1:$nonce:$ha2" else "$ha1:$nonce:$nc:$cnonce:$qop:$ha2")

        val text = StringBuilder("Digest ").append(user(credentials.login))
        text.append(", realm=").append(quoted(realm))
        text.append(", uri=").append(quoted(target))
        if (algorithmAsGiven != null) text.append(", algorithm=").append(algorithmAsGiven)
        text.append(", nonce=").append(quoted(nonce))
        if (nc != null) text.append(", nc=").append(nc)
        if (cnonce != null) text.append(", cnonce=").append(quoted(cnonce))
        if (qop != null) text.append(", qop=").append(qop)
        text.append(", response=").append(quoted(response))
        if (opaque != null) text.append(", opaque=").append(quoted(opaque))
        if (userhash) text.append(", userhash=true")
        return text.toString()
    }

    private fun qopFor(body: Payload?): String? {
        if (qops.isEmpty()) return null
        val repeatable = body == null || body.replayable()
        if ("auth-int" in qops && repeatable) return "auth-int"
        if ("auth" in qops) return "auth"
        throw ClientException(
            "The server asks for Digest authentication with qop=auth-int, for which the body is read twice." +
                " This body can be read only once; send one that is replayable",
        )
    }

    private fun sessionOf(
        ofUser: String,
        credentials: DigestCredentials,
    ): Session =
        session ?: credentials.cnonce().let { cnonce ->
            Session(algorithm.hash("$ofUser:$nonce:$cnonce"), cnonce).also { session = it }
        }

    private suspend fun hashOf(body: Payload?): String {
        val digest = algorithm.digest()
        if (body != null) {
            val portions = body.open()
            try {
                while (true) digest.update(portions.next() ?: break)
            } finally {
                portions.close()
            }
        }
        return HEX.formatHex(digest.digest())
    }

    private fun user(login: String): String =
        when {
            userhash -> "username=" + quoted(algorithm.hash("$login:$realm"))
            utf8 && login.any { it.code > 0x7E } -> "username*=UTF-8''" + HttpChars.percentEncoded(login)
            else -> "username=" + quoted(login)
        }

    companion object {
        private val HEX = HexFormat.of()

        /**
         * The first Digest challenge that can be answered; null if there is none of that scheme.
         *
         * @throws ClientException if there are some, but none that can be answered
         */
        fun find(
            headers: List<String>,
            url: Url,
        ): DigestChallenge? = find(headers, url, url.toString(), "server")

        /** The same for a [proxy], which asks for all that goes through it. */
        fun ofProxy(
            headers: List<String>,
            proxy: String,
        ): DigestChallenge? = find(headers, null, proxy, "proxy")

        private fun find(
            headers: List<String>,
            url: Url?,
            place: String,
            who: String,
        ): DigestChallenge? {
            var refusal: String? = null
            for (challenge in Challenges.parse(headers)) {
                // One without parameters is malformed: the user gets the 401.
                if (!challenge.scheme.equals("Digest", ignoreCase = true) || challenge.params.isEmpty()) continue
                val problem = problemOf(challenge.params) ?: return of(challenge.params, url)
                if (refusal == null) refusal = problem
            }
            if (refusal != null) throw ClientException("$place: the $who asks for Digest authentication $refusal")
            return null
        }

        private fun problemOf(params: Map<String, String>): String? {
            val algorithm = params["algorithm"]
            val qop = params["qop"]
            return when {
                params["realm"] == null -> {
                    "without a realm"
                }

                params["nonce"].isNullOrEmpty() -> {
                    "without a nonce"
                }

                algorithm != null && DigestAlgorithm.of(algorithm) == null -> {
                    "with an algorithm that is not known here: ${HttpChars.printableAscii(algorithm)}"
                }

                !qop.isNullOrBlank() && qopsOf(qop).isEmpty() -> {
                    "with a qop that is not known here: ${HttpChars.printableAscii(qop)}"
                }

                else -> {
                    null
                }
            }
        }

        private fun of(
            params: Map<String, String>,
            url: Url?,
        ) = DigestChallenge(
            DigestAlgorithm.of(params["algorithm"] ?: "MD5")!!,
            params["algorithm"],
            params.getValue("realm"),
            params.getValue("nonce"),
            params["opaque"],
            qopsOf(params["qop"].orEmpty()),
            params["userhash"].equals("true", ignoreCase = true),
            params["charset"].equals("UTF-8", ignoreCase = true),
            params["stale"].equals("true", ignoreCase = true),
            if (url == null) null else params["domain"]?.let { spacesOf(it, url) },
        )

        private fun qopsOf(text: String): Set<String> =
            text
                .split(',')
                .map { it.trim().lowercase() }
                .filter { it == "auth" || it == "auth-int" }
                .toSet()

        /** Only URLs of this origin: a server cannot speak for other origins. Null, for all of it, if there is no URL. */
        private fun spacesOf(
            domain: String,
            url: Url,
        ): List<String>? {
            val spaces =
                domain.split(' ', '\t').filter { it.any(Char::isLetterOrDigit) || '/' in it }.mapNotNull { text ->
                    try {
                        Url.parse(text, url)
                    } catch (_: ClientException) {
                        null
                    }
                }
            return if (spaces.isEmpty()) null else spaces.filter { it.origin == url.origin }.map { it.path }
        }

        private fun quoted(text: String) = "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\""
    }
}

/** A hash function, by the name that Digest gives it. */
internal class DigestAlgorithm private constructor(
    private val javaName: String,
    val session: Boolean,
) {
    fun digest(): MessageDigest = MessageDigest.getInstance(javaName)

    fun hash(text: String): String = HexFormat.of().formatHex(digest().digest(text.toByteArray()))

    companion object {
        private val NAMES =
            mapOf(
                "MD5" to "MD5",
                "SHA" to "SHA-1",
                "SHA-256" to "SHA-256",
                "SHA-512" to "SHA-512",
                "SHA-512-256" to "SHA-512/256",
            )

        fun of(name: String): DigestAlgorithm? {
            val upper = name.uppercase()
            val session = upper.endsWith("-SESS")
            return NAMES[upper.removeSuffix("-SESS")]?.let { DigestAlgorithm(it, session) }
        }
    }
}
