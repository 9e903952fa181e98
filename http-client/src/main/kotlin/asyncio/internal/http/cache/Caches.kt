package asyncio.internal.http.cache

import asyncio.http.CacheMiddleware
import asyncio.http.CacheStore
import asyncio.spi.HttpCaches
import java.nio.file.Path

/** The factories of HTTP caches. */
internal object Caches : HttpCaches {
    override fun middleware(): CacheMiddleware.Builder = CacheBuilder()

    override fun memory(maxBytes: Long): CacheStore = MemoryStore(maxBytes)

    override fun disk(
        directory: Path,
        maxBytes: Long,
    ): CacheStore = DiskStore(directory, maxBytes)
}
