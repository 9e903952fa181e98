package asyncio.internal.http.cookie

import asyncio.http.Cookie

/**
 * A cookie in a jar.
 *
 * @property pair name and value as they are sent
 * @property ends when, in milliseconds of the wall clock
 * @property made its place among the others, by age
 * @property used when it was last sent or set, in the same counting
 */
internal class StoredCookie(
    val cookie: Cookie,
    val domain: String,
    val path: String,
    val pair: String,
    val ends: Long,
    val made: Long,
    var used: Long,
) {
    val name: String get() = cookie.name()

    fun sameAs(other: StoredCookie) = domain == other.domain && path == other.path && name == other.name
}

/** The cookies of a jar by their domains; those of the domain "" are shared by all hosts. Not for several threads. */
internal class CookieStore(
    private val maxCookies: Int,
    private val maxPerDomain: Int,
) {
    private val domains = LinkedHashMap<String, ArrayList<StoredCookie>>()
    private var nextEnd = Long.MAX_VALUE

    var size: Int = 0
        private set

    fun of(domain: String): List<StoredCookie> = domains[domain].orEmpty()

    fun find(
        domain: String,
        path: String,
        name: String,
    ): StoredCookie? = domains[domain]?.find { it.path == path && it.name == name }

    inline fun any(predicate: (StoredCookie) -> Boolean): Boolean = domains.values.any { list -> list.any(predicate) }

    /** In the order of their age. */
    fun all(): List<StoredCookie> = domains.values.flatten().sortedBy { it.made }

    fun put(cookie: StoredCookie) {
        val list = domains.getOrPut(cookie.domain) { ArrayList(4) }
        val at = list.indexOfFirst(cookie::sameAs)
        if (at >= 0) {
            list[at] = cookie
        } else {
            list.add(cookie)
            size++
        }
        nextEnd = minOf(nextEnd, cookie.ends)
        if (maxPerDomain in 1 until list.size) remove(oldest(list))
        if (maxCookies in 1 until size) remove(oldest(domains.values.flatten()))
    }

    fun remove(cookie: StoredCookie) {
        val list = domains[cookie.domain] ?: return
        if (!list.remove(cookie)) return
        size--
        if (list.isEmpty()) domains.remove(cookie.domain)
    }

    fun clear() {
        domains.clear()
        size = 0
        nextEnd = Long.MAX_VALUE
    }

    /** Removes the cookies that have expired by [now]. */
    fun expire(now: Long) {
        if (now < nextEnd) return
        nextEnd = Long.MAX_VALUE
        for (cookie in domains.values.flatten()) {
            if (cookie.ends <= now) remove(cookie) else nextEnd = minOf(nextEnd, cookie.ends)
        }
    }

    private fun oldest(cookies: List<StoredCookie>) = cookies.minBy { it.used }
}
