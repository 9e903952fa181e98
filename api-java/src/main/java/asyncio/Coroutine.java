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
     * Gives the coroutine up. One that has not started never will. In one that is suspended, {@link GeneratorExit} is
     * raised at its await, so that its {@code finally} blocks run. Does nothing to one that has ended. Python:
     * {@code coroutine.close()}.
     *
     * @throws IllegalStateException if the coroutine is running, is driven by a task, or awaits while it is being
     *     closed
     */
    void close();
}
