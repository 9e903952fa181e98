package asyncio.spi;

import asyncio.http.CacheMiddleware;
import asyncio.http.CacheStore;
import java.nio.file.Path;

/** What stands behind the HTTP cache in {@link asyncio.http}. */
public interface HttpCaches {

    /** {@link CacheMiddleware#builder}. */
    CacheMiddleware.Builder middleware();

    /** {@link CacheStore#memory}. */
    CacheStore memory(long maxBytes);

    /** {@link CacheStore#disk}. */
    CacheStore disk(Path directory, long maxBytes);
}
