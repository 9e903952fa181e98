package asyncio.internal.http.cache

import asyncio.Coroutine
import asyncio.http.CacheStore
import asyncio.kotlin.coroutine

/** Responses in memory. From any thread. */
internal class MemoryStore(
    private val maxBytes: Long,
) : CacheStore {
    /** The one used last is at the end. */
    private val entries = LinkedHashMap<String, ByteArray>(16, 0.75f, true)
    private var size = 0L

    init {
        require(maxBytes > 0) { "maxBytes is not positive: $maxBytes" }
    }

    override fun get(key: String): Coroutine<ByteArray?> = coroutine { synchronized(entries) { entries[key] } }

    override fun put(
        key: String,
        entry: ByteArray,
    ): Coroutine<Void?> =
        coroutine {
            synchronized(entries) {
                drop(key)
                if (cost(key, entry) <= maxBytes) {
                    entries[key] = entry
                    size += cost(key, entry)
                    while (size > maxBytes) drop(entries.keys.first())
                }
            }
            null
        }

    override fun remove(key: String): Coroutine<Void?> =
        coroutine {
            synchronized(entries) { drop(key) }
            null
        }

    private fun drop(key: String) {
        entries.remove(key)?.let { size -= cost(key, it) }
    }

    private fun cost(
        key: String,
        entry: ByteArray,
    ) = 2L * key.length + entry.size + COST

    override fun toString(): String = "<CacheStore in memory>"

    private companion object {
        /** Of an entry beside its bytes. */
        const val COST = 100L
    }
}
