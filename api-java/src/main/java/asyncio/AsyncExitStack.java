package asyncio;

import asyncio.spi.AsyncioProvider;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Any number of managers, resources and callbacks, to be left together, the latest first. For when it turns out only in
 * the block how many there are. Python: {@code contextlib.AsyncExitStack}.
 *
 * <pre>{@code
 * with(AsyncExitStack.create(), stack -> {
 *     for (var lock : locks) {
 *         await(stack.enterAsyncContext(lock));
 *     }
 *     …
 * });
 * }</pre>
 *
 * <p>Each exit hears of the error of the block, or of the exit before it, and may swallow or replace it, as if the
 * blocks were nested. An error that was replaced is among the {@linkplain Throwable#getSuppressed() suppressed} ones of
 * its successor.
 */
public interface AsyncExitStack extends AsyncContextManager<AsyncExitStack> {

    /** An empty stack. */
    @CheckReturnValue
    static AsyncExitStack create() {
        return AsyncioProvider.get().asyncExitStack();
    }

    /**
     * Enters {@code manager}, and has it left with the stack. Python: {@code enter_async_context}.
     *
     * @return gives what the manager's {@code aenter} gives
     */
    @CheckReturnValue
    <V extends @Nullable Object> Coroutine<V> enterAsyncContext(AsyncContextManager<V> manager);

    /**
     * Has {@code resource} closed with the stack. Python: {@code enter_context}.
     *
     * @return the resource
     */
    <R extends AutoCloseable> R enterContext(R resource);

    /** Has {@code manager}, which was entered already, left with the stack. Python: {@code push_async_exit}. */
    default void pushAsyncExit(AsyncContextManager<?> manager) {
        pushAsyncExit((Exit) manager::aexit);
    }

    /** Has {@code exit} called with the stack. Python: {@code push_async_exit}. */
    void pushAsyncExit(Exit exit);

    /**
     * Has the awaitable of {@code callback} awaited with the stack. Unlike an exit it hears of no error. Python:
     * {@code push_async_callback}.
     */
    void pushAsyncCallback(Callable<? extends Awaitable<?>> callback);

    /** Has {@code callback} run with the stack; in it one may await. Python: {@code callback}. */
    void callback(Action callback);

    /**
     * Moves everything to a new stack, so that the end of this one's block leaves nothing. For when all has gone well,
     * and somebody else takes over. Python: {@code pop_all}.
     */
    @CheckReturnValue
    AsyncExitStack popAll();

    /** Leaves everything now. Python: {@code aclose}. */
    @CheckReturnValue
    Coroutine<@Nullable Void> aclose();

    /** An exit by itself: {@link AsyncContextManager#aexit}. */
    @FunctionalInterface
    interface Exit {
        /**
         * Leaves.
         *
         * @param error what was raised before; null if nothing was
         * @return whether {@code error} shall go no further
         */
        Awaitable<Boolean> aexit(@Nullable Throwable error) throws Exception;
    }
}
