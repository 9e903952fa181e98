package asyncio;

import java.util.Optional;
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

    /** The value before; empty if there was none (or null). Python: {@code old_value}. */
    Optional<T> oldValue();

    /** {@link ContextVar#reset} with this token. */
    @Override
    void close();
}
