package asyncio;

import asyncio.spi.AsyncioProvider;

/**
 * A {@link Semaphore} that never has more permits than at its start: a {@link #release()} too many is refused. Python:
 * {@code asyncio.BoundedSemaphore}.
 */
public interface BoundedSemaphore extends Semaphore {

    /** A bounded semaphore for one at a time. */
    static BoundedSemaphore create() {
        return create(1);
    }

    /**
     * A bounded semaphore.
     *
     * @param value how many may enter at once
     * @throws IllegalArgumentException if {@code value} is negative
     */
    static BoundedSemaphore create(int value) {
        return AsyncioProvider.get().boundedSemaphore(value);
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException if all permits are there already
     */
    @Override
    void release();
}
