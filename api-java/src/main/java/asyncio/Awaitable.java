package asyncio;

import org.jspecify.annotations.Nullable;

/**
 * What can be awaited: a {@link Coroutine}, a {@link Future}, a {@link Task}, or an object of your own.
 *
 * <p>An object of your own says in {@link #doAwait()} how it is awaited, as Python's {@code __await__} does: by
 * awaiting something else, or by giving its value at once.
 *
 * @param <T> what awaiting it gives
 */
public interface Awaitable<T extends @Nullable Object> {

    /**
     * Waits for the value. The calling coroutine is suspended while there is none, and other code of its loop runs
     * meanwhile; where the value is there already, nothing else runs in between.
     *
     * <p>To be implemented; code that awaits calls {@link Asyncio#await(Awaitable)}, in Kotlin the suspend function
     * {@code x.await()}. To be called from the body of a coroutine only. Python: {@code __await__}.
     *
     * @return the value
     * @throws CancelledError if the waiting task, or what it waits for, was cancelled
     * @throws IllegalStateException if called outside a coroutine, or where the thread cannot be suspended
     */
    T doAwait();
}
