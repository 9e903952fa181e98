package asyncio;

import asyncio.spi.AsyncioProvider;
import org.jspecify.annotations.Nullable;

/**
 * Lets at most so many in at once; the others wait in the order in which they came. Python: {@code asyncio.Semaphore}.
 *
 * <pre>{@code
 * with(semaphore, () -> {
 *     …
 * });
 * }</pre>
 *
 * <p>Anybody may release, and more often than was acquired: that makes more permits. Where that would be a mistake, use
 * a {@link BoundedSemaphore}. To be used in one loop only, by code that runs in it; it may be made anywhere.
 */
public interface Semaphore extends AsyncContextManager<@Nullable Void> {

    /** A semaphore for one at a time. */
    static Semaphore create() {
        return create(1);
    }

    /**
     * A semaphore.
     *
     * @param value how many may enter at once
     * @throws IllegalArgumentException if {@code value} is negative
     */
    static Semaphore create(int value) {
        return AsyncioProvider.get().semaphore(value);
    }

    /**
     * Waits for a permit, and takes it. With one to be had, and nobody waiting for it, nothing else runs in between.
     * Python: {@code await semaphore.acquire()}.
     *
     * <p>The coroutine raises {@link IllegalStateException} where it would have to wait, and the semaphore was waited
     * for in another loop before.
     */
    @CheckReturnValue
    Coroutine<@Nullable Void> acquire();

    /** {@link #acquire()} for try-with-resources: what it gives releases the permit. */
    @CheckReturnValue
    Coroutine<Held> hold();

    /**
     * Gives a permit back. It is at once that of the one who has waited longest, who goes on in the next iteration of
     * the loop.
     *
     * @throws IllegalStateException if called from another thread than the loop's
     */
    void release();

    /** Whether an {@link #acquire()} would have to wait: no permit is left, or somebody waits already. */
    boolean locked();
}
