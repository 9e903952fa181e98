package asyncio.internal.http.cookie

import asyncio.Coroutine
import asyncio.http.Cookie
import asyncio.http.CookieJar
import asyncio.internal.http.message.HttpChars
import asyncio.internal.http.message.Url
import asyncio.kotlin.coroutine
import asyncio.kotlin.toThread
import java.net.URI
import java.nio.file.Path
import java.time.Instant
import java.util.Collections
import java.util.concurrent.locks.ReentrantLock
import java.util.function.Predicate
import kotlin.concurrent.withLock

/** The jar of RFC 6265. Sessions of several loops may share it: what it holds is guarded by [lock]. */
internal class CookieJarImpl(
    private val settings: CookieJarSettings,
) : CookieJar {
    private val lock = Any()
    private val saving = ReentrantLock()
    private val store = CookieStore(settings.maxCookies, settings.maxPerDomain)
    private var counter = 0L
    private var complained = false

    @Volatile
    private var count = 0

    val quotes: Boolean get() = settings.quote

    /** Whether nothing can be in it; costs a request without cookies no lock and no look at the clock. */
    fun maybeEmpty(): Boolean = count == 0

    override fun updateCookies(
        cookies: Iterable<Cookie>,
        responseUrl: URI,
    ): Unit = store(cookies, cookieUrl(responseUrl))

    override fun updateSharedCookies(cookies: Map<String, String>) {
        val pairs =
            cookies.map { (name, value) ->
                Cookie.of(name, value).let { it to CookieHeader.pair(it, settings.quote) }
            }
        locked {
            for ((cookie, pair) in pairs) {
                put("", "/", cookie.toBuilder().path("/").build(), pair, Long.MAX_VALUE)
            }
        }
    }

    override fun filterCookies(requestUrl: URI): List<Cookie> = filter(cookieUrl(requestUrl)).map { it.cookie }

    override fun clear(which: Predicate<in Cookie>) {
        // The predicate is a user's: not under the lock.
        val chosen = snapshot().filter { which.test(it.cookie) }
        locked { chosen.forEach(store::remove) }
    }

    override fun clear(): Unit = locked { store.clear() }

    override fun clearDomain(domain: String) {
        val ascii = CookieHosts.ascii(domain.removePrefix(".").removeSuffix(".")) ?: return
        clear { cookie -> cookie.domain()?.let { CookieHosts.domainMatches(it, ascii) } ?: false }
    }

    override fun size(): Int =
        locked {
            store.expire(now())
            store.size
        }

    override fun iterator(): MutableIterator<Cookie> =
        Collections.unmodifiableList(snapshot().map { it.cookie }).iterator()

    override fun save(file: Path): Coroutine<Void?> =
        coroutine {
            toThread {
                // One after the other, each with what is in the jar at its turn: the last one to write has the newest.
                saving.withLock { CookieFile.write(file, snapshot().map { it.cookie }) }
            }
            null
        }

    override fun load(file: Path): Coroutine<Void?> =
        coroutine {
            val pairs = toThread { CookieFile.read(file) { it to CookieHeader.pair(it, settings.quote) } }
            val now = now()
            val kept =
                pairs
                    .map { (cookie, pair) ->
                        Triple(cookie, pair, endOf(cookie, now))
                    }.filter { it.third > now }
            locked {
                store.clear()
                for ((cookie, pair, ends) in kept.takeLast(settings.mostLoaded)) {
                    put(cookie.domain().orEmpty(), cookie.path() ?: "/", cookie, pair, ends)
                }
            }
            null
        }

    /** The cookies for a request to this URL as they are sent; null for none. */
    fun headerValue(url: Url): String? {
        val cookies = filter(url)
        if (cookies.isEmpty()) return null
        if (cookies.size == 1) return cookies[0].pair
        val text = StringBuilder()
        for (cookie in cookies) {
            if (text.isNotEmpty()) text.append("; ")
            text.append(cookie.pair)
        }
        return text.toString()
    }

    /** Takes the cookies that a response from this URL has set. */
    fun store(
        cookies: Iterable<Cookie>,
        url: Url,
    ) {
        val host = CookieHosts.canonical(url.host)
        var refused: String? = null
        for (cookie in cookies) {
            val problem = store(cookie, host, url)
            if (problem != null) refused = "${HttpChars.printableAscii(cookie.name())} of $host: $problem"
        }
        if (refused != null) complain(refused)
    }

    private fun filter(url: Url): List<StoredCookie> {
        val host = CookieHosts.canonical(url.host)
        val secure = isSecure(url)
        val found = ArrayList<StoredCookie>()
        locked {
            store.expire(now())
            if (settings.unsafe || !CookieHosts.isAddress(host)) collect(host, host, url.path, secure, found)
            if (':' !in host && !CookieHosts.isAddress(host)) {
                var dot = host.indexOf('.')
                while (dot >= 0) {
                    collect(host.substring(dot + 1), host, url.path, secure, found)
                    dot = host.indexOf('.', dot + 1)
                }
            }
            val own = found.size
            for (shared in store.of("")) {
                if ((0 until own).none { found[it].name == shared.name }) found.add(shared)
            }
            for (cookie in found) cookie.used = ++counter
        }
        if (found.size > 1) found.sortWith(AS_SENT)
        return found
    }

    private fun collect(
        domain: String,
        host: String,
        path: String,
        secure: Boolean,
        to: MutableList<StoredCookie>,
    ) {
        for (stored in store.of(domain)) {
            val cookie = stored.cookie
            if (cookie.hostOnly() && domain.length != host.length) continue
            if (cookie.secure() && !secure) continue
            if (CookieHosts.pathMatches(path, stored.path)) to.add(stored)
        }
    }

    /** RFC 6265, 5.3, and RFC 6265bis. Says why the cookie was not taken, or null. */
    private fun store(
        given: Cookie,
        host: String,
        url: Url,
    ): String? {
        val pair = CookieHeader.pair(given, settings.quote)
        if (settings.maxSize > 0 && sizeOf(pair) - 1 > settings.maxSize) {
            return "it is larger than ${settings.maxSize} bytes"
        }
        val address = CookieHosts.isAddress(host)
        if (address && !settings.unsafe) return "a host without a name has no cookies, unless the jar is unsafe"
        val secure = isSecure(url)
        if (given.secure() && !secure) return "it is Secure, and did not come over https"

        val asked = given.domain()?.let { CookieHosts.ascii(it) ?: return "its domain is malformed" }
        val domain: String
        val hostOnly: Boolean
        if (asked == null || asked == host && (given.hostOnly() || address || isPublicSuffix(asked))) {
            domain = host
            hostOnly = true
        } else {
            if (given.hostOnly() || address || !CookieHosts.domainMatches(host, asked)) {
                return "it is for another domain"
            }
            if (isPublicSuffix(asked)) return "its domain is a public suffix"
            domain = asked
            hostOnly = false
        }
        val path = given.path() ?: CookieHosts.defaultPath(url.path)
        wrongName(given, hostOnly)?.let { return it }

        val now = now()
        val ends = endOf(given, now)
        val cookie =
            given
                .toBuilder()
                .domain(domain)
                .hostOnly(hostOnly)
                .path(path)
                .expires(if (ends == Long.MAX_VALUE) null else Instant.ofEpochMilli(ends))
                .maxAge(null)
                .build()
        return locked {
            store.expire(now)
            if (!secure && hidesSecureOne(cookie.name(), domain, path)) {
                return@locked "there is a Secure one of that name, which http may not replace"
            }
            if (ends <= now) {
                store.find(domain, path, cookie.name())?.let(store::remove)
            } else {
                put(domain, path, cookie, pair, ends)
            }
            null
        }
    }

    private fun put(
        domain: String,
        path: String,
        cookie: Cookie,
        pair: String,
        ends: Long,
    ) {
        val now = ++counter
        // A cookie that replaces another one keeps its age.
        val made = store.find(domain, path, cookie.name())?.made ?: now
        store.put(StoredCookie(cookie, domain, path, pair, ends, made, now))
    }

    /** RFC 6265bis: a cookie from http may not stand before, or replace, a Secure cookie. */
    private fun hidesSecureOne(
        name: String,
        domain: String,
        path: String,
    ): Boolean =
        store.any {
            it.cookie.secure() &&
                it.name == name &&
                (CookieHosts.domainMatches(domain, it.domain) || CookieHosts.domainMatches(it.domain, domain)) &&
                CookieHosts.pathMatches(path, it.path)
        }

    private fun wrongName(
        cookie: Cookie,
        hostOnly: Boolean,
    ): String? {
        val name = cookie.name()
        val host = name.startsWith("__Host-", ignoreCase = true)
        if (!host && !name.startsWith("__Secure-", ignoreCase = true)) return null
        if (!cookie.secure()) return "its name asks for Secure"
        if (host && (!hostOnly || cookie.path() != "/")) return "its name asks for Path=/ and no Domain"
        return null
    }

    private fun endOf(
        cookie: Cookie,
        now: Long,
    ): Long {
        val maxAge = cookie.maxAge()
        if (maxAge != null) {
            if (maxAge.isZero || maxAge.isNegative) return now
            return if (maxAge.seconds > FAR_SECONDS) FAR else minOf(now + maxAge.toMillis(), FAR)
        }
        val expires = cookie.expires() ?: return Long.MAX_VALUE
        return if (expires.epochSecond > FAR_SECONDS) FAR else maxOf(expires, Instant.EPOCH).toEpochMilli()
    }

    private fun isSecure(url: Url) = url.ssl || url.origin in settings.trusted

    private fun isPublicSuffix(domain: String) =
        settings.checkPublicSuffixes && PublicSuffixes.INSTANCE.contains(domain)

    private fun now() = settings.clock.millis()

    private fun snapshot(): List<StoredCookie> =
        locked {
            store.expire(now())
            store.all()
        }

    private inline fun <T> locked(action: () -> T): T =
        synchronized(lock) {
            try {
                action()
            } finally {
                count = store.size
            }
        }

    /** Once a jar as a warning: a server that sets such a cookie does so with every response. */
    private fun complain(refused: String) {
        val level = if (complained) System.Logger.Level.DEBUG else System.Logger.Level.WARNING
        complained = true
        if (LOGGER.isLoggable(level)) {
            LOGGER.log(level, "The cookie $refused. It was left out; the next ones are told at level DEBUG only.")
        }
    }

    override fun toString(): String = "<CookieJar with ${size()} cookies>"

    private companion object {
        val LOGGER: System.Logger = System.getLogger("asyncio")

        /** The end of the year 9999. */
        const val FAR_SECONDS = 253_402_300_799L
        const val FAR = FAR_SECONDS * 1000

        val AS_SENT: Comparator<StoredCookie> =
            compareByDescending<StoredCookie> { it.path.length }.thenBy { it.made }

        fun sizeOf(text: String): Int = if (text.all { it.code < 0x80 }) text.length else text.toByteArray().size
    }
}
