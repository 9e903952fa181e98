package asyncio;

import org.jspecify.annotations.Nullable;

/**
 * What {@link ContextVar#set} gives, so that the former value can be put back, with {@link ContextVar#reset} or at the
 * end of a {@code try (var token = variable.set(…))}. Python: {@code contextvars.Token}.
 *
 * @param <T> the value of the variable
 */
public interface Token<T extends @Nullable Object> extends AutoCloseable {
    /** The variable. */
    ContextVar<T> variable();

    /** Whether there was a value before, if only null. Python: {@code token.old_value is not Token.MISSING}. */
    boolean hasOldValue();

    /** The value before; null if there was none, see {@link #hasOldValue()}. Python: {@code old_value}. */
    @Nullable
    T oldValue();

    /** {@link ContextVar#reset} with this token. */
    @Override
    void close();
}
