package asyncio;

import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How {@link Asyncio#run(Coroutine, RunOptions)} and {@link Runner} run. Immutable: the methods give other options.
 * Python: their keyword arguments.
 */
public final class RunOptions {
    /** Nothing special. */
    public static final RunOptions NONE = new RunOptions(null, null);

    private final @Nullable Boolean debug;
    private final @Nullable Supplier<? extends EventLoop> loopFactory;

    private RunOptions(@Nullable Boolean debug, @Nullable Supplier<? extends EventLoop> loopFactory) {
        this.debug = debug;
        this.loopFactory = loopFactory;
    }

    /** Debug mode. */
    public static RunOptions debugging() {
        return NONE.withDebug(true);
    }

    /** A loop from this factory. */
    public static RunOptions loopFrom(Supplier<? extends EventLoop> loopFactory) {
        return NONE.withLoopFactory(loopFactory);
    }

    /** The same with debug mode on or off; null leaves it as the loop is made. */
    public RunOptions withDebug(@Nullable Boolean debug) {
        return new RunOptions(debug, loopFactory);
    }

    /** The same with a loop from this factory; null for {@link Asyncio#newEventLoop}. */
    public RunOptions withLoopFactory(@Nullable Supplier<? extends EventLoop> loopFactory) {
        return new RunOptions(debug, loopFactory);
    }

    /** Whether the loop is in {@linkplain EventLoop#setDebug debug mode}; null leaves it as the loop is made. */
    public @Nullable Boolean debug() {
        return debug;
    }

    /** What makes the loop; null for {@link Asyncio#newEventLoop}. Python: {@code loop_factory}. */
    public @Nullable Supplier<? extends EventLoop> loopFactory() {
        return loopFactory;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RunOptions that
                && Objects.equals(debug, that.debug)
                && Objects.equals(loopFactory, that.loopFactory);
    }

    @Override
    public int hashCode() {
        return Objects.hash(debug, loopFactory);
    }

    @Override
    public String toString() {
        return "RunOptions[debug=" + debug + ", loopFactory=" + loopFactory + "]";
    }
}
