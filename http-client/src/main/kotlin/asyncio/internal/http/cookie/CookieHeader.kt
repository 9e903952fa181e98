package asyncio.internal.http.cookie

import asyncio.http.Cookie
import asyncio.http.CookieJar
import asyncio.internal.http.message.Url
import java.net.URI

/** Puts cookies into requests, and stores the ones of responses. */
internal object CookieHeader {
    /** The cookies that [jar] has for a request to this URL, as they are sent; null for none. */
    fun of(
        jar: CookieJar,
        url: Url,
    ): String? {
        if (jar is CookieJarImpl) return if (jar.maybeEmpty()) null else jar.headerValue(url)
        if (jar.isEmpty) return null
        return join(jar.filterCookies(URI.create(url.toString())).map { pair(it, quote = true) })
    }

    /** The one Cookie header of a request; null for none. See [merge]. */
    fun of(
        jar: CookieJar,
        url: Url,
        request: Map<String, String>?,
        header: String?,
    ): String? = merge(of(jar, url), request, header, (jar as? CookieJarImpl)?.quotes ?: true)

    /** Stores the cookies that a response from this URL has set in [jar]. */
    fun store(
        jar: CookieJar,
        setCookieHeaders: List<String>,
        url: Url,
    ) {
        if (jar is CookieJarImpl) {
            jar.store(SetCookie.parse(setCookieHeaders), url)
        } else {
            jar.updateCookiesFromHeaders(setCookieHeaders, URI.create(url.toString()))
        }
    }

    /**
     * The one Cookie header of a request. A name that comes several times stays where it counts most: cookies of the request
     * before those of the jar, and these before the header, as in aiohttp.
     *
     * @param jar what [of] gave
     * @param request names and values given with the request
     * @param header a Cookie header of the user's own; several of them joined by `; `
     * @param quote as in [CookieJar.Builder.quoteCookie]
     * @throws IllegalArgumentException if a cookie of the request cannot be sent
     */
    fun merge(
        jar: String?,
        request: Map<String, String>?,
        header: String?,
        quote: Boolean = true,
    ): String? {
        val own = if (request.isNullOrEmpty()) null else request.map { pair(Cookie.of(it.key, it.value), quote) }
        if (own == null && (jar == null || header.isNullOrEmpty())) return jar ?: header?.ifEmpty { null }
        val fromJar = pairs(jar)
        val parts = ArrayList<String>()
        kept(header) { none(fromJar, it) && none(own.orEmpty(), it) }?.let(parts::add)
        for (part in fromJar) if (part.isNotEmpty() && none(own.orEmpty(), part)) parts.add(part)
        own?.let(parts::addAll)
        return join(parts)
    }

    /**
     * A Cookie header for sending once more, after a response has set the cookies with these names: they come from the
     * [jar], the others stay.
     */
    fun renew(
        header: String?,
        jar: String?,
        names: Set<String>,
    ): String? {
        val parts = ArrayList<String>()
        kept(header) { it.substringBefore('=').trimEnd() !in names }?.let(parts::add)
        pairs(jar).filterTo(parts) { it.substringBefore('=') in names }
        return join(parts)
    }

    /**
     * The cookie as it is sent.
     *
     * @throws IllegalArgumentException if it cannot be sent
     */
    fun pair(
        cookie: Cookie,
        quote: Boolean,
    ): String = cookie.name() + "=" + coded(cookie, quote)

    private fun coded(
        cookie: Cookie,
        quote: Boolean,
    ): String {
        cookie.codedValue()?.let { return it }
        val value = cookie.value()
        if (quote) return CookieValues.quote(value)
        val illegal = CookieValues.indexOfIllegal(value)
        require(illegal < 0) {
            "The value of the cookie ${cookie.name()} has a control character or a semicolon at index $illegal:" +
                " encode it, or leave quoteCookie on"
        }
        return value
    }

    /** [header] without the cookies that do not stay; as its user wrote it, if all do. Null if none does. */
    private inline fun kept(
        header: String?,
        stays: (String) -> Boolean,
    ): String? {
        val pairs = pairs(header)
        val kept = pairs.filter(stays)
        val isWhole = kept.size == pairs.size && kept.none { it.isEmpty() }
        return if (isWhole) header?.ifEmpty { null } else join(kept.filter { it.isNotEmpty() })
    }

    /** The cookies in it; an empty one where there is nothing between two semicolons. */
    private fun pairs(header: String?): List<String> {
        if (header == null) return emptyList()
        val pairs = ArrayList<String>(4)
        var start = 0
        while (start <= header.length) {
            val end = endOfPair(header, start)
            pairs.add(header.substring(start, end).trim(' ', '\t'))
            start = end + 1
        }
        return pairs
    }

    /** A semicolon in quotes is one of the value, as Python's `http.cookies` has it. */
    private fun endOfPair(
        header: String,
        start: Int,
    ): Int {
        val semicolon = header.indexOf(';', start).let { if (it < 0) header.length else it }
        var at = header.indexOf('=', start) + 1
        if (at !in start + 1..semicolon) return semicolon
        while (at < semicolon && (header[at] == ' ' || header[at] == '\t')) at++
        if (at == semicolon || header[at] != '"') return semicolon
        at++
        while (at < header.length && header[at] != '"') at += if (header[at] == '\\') 2 else 1
        return if (at >= header.length) semicolon else header.indexOf(';', at).let { if (it < 0) header.length else it }
    }

    private fun none(
        pairs: List<String>,
        other: String,
    ): Boolean {
        val name = other.substringBefore('=')
        return pairs.none { it.length > name.length && it.startsWith(name) && it[name.length] == '=' }
    }

    private fun join(pairs: List<String>): String? = if (pairs.isEmpty()) null else pairs.joinToString("; ")
}
