package asyncio.internal.http.cookie

import asyncio.http.CookieJar
import asyncio.internal.http.message.Origin
import asyncio.internal.http.message.Url
import java.net.URI
import java.time.Clock

/** The settings of a jar; a limit of 0 is no limit. */
internal class CookieJarSettings(
    val unsafe: Boolean,
    val quote: Boolean,
    val trusted: Set<Origin>,
    val checkPublicSuffixes: Boolean,
    val maxCookies: Int,
    val maxPerDomain: Int,
    val maxSize: Int,
    val clock: Clock,
) {
    /** Of a file that has more than a jar takes only the youngest are looked at. */
    val mostLoaded: Int get() = if (maxCookies == 0) Int.MAX_VALUE else maxCookies
}

/** Collects the settings of a jar. */
internal class CookieJarBuilder : CookieJar.Builder {
    private var unsafe = false
    private var quote = true
    private val trusted = HashSet<Origin>()
    private var checkPublicSuffixes = true
    private var maxCookies = 3000
    private var maxPerDomain = 180
    private var maxSize = 4096
    private var clock = Clock.systemUTC()

    override fun unsafe(unsafe: Boolean): CookieJar.Builder = apply { this.unsafe = unsafe }

    override fun quoteCookie(quote: Boolean): CookieJar.Builder = apply { this.quote = quote }

    override fun treatAsSecureOrigin(origin: URI): CookieJar.Builder = apply { trusted.add(cookieUrl(origin).origin) }

    override fun checkPublicSuffixes(check: Boolean): CookieJar.Builder = apply { checkPublicSuffixes = check }

    override fun maxCookies(cookies: Int): CookieJar.Builder =
        apply {
            require(cookies >= 0) { "maxCookies is negative: $cookies" }
            maxCookies = cookies
        }

    override fun maxCookiesPerDomain(cookies: Int): CookieJar.Builder =
        apply {
            require(cookies >= 0) { "maxCookiesPerDomain is negative: $cookies" }
            maxPerDomain = cookies
        }

    override fun maxCookieSize(bytes: Int): CookieJar.Builder =
        apply {
            require(bytes >= 0) { "maxCookieSize is negative: $bytes" }
            maxSize = bytes
        }

    override fun clock(clock: Clock): CookieJar.Builder = apply { this.clock = clock }

    override fun build(): CookieJar =
        CookieJarImpl(
            CookieJarSettings(
                unsafe,
                quote,
                trusted.toSet(),
                checkPublicSuffixes,
                maxCookies,
                maxPerDomain,
                maxSize,
                clock,
            ),
        )
}

/**
 * The URL that cookies come from or go to. WebSockets share them with http.
 *
 * @throws IllegalArgumentException if it is not such a URL
 */
internal fun cookieUrl(uri: URI): Url {
    val text = uri.toString()
    val scheme = uri.scheme?.lowercase()
    val http = if (scheme == "ws" || scheme == "wss") "http" + text.substring(2) else text
    return try {
        Url.parse(http)
    } catch (e: asyncio.http.ClientException) {
        throw IllegalArgumentException("Cookies need an http, https, ws or wss URL. ${e.message}", e)
    }
}
