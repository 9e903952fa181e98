package asyncio.vertx;

import asyncio.CheckReturnValue;
import asyncio.Coroutine;
import org.jspecify.annotations.Nullable;

/**
 * A stream of Vert.x's that tasks write to. Several tasks may. Code of the loop only.
 *
 * @param <T> the items
 */
public interface Sink<T> {
    /**
     * Writes {@code item}, and then waits while the write queue of the stream is full. Python:
     * {@code StreamWriter.write} and {@code drain}.
     *
     * @return raises what this or an earlier write has failed with
     */
    @CheckReturnValue
    Coroutine<@Nullable Void> write(T item);

    /**
     * Ends the stream, and waits until that is done.
     *
     * @return raises what this or an earlier write has failed with
     */
    @CheckReturnValue
    Coroutine<@Nullable Void> end();

    /** {@link #write} and {@link #end()} in one. */
    @CheckReturnValue
    Coroutine<@Nullable Void> end(T item);
}
