package asyncio.internal.http.multipart

import asyncio.http.HttpHeaders
import java.util.Collections

/** The headers of a part. */
internal class PartHeaders(
    private val entries: List<Map.Entry<String, String>>,
) : HttpHeaders {
    override fun get(name: String): String? = entries.firstOrNull { it.key.equals(name, ignoreCase = true) }?.value

    override fun getAll(name: String): List<String> =
        entries.filter { it.key.equals(name, ignoreCase = true) }.map { it.value }

    override fun contains(name: String): Boolean = entries.any { it.key.equals(name, ignoreCase = true) }

    override fun names(): Set<String> {
        val seen = HashSet<String>()
        return entries.map { it.key }.filterTo(LinkedHashSet()) { seen.add(it.lowercase()) }
    }

    override fun entries(): List<Map.Entry<String, String>> = Collections.unmodifiableList(entries)

    override fun toString(): String = "<PartHeaders ${names()}>"
}
