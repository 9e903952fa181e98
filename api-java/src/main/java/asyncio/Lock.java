package asyncio;

import asyncio.spi.AsyncioProvider;
import org.jspecify.annotations.Nullable;

/**
 * Lets one in at a time; the others wait in the order in which they came. Python: {@code asyncio.Lock}.
 *
 * <pre>{@code
 * with(lock, () -> {
 *     …
 * });
 * }</pre>
 *
 * <p>Between two awaits nothing else runs in a loop anyway: a lock is for what must not be mixed although it awaits.
 * Unlike Java's locks it belongs to nobody: its holder who acquires it again waits for itself, and anybody may release
 * it. To be used in one loop only, by code that runs in it; it may be made anywhere.
 */
public interface Lock extends AsyncContextManager<@Nullable Void> {

    /** A lock that is free. */
    static Lock create() {
        return AsyncioProvider.get().lock();
    }

    /**
     * Waits until the lock is free and nobody came earlier, and takes it. Where that is so at once, nothing else runs
     * in between. Python: {@code await lock.acquire()}.
     *
     * <p>The coroutine raises {@link IllegalStateException} where it would have to wait, and the lock was waited for in
     * another loop before.
     */
    @CheckReturnValue
    Coroutine<@Nullable Void> acquire();

    /**
     * {@link #acquire()} for try-with-resources: what it gives releases the lock. It does what {@link Asyncio#with}
     * does, and lets checked exceptions of the block through.
     */
    @CheckReturnValue
    Coroutine<Held> hold();

    /**
     * Frees the lock. Who has waited longest gets it in the next iteration of the loop; until then it is not
     * {@link #locked()}, but nobody else can take it.
     *
     * @throws IllegalStateException if nobody holds it, or if called from another thread than the loop's
     */
    void release();

    /** Whether somebody holds it. */
    boolean locked();
}
