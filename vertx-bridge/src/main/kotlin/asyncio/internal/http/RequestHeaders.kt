package asyncio.internal.http

import io.vertx.core.MultiMap

/** The headers that a user gave, in their order; checked and ready to be sent. */
internal class RequestHeaders {
    private val names = ArrayList<String>(4)
    private val values = ArrayList<String>(4)

    /** @throws IllegalArgumentException if the header could not be sent as it is */
    fun add(
        name: String,
        value: String,
    ) {
        checkName(name)
        checkValue(name, value)
        names.add(name)
        values.add(asSent(value))
    }

    operator fun contains(name: CharSequence): Boolean = names.any { it.contentEquals(name, ignoreCase = true) }

    inline fun forEach(action: (String, String) -> Unit) {
        for (i in names.indices) action(names[i], values[i])
    }

    fun copy(): RequestHeaders =
        RequestHeaders().also {
            it.names.addAll(names)
            it.values.addAll(values)
        }

    private fun checkName(name: String) {
        require(name.isNotEmpty() && name.all(::isTokenChar)) {
            "The name of a header may have only letters, digits and !#\$%&'*+-.^_`|~ in it: \"${printable(name)}\""
        }
        require(OWN.none { it.equals(name, ignoreCase = true) }) {
            "$name tells where a request ends, and is set by the session itself"
        }
    }

    private fun checkValue(
        name: String,
        value: String,
    ) {
        for (i in value.indices) {
            val char = value[i]
            require(char.code >= 0x20 && char.code != 0x7F || char == '\t') {
                "The value of the header $name has a control character at index $i: \"${printable(value)}\""
            }
        }
    }

    private companion object {
        val OWN = listOf("Content-Length", "Transfer-Encoding")

        fun isTokenChar(char: Char) =
            char in 'a'..'z' || char in 'A'..'Z' || char in '0'..'9' || char in "!#$%&'*+-.^_`|~"

        fun printable(text: String) =
            text
                .map {
                    if (it.code < 0x20 ||
                        it.code == 0x7F
                    ) {
                        '\uFFFD'
                    } else {
                        it
                    }
                }.joinToString("")

        /** Netty writes a char as a byte: what is not ASCII has to be given to it as the bytes of UTF-8. */
        fun asSent(value: String): String =
            if (value.all { it.code < 0x80 }) value else String(value.toByteArray(), Charsets.ISO_8859_1)
    }
}

/** Puts the headers of a request together: the session's own, those that its user set for all requests, those of this one. */
internal class HeaderPlan(
    private val session: RequestHeaders,
) {
    /** Host comes first. */
    fun write(
        url: Url,
        request: RequestHeaders?,
        to: MultiMap,
    ) {
        auto(HOST, request) { to.add(HOST, url.authority) }
        auto(ACCEPT, request) { to.add(ACCEPT, ANYTHING) }
        auto(USER_AGENT, request) { to.add(USER_AGENT, OWN_NAME) }
        url.credentials?.let { auto(AUTHORIZATION, request) { to.add(AUTHORIZATION, it) } }
        session.forEach { name, value -> if (request == null || name !in request) to.add(name, value) }
        request?.forEach { name, value -> to.add(name, value) }
    }

    private inline fun auto(
        name: CharSequence,
        request: RequestHeaders?,
        add: () -> Unit,
    ) {
        if (name !in session && (request == null || name !in request)) add()
    }

    private companion object {
        val HOST: CharSequence = io.vertx.core.http.HttpHeaders.HOST
        val ACCEPT: CharSequence = io.vertx.core.http.HttpHeaders.ACCEPT
        val USER_AGENT: CharSequence = io.vertx.core.http.HttpHeaders.USER_AGENT
        val AUTHORIZATION: CharSequence = io.vertx.core.http.HttpHeaders.AUTHORIZATION
        val ANYTHING: CharSequence =
            io.vertx.core.http.HttpHeaders
                .createOptimized("*/*")
        val OWN_NAME: CharSequence =
            io.vertx.core.http.HttpHeaders
                .createOptimized("Java/${Runtime.version().feature()} asyncio4j")
    }
}
