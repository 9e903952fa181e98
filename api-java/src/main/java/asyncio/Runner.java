package asyncio;

import asyncio.spi.AsyncioProvider;
import java.util.concurrent.Callable;
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
     * @throws IllegalStateException if a loop runs in this thread already, or if the runner is closed
     */
    <T extends @Nullable Object> T run(Coroutine<T> main);

    /** {@link #run(Coroutine)} in a context of its own. */
    <T extends @Nullable Object> T run(Coroutine<T> main, Context context);

    /** {@link #run(Coroutine)} of a coroutine with this body. */
    default <T extends @Nullable Object> T run(Callable<? extends T> main) {
        return run(Asyncio.<T>async(main));
    }

    /** {@link #run(Coroutine)} of a coroutine with this body. */
    default void run(Action main) {
        run(Asyncio.async(main));
    }

    /**
     * {@link #run(Coroutine)} of anything that can be awaited. It has a name of its own because a lambda could be an
     * {@link Awaitable} as well as a {@link Callable}.
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
