package asyncio;

import asyncio.spi.AsyncioProvider;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * A variable whose value belongs to a {@link Context}: each task has its own, which begins as a copy of that of the
 * code that made the task. To be kept in a static final field. May be used from any thread; a thread that runs no loop
 * has a context of its own. Python: {@code contextvars.ContextVar}.
 *
 * @param <T> the value
 */
public interface ContextVar<T extends @Nullable Object> {

    /** A variable without a default. */
    static <T extends @Nullable Object> ContextVar<T> create(String name) {
        return AsyncioProvider.get().contextVar(name);
    }

    /** A variable with a default. */
    static <T extends @Nullable Object> ContextVar<T> create(String name, T defaultValue) {
        return AsyncioProvider.get().contextVar(name, defaultValue);
    }

    /** The name, which is for people. */
    String name();

    /**
     * The value in the current context, or else the default.
     *
     * @throws NoSuchElementException if there is neither
     */
    T get();

    /** The value in the current context, or else {@code defaultValue}. */
    T get(T defaultValue);

    /**
     * Sets the value in the current context.
     *
     * @return what {@link #reset} needs to put the former value back; also an {@link AutoCloseable} that does so
     */
    Token<T> set(T value);

    /**
     * Puts the value back that was there before the {@link #set} which gave {@code token}.
     *
     * @throws IllegalArgumentException if the token is another variable's, or was made in another context
     * @throws IllegalStateException if it was used before
     */
    void reset(Token<T> token);
}
