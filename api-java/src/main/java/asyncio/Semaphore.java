package asyncio;

import asyncio.spi.AsyncioProvider;
import org.jspecify.annotations.Nullable;

/**
 * Lets at most so many in at once; the others wait in the order in which they came. Python: {@code asyncio.Semaphore}.
 *
 * <pre>{@code
 * await(semaphore.acquire());
 * try {
 *     …
 * } finally {
 *     semaphore.release();
 * }
 * }</pre>
 *
 * <p>To be used in one loop only, by code that runs in it.
 */
public interface Semaphore {

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
     */
    Coroutine<@Nullable Void> acquire();

    /** Gives a permit back; the one who has waited longest gets it. */
    void release();

    /** Whether an {@link #acquire()} would have to wait. */
    boolean locked();
}
