package asyncio.internal.http.message

import asyncio.http.InvalidUrlException
import asyncio.http.NonHttpUrlException
import io.netty.util.NetUtil
import java.io.ByteArrayOutputStream

/**
 * An absolute http or https URL as it is sent: encoded, its dot segments resolved.
 *
 * @property host in lower case; an IPv6 address without brackets, as RFC 5952 writes it, perhaps with a zone behind a `%`
 * @property path never empty, starts with a slash
 * @property query without the question mark; null if there is none
 * @property credentials `user:password`, encoded for the Authorization header; null if there are none
 * @property fragment without the `#`, encoded; never sent
 */
internal class Url private constructor(
    val ssl: Boolean,
    val host: String,
    val port: Int,
    val path: String,
    val query: String?,
    val credentials: String?,
    val fragment: String?,
) {
    val scheme: String get() = if (ssl) "https" else "http"

    val origin = Origin(ssl, host, port)

    /** The value of the Host header. A zone means something on this machine only (RFC 6874). */
    val authority: String = authorityOf(ssl, host.substringBefore('%'), port)

    /** The target of the request line. */
    val target: String get() = if (query == null) path else "$path?$query"

    /** The same URL with these parameters, encoded already, at the end of its query. */
    fun withParams(params: CharSequence): Url =
        with(query = if (query.isNullOrEmpty()) params.toString() else "$query&$params")

    /** This URL as [previous] led to it by a redirect. */
    fun after(previous: Url): Url =
        with(
            credentials = credentials ?: previous.credentials.takeIf { origin == previous.origin },
            fragment = fragment ?: previous.fragment,
        )

    /** With the fragment, but without user and password. */
    val real: String get() = if (fragment == null) toString() else "$this#$fragment"

    private fun with(
        path: String = this.path,
        query: String? = this.query,
        credentials: String? = this.credentials,
        fragment: String? = this.fragment,
    ) = Url(ssl, host, port, path, query, credentials, fragment)

    /** Without user, password and fragment. */
    override fun toString(): String =
        if ('%' in host) {
            "$scheme://${authorityOf(ssl, host.replace("%", "%25"), port)}$target"
        } else {
            "$scheme://$authority$target"
        }

    companion object {
        /**
         * Parses [text], which may be relative if there is a [base].
         *
         * @throws InvalidUrlException if it cannot be parsed, has no host, or is relative to nothing
         * @throws NonHttpUrlException if the scheme is another one than http or https
         */
        fun parse(
            text: String,
            base: Url? = null,
        ): Url {
            refuseControls(text)
            val schemeEnd = endOfScheme(text)
            if (schemeEnd < 0) {
                if (base == null) {
                    invalid(text, "it is relative; begin it with http:// or https://, or give the session a baseUrl")
                }
                return relative(text, base)
            }
            val ssl =
                when (text.substring(0, schemeEnd).lowercase()) {
                    "http" -> false

                    "https" -> true

                    else -> throw NonHttpUrlException(
                        "Only http and https URLs can be requested: \"${withoutSecrets(text)}\"",
                    )
                }
            if (!text.startsWith("//", schemeEnd + 1)) invalid(text, "it has no host")
            return withAuthority(text, schemeEnd + 3, ssl)
        }

        /** Encodes a name or a value for a query: everything but letters, digits and `-._~`. */
        fun encodeParam(
            text: String,
            to: StringBuilder,
        ) {
            encode(text, 0, text.length, UNRESERVED, keepEncoded = false, to)
        }

        private fun relative(
            text: String,
            base: Url,
        ): Url {
            if (text.startsWith("//")) return withAuthority(text, 2, base.ssl)
            val pathEnd = endOfPath(text, 0)
            val query = queryOf(text, pathEnd)
            val path = encode(text, 0, pathEnd, PATH)
            val merged =
                when {
                    path.isEmpty() -> {
                        return base.with(query = query ?: base.query, fragment = fragmentOf(text, pathEnd))
                    }

                    path.startsWith("/") -> {
                        path
                    }

                    else -> {
                        base.path.substringBeforeLast('/') + "/" + path
                    }
                }
            return base.with(withoutDots(merged), query, fragment = fragmentOf(text, pathEnd))
        }

        private fun withAuthority(
            text: String,
            start: Int,
            ssl: Boolean,
        ): Url {
            val end = text.indexOfFirstFrom(start) { it == '/' || it == '?' || it == '#' }
            // Browsers take it for a slash, others for a part of the password: they would ask different hosts.
            if (text.indexOf('\\', start) in start until end) {
                invalid(text, "a backslash is not allowed in the authority, which is what stands before the path")
            }
            val at = text.lastIndexOf('@', end - 1)
            val hostStart = if (at >= start) at + 1 else start
            val colon = text.lastIndexOf(':', end - 1)
            // A colon before a bracket is one of an IPv6 address.
            val isInAddress = colon >= 0 && text.indexOf(']', colon) in colon until end
            val hasPort = colon >= hostStart && !isInAddress
            val host = hostOf(text, text.substring(hostStart, if (hasPort) colon else end))
            val port = portOf(text, if (hasPort) text.substring(colon + 1, end) else "", ssl)
            val pathEnd = endOfPath(text, end)
            val path = encode(text, end, pathEnd, PATH)
            return Url(
                ssl,
                host,
                port,
                if (path.isEmpty()) "/" else withoutDots(path),
                queryOf(text, pathEnd),
                if (at >= start) credentialsOf(text.substring(start, at)) else null,
                fragmentOf(text, pathEnd),
            )
        }

        private fun hostOf(
            text: String,
            given: String,
        ): String {
            if (given.isEmpty()) invalid(text, "it has no host")
            if (given.startsWith("[")) return addressOf(text, given)
            val host = DomainNames.toAscii(given) ?: invalid(text, "its host is not a domain name")
            val hasEmptyLabel = host.startsWith(".") || ".." in host
            if (hasEmptyLabel || !host.all { it in 'a'..'z' || it in '0'..'9' || it in "-._~" }) {
                invalid(text, "its host is not a domain name")
            }
            // Other spellings of an IPv4 address (127.1, 0x7f000001) would get past a user's own checks of the host.
            // With a zero in front some take a number for an octal one.
            val isAddress = NetUtil.isValidIpV4Address(host) && host.split('.').none { it.length > 1 && it[0] == '0' }
            val isBadAddress = endsInNumber(host) && !isAddress
            if (isBadAddress) invalid(text, "its host is not an IPv4 address")
            return host
        }

        private fun addressOf(
            text: String,
            given: String,
        ): String {
            val inner = given.removePrefix("[").removeSuffix("]")
            val address = inner.substringBefore('%')
            // In a URL a percent sign is %25, but %eth0 is written too.
            val zone = if ('%' in inner) inner.substringAfter('%').removePrefix("25") else null
            val isZone = zone == null || zone.isNotEmpty() && zone.all { it.code < 0x80 && UNRESERVED[it.code] }
            if (!given.endsWith("]") || !isZone || !NetUtil.isValidIpV6Address(address)) {
                invalid(text, "its host is not an IPv6 address")
            }
            val canonical = canonicalIpv6(ipv6Bytes(address))
            return if (zone == null) canonical else "$canonical%$zone"
        }

        private fun endsInNumber(host: String): Boolean {
            val last = host.removeSuffix(".").substringAfterLast('.')
            return last.all { it in '0'..'9' } ||
                last.startsWith("0x") && last.drop(2).all { it in '0'..'9' || it in 'a'..'f' }
        }

        private fun portOf(
            text: String,
            given: String,
            ssl: Boolean,
        ): Int {
            if (given.isEmpty()) return defaultPort(ssl)
            // It is not shown: it may be the beginning of a password.
            if (given.any { it !in '0'..'9' }) invalid(text, "its port is not a number")
            val port = given.trimStart('0').let { if (it.length in 1..5) it.toInt() else 0 }
            if (port !in 1..65535) invalid(text, "its port is not from 1 to 65535: $given")
            return port
        }

        private fun authorityOf(
            ssl: Boolean,
            host: String,
            port: Int,
        ): String {
            val name = bracketed(host.removeSuffix("."))
            return if (port == defaultPort(ssl)) name else "$name:$port"
        }

        private fun defaultPort(ssl: Boolean) = if (ssl) 443 else 80

        private fun credentialsOf(userInfo: String): String {
            val raw = userInfo.toByteArray()
            val decoded = ByteArrayOutputStream(raw.size + 1)
            var i = 0
            while (i < raw.size) {
                val isEscape = raw[i] == '%'.code.toByte() && i + 2 < raw.size
                val encoded = if (isEscape) HttpChars.hexByte(raw[i + 1].toInt(), raw[i + 2].toInt()) else -1
                decoded.write(if (encoded < 0) raw[i].toInt() else encoded)
                i += if (encoded < 0) 1 else 3
            }
            if (':' !in userInfo) decoded.write(':'.code)
            return basicCredentials(decoded.toByteArray())
        }

        private fun endOfScheme(text: String): Int {
            val end = text.indexOfFirstFrom(0) { !it.isAsciiLetter() && it !in '0'..'9' && it !in "+-." }
            return if (end in 1 until text.length && text[end] == ':' && text[0].isAsciiLetter()) end else -1
        }

        private fun endOfPath(
            text: String,
            start: Int,
        ) = text.indexOfFirstFrom(start) { it == '?' || it == '#' }

        private fun queryOf(
            text: String,
            pathEnd: Int,
        ): String? =
            if (pathEnd == text.length || text[pathEnd] == '#') {
                null
            } else {
                encode(text, pathEnd + 1, text.indexOfFirstFrom(pathEnd) { it == '#' }, QUERY)
            }

        private fun fragmentOf(
            text: String,
            start: Int,
        ): String? {
            val hash = text.indexOf('#', start)
            return if (hash < 0) null else encode(text, hash + 1, text.length, QUERY)
        }

        private inline fun String.indexOfFirstFrom(
            start: Int,
            found: (Char) -> Boolean,
        ): Int {
            for (i in start until length) if (found(this[i])) return i
            return length
        }

        private fun Char.isAsciiLetter() = this in 'a'..'z' || this in 'A'..'Z'

        /** RFC 3986, 5.2.4. An encoded dot is one too: servers see it so. */
        private fun withoutDots(path: String): String {
            if ("/." !in path && !path.contains("%2e", ignoreCase = true)) return path
            val kept = ArrayList<String>()
            val segments = path.substring(1).split('/')
            for ((i, segment) in segments.withIndex()) {
                val last = i == segments.size - 1
                val plain = if (segment.length <= MAX_DOTS) segment.replace("%2e", ".", ignoreCase = true) else segment
                when (plain) {
                    "." -> {
                        if (last) kept.add("")
                    }

                    ".." -> {
                        kept.removeLastOrNull()
                        if (last) kept.add("")
                    }

                    else -> {
                        kept.add(segment)
                    }
                }
            }
            return kept.joinToString("/", "/")
        }

        private fun encode(
            text: String,
            start: Int,
            end: Int,
            allowed: BooleanArray,
        ): String {
            var i = start
            while (i < end && text[i].code < 0x80 && allowed[text[i].code]) i++
            if (i == end) return text.substring(start, end)
            val encoded = StringBuilder(end - start + 16)
            encode(text, start, end, allowed, keepEncoded = true, encoded)
            return encoded.toString()
        }

        private fun encode(
            text: String,
            start: Int,
            end: Int,
            allowed: BooleanArray,
            keepEncoded: Boolean,
            to: StringBuilder,
        ) {
            var i = start
            while (i < end) {
                val char = text[i]
                when {
                    char.code < 0x80 && allowed[char.code] -> {
                        to.append(char)
                    }

                    keepEncoded && char == '%' && i + 2 < end && isHexByte(text, i + 1) -> {
                        to.append(char)
                    }

                    else -> {
                        val isPair = char.isHighSurrogate() && i + 1 < end && text[i + 1].isLowSurrogate()
                        val next = if (isPair) i + 2 else i + 1
                        for (byte in text.substring(i, next).toByteArray()) {
                            HttpChars.appendEscaped('%', byte, to)
                        }
                        i = next - 1
                    }
                }
                i++
            }
        }

        private fun isHexByte(
            text: String,
            at: Int,
        ) = HttpChars.hexByte(text[at].code, text[at + 1].code) >= 0

        private fun refuseControls(text: String) {
            val at = text.indexOfFirst(HttpChars::isControl)
            if (at >= 0) invalid(text, "it has a control character at index $at")
        }

        private fun invalid(
            text: String,
            why: String,
        ): Nothing = throw InvalidUrlException(refusal(text, why))

        private fun refusal(
            text: String,
            why: String,
        ) = "Invalid URL \"${withoutSecrets(text)}\": $why"

        /** [text], which a user has given, on one line, and without a user and a password. */
        fun shown(text: String): String {
            val start = startOfAuthority(text) ?: return withoutSecrets(text)
            val end = text.indexOfFirstFrom(start) { it == '/' || it == '?' || it == '#' }
            val authority = text.substring(start, end)
            val at = authority.lastIndexOf('@')
            val host = authority.substring(at + 1)
            val port = host.substringAfterLast(']').substringAfter(':', "")
            // Otherwise the authority may be a user and the beginning of a password.
            val isSure = host.isNotEmpty() && port.all { it in '0'..'9' } && '\\' !in authority
            if (!isSure && start < text.length) return withoutSecrets(text)
            return HttpChars.printable(
                if (at < 0) {
                    text
                } else {
                    text.substring(0, start) + "…" + text.substring(start + at)
                },
            )
        }

        /** Where the host or the user begins; the end, if it is a relative URL without them. Null if that is not sure. */
        private fun startOfAuthority(text: String): Int? {
            val schemeEnd = endOfScheme(text)
            val behind = schemeEnd + 1
            return when {
                text.startsWith("//", behind) -> behind + 2
                schemeEnd < 0 && text.startsWith("/") && !text.startsWith("/\\") -> text.length
                schemeEnd < 0 && '@' !in text -> text.length
                else -> null
            }
        }

        /**
         * [text] on one line, without anything that may be a user or a password: where it cannot be parsed, all up to the last
         * `@` may be one.
         */
        private fun withoutSecrets(text: String): String {
            val at = text.lastIndexOf('@')
            if (at < 0) return HttpChars.printable(text)
            val slashes = text.indexOf("://")
            val colon = text.indexOf(':')
            val start =
                when {
                    slashes in 0 until at -> slashes + 3
                    text.startsWith("//") -> 2
                    colon in 0 until at && text.take(colon).lowercase() in KNOWN_SCHEMES -> colon + 1
                    else -> 0
                }
            return HttpChars.printable(text.substring(0, start) + "…" + text.substring(at))
        }

        private val KNOWN_SCHEMES = setOf("http", "https", "ws", "wss", "ftp", "file")

        /** Two of them, encoded. */
        private const val MAX_DOTS = 6

        private val UNRESERVED = asciiSet(('a'..'z') + ('A'..'Z') + ('0'..'9') + "-._~".toList())
        private val PATH = UNRESERVED or "!$&'()*+,;=:@/"
        private val QUERY = PATH or "?"

        private fun asciiSet(chars: List<Char>) =
            BooleanArray(0x80).also { set -> chars.forEach { set[it.code] = true } }

        private infix fun BooleanArray.or(more: String) = clone().also { set -> more.forEach { set[it.code] = true } }
    }
}
