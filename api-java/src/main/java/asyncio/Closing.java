package asyncio;

import static asyncio.Asyncio.async;

import org.jspecify.annotations.Nullable;

/** {@link Asyncio#aclosing}. */
record Closing<T extends @Nullable Object>(AsyncGenerator<T> generator)
        implements AsyncContextManager<AsyncGenerator<T>> {
    @Override
    public Awaitable<AsyncGenerator<T>> aenter() {
        return async(() -> generator);
    }

    @Override
    public Awaitable<Boolean> aexit(@Nullable Throwable error) {
        return async(() -> {
            generator.aclose().doAwait();
            return false;
        });
    }
}
