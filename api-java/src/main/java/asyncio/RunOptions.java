package asyncio;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How {@link Asyncio#run(Coroutine, RunOptions)} and {@link Runner} run. Python: their keyword arguments.
 *
 * @param debug whether the loop is in {@linkplain EventLoop#setDebug debug mode}; null leaves it as the loop is made
 * @param loopFactory makes the loop; null for {@link Asyncio#newEventLoop}
 */
public record RunOptions(@Nullable Boolean debug, @Nullable Supplier<? extends EventLoop> loopFactory) {
    /** Nothing special. */
    public static final RunOptions NONE = new RunOptions(null, null);

    /** Debug mode. */
    public static RunOptions debugging() {
        return NONE.withDebug(true);
    }

    /** A loop from this factory. */
    public static RunOptions loopFrom(Supplier<? extends EventLoop> loopFactory) {
        return NONE.withLoopFactory(loopFactory);
    }

    /** The same with debug mode on or off. */
    public RunOptions withDebug(@Nullable Boolean debug) {
        return new RunOptions(debug, loopFactory);
    }

    /** The same with a loop from this factory. */
    public RunOptions withLoopFactory(@Nullable Supplier<? extends EventLoop> loopFactory) {
        return new RunOptions(debug, loopFactory);
    }
}
