package asyncio;

import asyncio.spi.AsyncioProvider;
import org.jspecify.annotations.Nullable;

/**
 * The call of an {@code async} function that has not run yet: lazy and one-shot. Its body starts when it is awaited or
 * made a task, and runs once.
 *
 * <p>Made by {@link Asyncio#async(java.util.concurrent.Callable)} and by the library's own functions, such as
 * {@link Asyncio#sleep}. An await runs the body inline, in the task that awaits and on its stack; no other code runs in
 * between unless the body itself awaits something unfinished. Python: a coroutine object.
 *
 * <p>It can also be driven by hand, with {@link #send}, {@link #raise} and {@link #close}, from any thread and without
 * a loop: that is how a scheduler of one's own is written. Whoever drives it is told with each step what it waits for.
 *
 * @param <T> what the body returns
 */
public interface Coroutine<T extends @Nullable Object> extends Awaitable<T> {

    /**
     * {@inheritDoc}
     *
     * @throws IllegalStateException also if the coroutine was awaited or closed before
     */
    @Override
    T doAwait();

    /**
     * The name of the function that made it, such as {@code Shop.greet}, for people. The library finds it when the
     * first coroutine of a place in the source is made. Python: {@code coroutine.__qualname__}.
     *
     * @return the name; of an implementation of your own the name of its class
     */
    default String name() {
        return getClass().getSimpleName();
    }

    /**
     * Runs it to its next suspension, by hand. Python: {@code coroutine.send(value)}.
     *
     * @param value what the {@link #yield} gives at which it is suspended; null at the start, or if it waits for a
     *     future
     * @return what was given to that {@link #yield}, or the {@link Future} that it waits for; null for
     *     {@code sleep(ZERO)}
     * @throws StopIteration if it returned
     * @throws IllegalStateException if it is not the caller's to drive: it was awaited, made a task, has ended, or runs
     */
    @Nullable
    Object send(@Nullable Object value);

    /**
     * {@link #send} that raises {@code error} where the coroutine is suspended. What comes out of it is the same, or
     * any exception that the coroutine lets out. Python: {@code coroutine.throw(error)}.
     */
    @Nullable
    Object raise(Throwable error);

    /**
     * Gives the coroutine up. One that has not started never will; one that is driven by hand sees
     * {@link GeneratorExit} where it is suspended, so that its {@code finally} blocks run. Does nothing to one that has
     * ended. Python: {@code coroutine.close()}.
     *
     * @throws IllegalStateException if a task drives it, or if it waits for something else instead of ending
     */
    void close();

    /**
     * Suspends the calling coroutine and gives {@code value} to whoever drives it by hand. Python: a {@code yield}
     * inside of {@code __await__}.
     *
     * <p>A task, too, takes a null: it goes on in the next iteration. Anything else is refused with
     * {@link IllegalStateException}.
     *
     * @return what the driver sends
     */
    static <S extends @Nullable Object> S yield(@Nullable Object value) {
        return AsyncioProvider.get().yieldToDriver(value);
    }
}
