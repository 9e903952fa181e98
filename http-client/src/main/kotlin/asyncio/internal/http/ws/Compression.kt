package asyncio.internal.http.ws

/**
 * The negotiated compression: the extension permessage-deflate, RFC 7692.
 *
 * @property windowBits how far back the client's messages may refer
 * @property clientKeepsContext whether they may refer to earlier messages
 * @property serverKeepsContext whether the server's do
 */
internal data class Compression(
    val windowBits: Int,
    val clientKeepsContext: Boolean,
    val serverKeepsContext: Boolean,
) {
    /** The server's answer has an unexpected parameter or value. */
    class Refusal(
        message: String,
    ) : Exception(message)

    companion object {
        const val MOST_BITS = 15
        private const val NAME = "permessage-deflate"
        private const val CLIENT_BITS = "client_max_window_bits"
        private const val SERVER_BITS = "server_max_window_bits"
        private const val CLIENT_FORGETS = "client_no_context_takeover"
        private const val SERVER_FORGETS = "server_no_context_takeover"

        /** The client's offer: [windowBits] for the server, and any window for the client. */
        fun offer(windowBits: Int): String =
            if (windowBits == MOST_BITS) "$NAME; $CLIENT_BITS" else "$NAME; $CLIENT_BITS; $SERVER_BITS=$windowBits"

        /**
         * Reads the values of `Sec-WebSocket-Extensions` in the server's answer.
         *
         * @param offered the window bits of the offer; 0 if there was none
         * @return null if messages are not to be compressed
         * @throws Refusal if that does not answer the offer
         */
        fun agreed(
            values: List<String>,
            offered: Int,
        ): Compression? {
            val extensions = values.flatMap { split(it, ',') }.filter { it.isNotEmpty() }
            if (extensions.isEmpty()) return null
            if (extensions.size > 1) throw Refusal("the server agrees to more extensions than were offered")
            val parts = split(extensions.single(), ';')
            if (offered == 0 || parts.first() != NAME) {
                throw Refusal("the server agrees to an extension that was not offered")
            }
            val params = HashMap<String, String?>()
            for (part in parts.drop(1)) {
                val name = part.substringBefore('=').trim()
                val value = if ('=' in part) unquoted(part.substringAfter('=').trim()) else null
                if (name in params) throw Refusal("$NAME has a parameter twice")
                params[name] = value
            }
            return of(params, offered)
        }

        private fun of(
            params: Map<String, String?>,
            offered: Int,
        ): Compression {
            var windowBits = MOST_BITS
            for ((name, value) in params) {
                val isValid =
                    when (name) {
                        CLIENT_FORGETS, SERVER_FORGETS -> value == null
                        CLIENT_BITS -> bits(value)?.also { windowBits = it } != null
                        SERVER_BITS -> (bits(value) ?: Int.MAX_VALUE) <= offered
                        else -> false
                    }
                if (!isValid) throw Refusal("$NAME has a parameter that is wrong or unknown")
            }
            return Compression(windowBits, CLIENT_FORGETS !in params, SERVER_FORGETS !in params)
        }

        /** A number from 8 to 15, as it has to be written. */
        private fun bits(value: String?): Int? = (8..MOST_BITS).firstOrNull { it.toString() == value }

        private fun unquoted(value: String) =
            if (value.length >= 2 && value.first() == '"' && value.last() == '"') {
                value.substring(1, value.length - 1)
            } else {
                value
            }

        /** No value that is allowed here has a separator in it, quoted or not. */
        private fun split(
            text: String,
            separator: Char,
        ) = text.split(separator).map { it.trim(' ', '\t') }
    }
}
