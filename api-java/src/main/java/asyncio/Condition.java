package asyncio;

import asyncio.spi.AsyncioProvider;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Lock}, and tasks that wait for something that changes under it. Python: {@code asyncio.Condition}.
 *
 * <pre>{@code
 * with(condition, () -> {
 *     await(condition.waitFor(() -> stock > 0));
 *     stock--;
 * });
 *
 * with(condition, () -> {
 *     stock++;
 *     condition.notifyOne();
 * });
 * }</pre>
 *
 * <p>Python's names {@code wait}, {@code notify} and {@code notify_all} belong to {@link Object} in Java, where they
 * mean something else and fail here at once; what Python calls so is {@link #waitNotified()}, {@link #notifyOne()},
 * {@link #notifyWaiters(int)} and {@link #notifyAllWaiters()}.
 *
 * <p>To be used in one loop only, by code that runs in it; it may be made anywhere.
 */
public interface Condition extends AsyncContextManager<@Nullable Void> {

    /** A condition with a lock of its own. */
    static Condition create() {
        return create(Lock.create());
    }

    /**
     * A condition with this lock, which several may share.
     *
     * @param lock one from {@link Lock#create()}
     * @throws IllegalArgumentException if it is from elsewhere
     */
    static Condition create(Lock lock) {
        return AsyncioProvider.get().condition(lock);
    }

    /** {@link Lock#acquire()} of the lock. */
    @CheckReturnValue
    Coroutine<@Nullable Void> acquire();

    /** {@link Lock#hold()} of the lock. */
    @CheckReturnValue
    Coroutine<Held> hold();

    /**
     * {@link Lock#release()} of the lock.
     *
     * @throws IllegalStateException if nobody holds it, or if called from another thread than the loop's
     */
    void release();

    /** Whether somebody holds the lock. */
    boolean locked();

    /**
     * Releases the lock, waits to be notified, and takes the lock again. Python: {@code await condition.wait()}.
     *
     * <p>However it ends, the lock is held again: if the task is cancelled, the {@link CancelledError} comes when the
     * lock is back, and until then further cancellations change nothing. If a task that is cancelled, or fails, had
     * been notified already, another one is notified instead. So a task may be notified without need: check what was
     * waited for, or use {@link #waitFor}.
     *
     * <p>The coroutine raises {@link IllegalStateException} if nobody holds the lock, or if the condition was waited
     * for in another loop before.
     */
    @CheckReturnValue
    Coroutine<@Nullable Void> waitNotified();

    /**
     * {@link #waitNotified()} until {@code predicate} gives true; it is asked at once, and whenever this was notified.
     * What it throws comes out of the await. Python: {@code await condition.wait_for(predicate)}.
     *
     * @param predicate runs under the lock, and must not await
     */
    @CheckReturnValue
    Coroutine<@Nullable Void> waitFor(BooleanSupplier predicate);

    /**
     * {@link #waitFor} for what has to be found: waits until {@code supplier} gives anything but null, and gives that.
     * (Python's {@code wait_for} gives the predicate's value.)
     *
     * @param supplier runs under the lock, and must not await
     */
    @CheckReturnValue
    <T> Coroutine<T> waitForValue(Supplier<? extends @Nullable T> supplier);

    /**
     * Wakes the task that has waited longest, if any. It goes on when it has got the lock, so not before the caller
     * releases it. Python: {@code condition.notify()}.
     *
     * @throws IllegalStateException if nobody holds the lock, or if called from another thread than the loop's
     */
    void notifyOne();

    /**
     * Wakes the {@code n} tasks that have waited longest, or all if there are fewer. They go on one after the other,
     * each when it has got the lock. Python: {@code condition.notify(n)}.
     *
     * @param n how many at most
     * @throws IllegalStateException if nobody holds the lock, or if called from another thread than the loop's
     */
    void notifyWaiters(int n);

    /**
     * Wakes all who wait. They go on one after the other, each when it has got the lock. Python:
     * {@code condition.notify_all()}.
     *
     * @throws IllegalStateException if nobody holds the lock, or if called from another thread than the loop's
     */
    void notifyAllWaiters();
}
