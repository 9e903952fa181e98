package asyncio.http;

import asyncio.CheckReturnValue;
import asyncio.Coroutine;
import asyncio.spi.HttpProvider;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where a {@link CacheMiddleware} keeps responses: bytes by their keys. It may forget them at any time. Implement it to
 * keep them elsewhere; several tasks may call it at once.
 */
public interface CacheStore {

    /**
     * In memory; what was not used for the longest time goes first. For several loops.
     *
     * @throws IllegalArgumentException if the number of bytes is not positive
     */
    static CacheStore memory(long maxBytes) {
        return HttpProvider.get().caches().memory(maxBytes);
    }

    /**
     * In files of a directory, which is made if it is missing and holds nothing else. What was not used for the longest
     * time goes first. Files that cannot be read are not there. Only the owner may read them, where the file system
     * knows owners. Disks are touched in the loop's pool of threads. For one process.
     *
     * @throws IllegalArgumentException if the number of bytes is not positive
     */
    static CacheStore disk(Path directory, long maxBytes) {
        return HttpProvider.get().caches().disk(directory, maxBytes);
    }

    /** What was stored; null for nothing. It is not changed by its user. */
    @CheckReturnValue
    Coroutine<byte @Nullable []> get(String key);

    /** Stores it, in the place of what was there. It is not changed afterwards. */
    @CheckReturnValue
    Coroutine<@Nullable Void> put(String key, byte[] entry);

    /** Forgets it, if it is there. */
    @CheckReturnValue
    Coroutine<@Nullable Void> remove(String key);
}
