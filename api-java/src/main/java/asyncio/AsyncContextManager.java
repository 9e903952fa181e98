package asyncio;

import org.jspecify.annotations.Nullable;

/**
 * What is entered before a block of code and left after it, and may await at both. To be used with
 * {@link Asyncio#with(AsyncContextManager, WithBlock)}. Python: an object with {@code __aenter__} and
 * {@code __aexit__}.
 *
 * @param <V> what the block gets
 */
public interface AsyncContextManager<V extends @Nullable Object> {

    /** Enters; the value is what the block gets. Python: {@code __aenter__}. */
    @CheckReturnValue
    Awaitable<V> aenter();

    /**
     * Leaves. What it raises comes out of the block instead of {@code error}. Python: {@code __aexit__}.
     *
     * @param error what the block raised, a {@link CancelledError} included; null if it raised nothing
     * @return whether {@code error} shall go no further
     */
    @CheckReturnValue
    Awaitable<Boolean> aexit(@Nullable Throwable error);
}
