package asyncio;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A result that will be there later; the meeting point of callbacks and coroutines. Python: {@code asyncio.Future}.
 *
 * <p>A future is pending, then either finished (with a result or an exception) or cancelled, and stays so. It belongs
 * to one loop and, but for {@link #toCompletableFuture()}, may be touched only by code that runs in that loop; from
 * other threads go through {@link EventLoop#callSoonThreadsafe}.
 *
 * @param <T> the result
 */
public interface Future<T extends @Nullable Object> extends Awaitable<T> {

    /** Whether it is finished or cancelled. */
    boolean done();

    /** Whether it was cancelled. */
    boolean cancelled();

    /**
     * The result, at once.
     *
     * @throws CancelledError if it was cancelled
     * @throws InvalidStateException if it is not done yet
     */
    T result();

    /**
     * The exception it finished with, or null if it finished with a result. Whoever asks has seen the exception: it
     * will not be reported as one that nobody retrieved.
     *
     * @throws CancelledError if it was cancelled
     * @throws InvalidStateException if it is not done yet
     */
    @Nullable
    Throwable exception();

    /**
     * Finishes it with a result. Callbacks and waiting tasks are scheduled, not run from here.
     *
     * @throws InvalidStateException if it is done already
     * @throws IllegalStateException if called from a thread that is not the loop's
     */
    void setResult(T result);

    /**
     * Finishes it with an exception, which comes out of every {@code await} as this same object.
     *
     * @throws InvalidStateException if it is done already
     * @throws IllegalStateException if called from a thread that is not the loop's
     */
    void setException(Throwable exception);

    /** {@link #cancel(String)} without a message. */
    default boolean cancel() {
        return cancel(null);
    }

    /**
     * Cancels it, and schedules its callbacks.
     *
     * @param message travels in the {@link CancelledError}
     * @return false if it was done already, and nothing changed
     */
    boolean cancel(@Nullable String message);

    /**
     * Calls {@code callback} with this future soon after it is done; also if it is done already, but never from inside
     * this call. Callbacks run in the order in which they were added. One that throws is reported to the loop's
     * exception handler, and the others still run.
     */
    void addDoneCallback(DoneCallback<? super Future<T>> callback);

    /**
     * {@link #addDoneCallback(DoneCallback)} that runs {@code callback} in {@code context}, not in a copy of the
     * current one.
     */
    void addDoneCallback(DoneCallback<? super Future<T>> callback, Context context);

    /**
     * Takes every registration of {@code callback} away.
     *
     * <p>Callbacks are compared with {@code equals}, and each evaluation of a method reference or lambda gives a new
     * object: {@code removeDoneCallback(this::changed)} removes nothing. Keep the object that was added:
     *
     * <pre>{@code
     * DoneCallback<Future<String>> changed = this::changed;
     * future.addDoneCallback(changed);
     * …
     * future.removeDoneCallback(changed);
     * }</pre>
     *
     * @return how many there were
     */
    int removeDoneCallback(DoneCallback<? super Future<T>> callback);

    /** The loop it belongs to. */
    EventLoop getLoop();

    /**
     * The same result for Java's own asynchronous code; may be called from any thread. Cancelling the returned future
     * cancels this one, and a cancellation of this one arrives there as
     * {@link java.util.concurrent.CancellationException}.
     */
    CompletableFuture<T> toCompletableFuture();
}
