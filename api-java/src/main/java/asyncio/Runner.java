package asyncio;

import asyncio.spi.AsyncioProvider;
import org.jspecify.annotations.Nullable;

/**
 * Runs several main coroutines, one after the other, on one loop and in one {@link Context};
 * {@link Asyncio#run(Coroutine)} is one such run. Python: {@code asyncio.Runner}.
 *
 * <pre>{@code
 * try (var runner = Runner.create()) {
 *     runner.run(first());
 *     runner.run(second());
 * }
 * }</pre>
 *
 * <p>The loop is made at the first use. To be used by one thread.
 */
public interface Runner extends AutoCloseable {

    /** A runner with a new loop. */
    static Runner create() {
        return create(RunOptions.NONE);
    }

    /** A runner that does as {@code options} say. */
    static Runner create(RunOptions options) {
        return AsyncioProvider.get().runner(options);
    }

    /**
     * Runs {@code main} and gives its result. Ctrl-C and interrupts do what they do in {@link Asyncio#run(Coroutine)}.
     *
     * @throws IllegalStateException if a loop runs in this thread already, if the runner is closed, or if the result is
     *     a coroutine that was not awaited, and so would never run
     */
    <T extends @Nullable Object> T run(Coroutine<T> main);

    /** {@link #run(Coroutine)} in a context of its own. */
    <T extends @Nullable Object> T run(Coroutine<T> main, Context context);

    /**
     * {@link #run(Coroutine)} of a coroutine with this body.
     *
     * @throws E what the body threw
     * @throws IllegalStateException also if the body gave a coroutine that was not awaited, and so would never run
     */
    default <R extends @Nullable Object, E extends Exception> R run(ValueBlock<R, E> main) throws E {
        return run(AsyncioProvider.get().main(main));
    }

    /**
     * {@link #run(Coroutine)} of a coroutine with this body.
     *
     * @throws E what the body threw
     */
    default <E extends Exception> void run(Block<E> main) throws E {
        run(AsyncioProvider.get().main(main));
    }

    /**
     * {@link #run(Coroutine)} of anything that can be awaited. It has a name of its own because a lambda could be an
     * {@link Awaitable} as well as a {@link ValueBlock}.
     */
    <T extends @Nullable Object> T runAwaitable(Awaitable<T> main);

    /**
     * The loop, made if need be.
     *
     * @throws IllegalStateException if the runner is closed
     */
    EventLoop getLoop();

    /**
     * Cancels the tasks that are left and waits for them, closes the async generators that are left, ends the default
     * executor and closes the loop. May be called again.
     */
    @Override
    void close();
}
