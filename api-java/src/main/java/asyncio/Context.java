package asyncio;

import asyncio.spi.AsyncioProvider;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * The values of all {@link ContextVar}s for some code. Tasks and callbacks have one each, copied from the code that
 * made them unless they are given another; a plain {@code await} of a coroutine shares that of its caller. Copies cost
 * nothing. Python: {@code contextvars.Context}.
 */
public interface Context {

    /** An empty context. Python: {@code contextvars.Context()}. */
    static Context create() {
        return AsyncioProvider.get().newContext();
    }

    /**
     * Runs {@code code} in this context: what it sets stays in here. In a coroutine it may await.
     *
     * @throws IllegalStateException if the context is entered already
     */
    <T extends @Nullable Object> T run(Callable<? extends T> code);

    /** {@link #run(Callable)} for code without a value. */
    void run(Action code);

    /** A copy. */
    Context copy();

    /**
     * The value of {@code variable} in this context; its default does not count.
     *
     * @throws NoSuchElementException if it has none
     */
    <T extends @Nullable Object> T get(ContextVar<T> variable);

    /** The value of {@code variable} in this context, or else {@code defaultValue}. */
    <T extends @Nullable Object> T get(ContextVar<T> variable, T defaultValue);

    /** Whether {@code variable} was set in this context. */
    boolean contains(ContextVar<?> variable);

    /** All that is set, as it is now. */
    Map<ContextVar<?>, @Nullable Object> asMap();
}
