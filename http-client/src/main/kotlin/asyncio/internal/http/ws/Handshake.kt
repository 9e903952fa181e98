package asyncio.internal.http.ws

import asyncio.http.ClientResponse
import asyncio.http.HttpHeaders
import asyncio.http.WSServerHandshakeException
import asyncio.internal.http.message.HttpChars
import asyncio.internal.http.wire.HttpProtocol
import java.security.MessageDigest
import java.security.SecureRandom
import java.util.Base64

/** The headers of one handshake, and the check of the answer. RFC 6455, 4.1. */
internal class Handshake(
    private val protocols: List<String>,
    private val origin: String?,
    private val windowBits: Int,
) {
    private val key = ByteArray(KEY_SIZE).let { RANDOM.nextBytes(it).run { Base64.getEncoder().encodeToString(it) } }

    /** The headers of the request. */
    inline fun headers(add: (name: String, value: String) -> Unit) {
        add("Upgrade", "websocket")
        add("Connection", "Upgrade")
        add("Sec-WebSocket-Version", "13")
        add("Sec-WebSocket-Key", key)
        if (protocols.isNotEmpty()) add("Sec-WebSocket-Protocol", protocols.joinToString(", "))
        if (windowBits != 0) add("Sec-WebSocket-Extensions", Compression.offer(windowBits))
        origin?.let { add("Origin", it) }
    }

    /** The result of the negotiation. */
    class Agreement(
        val protocol: String?,
        val compression: Compression?,
    )

    /** @throws WSServerHandshakeException if [response] does not answer this handshake */
    fun agreement(response: ClientResponse): Agreement {
        val status = response.status()
        val headers = response.headers()

        fun refuse(why: String): Nothing =
            throw WSServerHandshakeException(response.requestInfo(), response.history(), status, why, headers)
        if (response.version() == HTTP_2) {
            // RFC 8441, 5: the stream itself is the answer to the challenge.
            if (status !in OK) refuse("Invalid response status")
        } else {
            checkSwitched(status, headers, ::refuse)
        }
        val compression =
            try {
                Compression.agreed(headers.getAll("Sec-WebSocket-Extensions"), windowBits)
            } catch (refusal: Compression.Refusal) {
                refuse("Invalid extensions: ${refusal.message}")
            }
        // RFC 6455, 4.1: the connection fails. Behind a subprotocol that is not known here messages mean something else.
        val chosen = tokens(headers, "Sec-WebSocket-Protocol").filter { it.isNotEmpty() }
        if (chosen.size > 1 || chosen.any { it !in protocols }) {
            refuse("Invalid subprotocol: ${HttpChars.printableAscii(chosen.joinToString())}, which was not asked for")
        }
        return Agreement(chosen.firstOrNull(), compression)
    }

    private inline fun checkSwitched(
        status: Int,
        headers: HttpHeaders,
        refuse: (String) -> Nothing,
    ) {
        if (status != SWITCHING_PROTOCOLS) refuse("Invalid response status")
        if (tokens(headers, "Upgrade").none { it.equals("websocket", ignoreCase = true) }) {
            refuse("Invalid upgrade header")
        }
        if (tokens(headers, "Connection").none { it.equals("upgrade", ignoreCase = true) }) {
            refuse("Invalid connection header")
        }
        if (headers.getAll("Sec-WebSocket-Accept").map { it.trim() } != listOf(acceptOf(key))) {
            refuse("Invalid challenge response")
        }
    }

    companion object {
        const val SWITCHING_PROTOCOLS = 101
        private val OK = 200..299
        private val HTTP_2 = HttpProtocol.HTTP_2.toString()
        private const val KEY_SIZE = 16
        private val RANDOM = SecureRandom()

        private val OWN =
            listOf(
                "Upgrade",
                "Connection",
                "Sec-WebSocket-Version",
                "Sec-WebSocket-Key",
                "Sec-WebSocket-Protocol",
                "Sec-WebSocket-Extensions",
            )

        /** Whether the handshake sets this header itself. */
        fun owns(name: String): Boolean = OWN.any { it.equals(name, ignoreCase = true) }

        /** RFC 6455, 4.2.2, no. 5. */
        fun acceptOf(key: String): String {
            val text = key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
            val hash = MessageDigest.getInstance("SHA-1").digest(text.toByteArray(Charsets.US_ASCII))
            return Base64.getEncoder().encodeToString(hash)
        }

        private fun tokens(
            headers: HttpHeaders,
            name: String,
        ) = headers.getAll(name).flatMap { it.split(',') }.map { it.trim(' ', '\t') }
    }
}
