package asyncio;

import asyncio.spi.RecursiveText;
import org.jspecify.annotations.Nullable;

/**
 * How something ended: with a value, or with an exception. What {@link Asyncio#gatherOutcomes} gives for each of its
 * awaitables. Python: an element of the list of {@code gather(return_exceptions=True)}.
 *
 * @param <T> the value
 */
public sealed interface Outcome<T extends @Nullable Object> {

    /** It returned {@code value}. */
    record Success<T extends @Nullable Object>(T value) implements Outcome<T> {
        @Override
        public String toString() {
            return RecursiveText.of(this, () -> "Success[value=" + value + "]");
        }
    }

    /** It raised {@code exception}; a {@link CancelledError} if it was cancelled. */
    record Failure<T extends @Nullable Object>(Throwable exception) implements Outcome<T> {
        @Override
        public String toString() {
            return RecursiveText.of(this, () -> "Failure[exception=" + exception + "]");
        }
    }

    /** Whether there is a value. */
    default boolean succeeded() {
        return this instanceof Success;
    }

    /**
     * The value.
     *
     * @throws IllegalStateException caused by the exception, if there is none
     */
    default T value() {
        if (this instanceof Success<T> success) {
            return success.value();
        }
        throw new IllegalStateException("There is no value, it failed; see exception()", exception());
    }

    /** The exception, or null. */
    default @Nullable Throwable exception() {
        return this instanceof Failure<T> failure ? failure.exception : null;
    }
}
