package asyncio;

import org.jspecify.annotations.Nullable;

/**
 * Items that a piece of code makes one by one, whenever one is asked for, awaiting as it likes in between. Made by
 * {@link Asyncio#asyncGenerator}. Python: an asynchronous generator.
 *
 * <p>The body runs in the task, and in the context, of whoever asks for an item. A generator that is left before its
 * end stays suspended: its {@code finally} blocks run at {@link #aclose()} (see {@link Asyncio#aclosing}), soon after
 * it became garbage, or when the loop shuts down.
 *
 * @param <T> the items
 */
public interface AsyncGenerator<T extends @Nullable Object> extends AsyncIterator<T> {

    /**
     * Runs the body to its next item.
     *
     * @return raises {@link StopAsyncIteration} at the end, and {@link IllegalStateException} if somebody else waits
     *     for an item already
     */
    @Override
    @CheckReturnValue
    Coroutine<T> anext();

    /**
     * {@link #anext()} that makes {@code value} the result of the {@link Yielder#yield} where the body is suspended.
     *
     * @param value null if the body has not started
     */
    @CheckReturnValue
    Coroutine<T> asend(@Nullable Object value);

    /**
     * {@link #anext()} that raises {@code error} at the yield where the body is suspended. If the body has not started
     * it never will, and {@code error} comes out at once. Python: {@code athrow}.
     *
     * @return gives the next item; null if the body has ended before
     */
    @CheckReturnValue
    Coroutine<@Nullable T> athrow(Throwable error);

    /**
     * Raises {@link GeneratorExit} at the yield where the body is suspended, so that its {@code finally} blocks run. If
     * the body has not started it never will; if it has ended, nothing happens. Python: {@code aclose}.
     *
     * @return raises {@link IllegalStateException} if the body yields another item instead of ending; after that
     *     {@code aclose} and {@link #athrow} raise {@link StopAsyncIteration}, and only {@link #anext()} goes on
     */
    @CheckReturnValue
    Coroutine<@Nullable Void> aclose();

    /**
     * The body of a generator.
     *
     * @param <T> the items
     */
    @FunctionalInterface
    interface Body<T extends @Nullable Object> {
        /** Makes the items, and gives each to {@code out}. */
        void run(Yielder<T> out) throws Exception;
    }

    /**
     * Where the body gives its items.
     *
     * @param <T> the items
     */
    interface Yielder<T extends @Nullable Object> {
        /**
         * Gives an item and waits until the next one is asked for. To be called by the body itself. Python:
         * {@code yield}.
         *
         * @return what was given to {@link AsyncGenerator#asend}; null for {@link AsyncGenerator#anext}
         * @throws GeneratorExit if the generator is closed
         */
        <S extends @Nullable Object> S yield(T item);
    }
}
