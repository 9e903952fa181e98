package asyncio;

import asyncio.spi.AsyncioProvider;
import org.jspecify.annotations.Nullable;

/**
 * Where tasks wait for each other until so many have come; then all go on, and it can be used again. Python:
 * {@code asyncio.Barrier}.
 *
 * <p>In {@link Asyncio#with(AsyncContextManager, WithBlock)} it is waited for at the beginning of the block, which gets
 * the index; at the end of the block nothing happens. To be used in one loop only, by code that runs in it; it may be
 * made anywhere.
 */
public interface Barrier extends AsyncContextManager<Integer> {

    /**
     * A barrier.
     *
     * @param parties how many have to come
     * @throws IllegalArgumentException if {@code parties} is not positive
     */
    static Barrier create(int parties) {
        return AsyncioProvider.get().barrier(parties);
    }

    /**
     * Waits until all have come, this one included. Who comes while those who have met are still leaving waits until
     * they have left. A task that is cancelled while it waits is as if it had not come. Python: {@code await
     * barrier.wait()}.
     *
     * <p>The coroutine raises {@link BrokenBarrierException} if the barrier is aborted or was, or is reset meanwhile;
     * and {@link IllegalStateException} if it was waited for in another loop before.
     *
     * @return a coroutine of an index from 0 to {@link #parties()} - 1, in the order of coming. Of those who go on
     *     together each has another one: that of a task that was cancelled is given to the next who comes
     */
    @CheckReturnValue
    Coroutine<Integer> waitAll();

    /**
     * Makes the barrier as good as new. Those who wait get a {@link BrokenBarrierException}. Python: {@code await
     * barrier.reset()}.
     */
    @CheckReturnValue
    Coroutine<@Nullable Void> reset();

    /**
     * Breaks the barrier: who waits, and who comes from now on, gets a {@link BrokenBarrierException}, until somebody
     * {@link #reset()}s it. For when one of the parties will not come. Python: {@code await barrier.abort()}.
     */
    @CheckReturnValue
    Coroutine<@Nullable Void> abort();

    /** How many have to come. */
    int parties();

    /** How many have come and wait for the others. Python: {@code barrier.n_waiting}. */
    int nWaiting();

    /** Whether it was {@link #abort() aborted}, and not reset since. */
    boolean broken();
}
