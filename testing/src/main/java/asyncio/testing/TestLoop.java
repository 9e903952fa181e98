package asyncio.testing;

import asyncio.Asyncio;
import asyncio.Awaitable;
import asyncio.Block;
import asyncio.Coroutine;
import asyncio.EventLoop;
import asyncio.ExceptionContext;
import asyncio.ValueBlock;
import asyncio.internal.testing.TestLoopImpl;
import asyncio.internal.testing.TestRun;
import asyncio.spi.AsyncioProvider;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An event loop in virtual time: its clock has nothing to do with the one on the wall. Whatever a program does between
 * two timers takes no time at all, and everything happens in the same order each time.
 *
 * <p>How time moves depends on how the loop is run:
 *
 * <ul>
 *   <li>{@link #runUntilComplete} and {@link #runForever}: as soon as nothing is ready, the clock jumps to the next
 *       timer.
 *   <li>{@link #advance}: the clock moves just so far.
 *   <li>{@link #runUntilBlocked}, and while the loop is not running: the clock stands.
 * </ul>
 *
 * <p><b>Threads.</b> What {@code toThread} and {@code runInExecutor} were given counts: while a thread works for the
 * loop, or has yet to begin, the clock does not jump. Work of other threads cannot be seen: a {@code CompletionStage}
 * that is awaited, what Kotlin does in {@code withContext(Dispatchers.IO)}, a thread that will call
 * {@code callSoonThreadsafe}. For such a thread hold the clock with {@link #holdTime}.
 *
 * <p><b>Reports.</b> What asyncio would log, such as exceptions that nobody retrieved, is kept for {@link #takeReports}
 * as long as no exception handler is set.
 *
 * <p>Real I/O knows nothing of virtual time: a client session needs a loop of the usual kind ({@link Time#REAL}).
 */
public interface TestLoop extends EventLoop {
    /** A new loop, at time zero; to be closed. */
    static TestLoop create() {
        return new TestLoopImpl();
    }

    /**
     * {@link Asyncio#run(Coroutine)} in virtual time: a new loop runs {@code main} to its end, and is closed.
     *
     * @throws DeadlockError if the program cannot go on
     * @throws AssertionError if tasks are left running, if something was reported to the loop's exception handler, or
     *     if it took more than ten seconds of real time
     */
    static <T extends @Nullable Object> T run(Coroutine<T> main) {
        return TestRun.runVirtually(main);
    }

    /**
     * {@link #run(Coroutine)} of a coroutine with this body.
     *
     * @throws E what the body threw
     */
    static <R extends @Nullable Object, E extends Exception> R run(ValueBlock<R, E> main) throws E {
        return run(AsyncioProvider.get().main(main));
    }

    /**
     * {@link #run(Coroutine)} of a coroutine with this body.
     *
     * @throws E what the body threw
     */
    static <E extends Exception> void run(Block<E> main) throws E {
        run(AsyncioProvider.get().main(main));
    }

    /**
     * {@inheritDoc}
     *
     * <p>The clock jumps.
     *
     * @throws DeadlockError if nothing is ready, no timer is set, no thread works for the loop, and it is not done.
     *     (While a {@code CompletionStage} is awaited, or Kotlin code is suspended by other means than ours, the loop
     *     waits instead: another thread may be about to go on.)
     */
    @Override
    <T extends @Nullable Object> T runUntilComplete(Awaitable<T> awaitable);

    /**
     * Runs until all tasks are blocked: nothing is ready, what is due has been run, and no thread works for the loop.
     * Time stands. For code outside the loop.
     *
     * @throws IllegalStateException if the loop is running
     */
    void runUntilBlocked();

    /**
     * Moves the clock by {@code duration}: runs what is ready, and what comes due on the way, each at its time. It does
     * not wait for other threads; call {@link #runUntilBlocked} before, which does. For code outside the loop; inside,
     * {@code await(sleep(duration))} does the same.
     *
     * @throws IllegalArgumentException if the duration is negative
     * @throws IllegalStateException if the loop is running
     */
    void advance(Duration duration);

    /**
     * Waits until all others are blocked: nothing else is ready, and no thread works for the loop. Time does not move
     * meanwhile. Where several wait for it, the first of them goes on first. For code in the loop.
     */
    Coroutine<@Nullable Void> untilBlocked();

    /**
     * Keeps the clock from jumping until the result is closed, because a thread that the loop does not know works for
     * it. From any thread.
     */
    Hold holdTime();

    /** What was reported since the last call, in order. Whoever takes it has expected it. */
    List<ExceptionContext> takeReports();

    /** Keeps the clock from jumping. */
    interface Hold extends AutoCloseable {
        /** Lets it go on. From any thread; a second call does nothing. */
        @Override
        void close();
    }
}
