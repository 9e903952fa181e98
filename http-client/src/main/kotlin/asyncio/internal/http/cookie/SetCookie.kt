package asyncio.internal.http.cookie

import asyncio.http.Cookie
import asyncio.internal.http.message.HeaderText
import java.time.Duration

/** Reads `Set-Cookie` headers: RFC 6265, 5.2, which takes nearly everything. */
internal object SetCookie {
    /** The cookies of these headers; malformed ones are left out. */
    fun parse(headers: List<String>): List<Cookie> = headers.mapNotNull(::parse)

    /** The cookie of this header; null if it is malformed. */
    fun parse(header: String): Cookie? {
        for (char in header) if (char.code < 0x20 && char != '\t' || char.code == 0x7F) return null
        val end = endOfPart(header, 0)
        val equals = header.indexOf('=')
        if (equals < 0 || equals > end) return null
        val name = trimmed(header, 0, equals)
        if (name.isEmpty() || '\t' in name) return null
        val coded = trimmed(header, equals + 1, end)
        val value = CookieValues.unquote(coded)
        // What is not UTF-8 is shown as Latin-1, and goes back as it came.
        val shown = if (HeaderText.hasEscapes(value)) HeaderText.toWire(value) else value
        val cookie = Cookie.builder(name, shown).codedValue(coded)
        var at = end + 1
        var isForNobody = false
        while (at <= header.length) {
            val partEnd = endOfPart(header, at)
            attribute(cookie, header, at, partEnd)?.let { isForNobody = it }
            at = partEnd + 1
        }
        return if (isForNobody) null else cookie.build()
    }

    /** Whether it is a domain that matches no host; null for another attribute. The last one counts. */
    private fun attribute(
        cookie: Cookie.Builder,
        header: String,
        start: Int,
        end: Int,
    ): Boolean? {
        val equals = header.indexOf('=', start).takeIf { it in start until end } ?: end
        val value = if (equals == end) "" else trimmed(header, equals + 1, end)
        // So says RFC 6265bis. Nothing that means something is that long.
        if (value.length > MAX_ATTRIBUTE) return null
        when (trimmed(header, start, equals).lowercase()) {
            "expires" -> CookieDate.parse(value)?.let { cookie.expires(it) }
            "max-age" -> maxAge(value)?.let { cookie.maxAge(it) }
            "domain" -> return domain(cookie, value)
            "path" -> cookie.path(value.takeIf { it.startsWith("/") })
            "secure" -> cookie.secure(true)
            "httponly" -> cookie.httpOnly(true)
            "partitioned" -> cookie.partitioned(true)
            "samesite" -> cookie.sameSite(sameSite(value))
        }
        return null
    }

    private fun domain(
        cookie: Cookie.Builder,
        value: String,
    ): Boolean {
        val domain = value.removePrefix(".")
        // One that ends with a dot is for the host alone, as in aiohttp: such a domain matches nothing.
        val isMeant = domain.isNotEmpty() && !domain.endsWith('.')
        // Nor does one that still begins with a dot (RFC 6265, 5.2.3); aiohttp takes no such cookie.
        val isForNobody = isMeant && domain.startsWith('.')
        cookie.domain(domain.takeIf { isMeant && !isForNobody })
        return isForNobody
    }

    private fun maxAge(value: String): Duration? {
        val digits = value.removePrefix("-")
        if (digits.isEmpty() || digits.any { it !in '0'..'9' }) return null
        if (digits.length < value.length) return Duration.ZERO
        return Duration.ofSeconds(digits.toLongOrNull() ?: Long.MAX_VALUE)
    }

    private fun sameSite(value: String): Cookie.SameSite? =
        when (value.lowercase()) {
            "strict" -> Cookie.SameSite.STRICT
            "lax" -> Cookie.SameSite.LAX
            "none" -> Cookie.SameSite.NONE
            else -> null
        }

    private fun endOfPart(
        text: String,
        start: Int,
    ): Int = text.indexOf(';', start).let { if (it < 0) text.length else it }

    private fun trimmed(
        text: String,
        start: Int,
        end: Int,
    ): String = text.substring(start, end).trim(' ', '\t')

    private const val MAX_ATTRIBUTE = 1024
}
