package asyncio;

import org.jspecify.annotations.Nullable;

/**
 * The call of an {@code async} function that has not run yet: lazy and one-shot. Its body starts when it is awaited or
 * made a task, and runs once.
 *
 * <p>Made by {@link Asyncio#async(java.util.concurrent.Callable)} and by the library's own functions, such as
 * {@link Asyncio#sleep}. An {@link #await()} runs the body inline, in the task that awaits and on its stack; no other
 * code runs in between unless the body itself awaits something unfinished. Python: a coroutine object.
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
    T await();

    /**
     * Gives a coroutine up that has not started: it never will. Does nothing to one that has ended. Python:
     * {@code coroutine.close()}.
     *
     * @throws IllegalStateException if a task drives it
     */
    void close();
}
