package asyncio;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * Runs callbacks and tasks, one at a time. Python: the event loop.
 *
 * <p>One iteration moves the timers that are due to the queue of what is ready, and then runs exactly what was ready at
 * its start, first in, first out; what that schedules runs in the next iteration. Most programs need only
 * {@link Asyncio#run(Coroutine)} and never touch the loop.
 *
 * <p>Unless a method says otherwise it may be called only by code that runs in the loop, or while the loop is not
 * running; from elsewhere it throws {@link IllegalStateException}. After {@link #close()} every method that schedules
 * something throws {@link IllegalStateException}.
 */
public interface EventLoop extends AutoCloseable {

    // ---- callbacks and time

    /** Runs {@code callback} in the next iteration, behind what is scheduled already. Python: {@code call_soon}. */
    Handle callSoon(Action callback);

    /** {@link #callSoon(Action)} in {@code context}; otherwise callbacks run in a copy of the current one. */
    Handle callSoon(Action callback, Context context);

    /**
     * {@link #callSoon} for other threads: may be called from any thread, and wakes the loop. Callbacks from one thread
     * run in its order. Python: {@code call_soon_threadsafe}.
     */
    Handle callSoonThreadsafe(Action callback);

    /** {@link #callSoonThreadsafe(Action)} in {@code context}. */
    Handle callSoonThreadsafe(Action callback, Context context);

    /**
     * Runs {@code callback} after {@code delay}; a delay that is negative or zero is due at once, in the next
     * iteration. Timers of the same deadline run in the order in which they were set. Python: {@code call_later}.
     */
    TimerHandle callLater(Duration delay, Action callback);

    /** {@link #callLater(Duration, Action)} in {@code context}. */
    TimerHandle callLater(Duration delay, Action callback, Context context);

    /** Runs {@code callback} at {@code when} on the clock of {@link #time()}. Python: {@code call_at}. */
    TimerHandle callAt(Duration when, Action callback);

    /** {@link #callAt(Duration, Action)} in {@code context}. */
    TimerHandle callAt(Duration when, Action callback, Context context);

    /**
     * The loop's own clock: the time since a moment that is the loop's secret. It never goes backwards. May be called
     * from any thread. Python: {@code time}.
     */
    Duration time();

    // ---- futures, tasks, threads

    /** A pending future of this loop. Python: {@code create_future}. */
    <T extends @Nullable Object> Future<T> createFuture();

    /** {@link Asyncio#createTask(Coroutine)} on this loop; it need not be running yet. Python: {@code create_task}. */
    <T extends @Nullable Object> Task<T> createTask(Coroutine<T> coroutine);

    /** {@link #createTask(Coroutine)} with a name; null for one that is made up. */
    <T extends @Nullable Object> Task<T> createTask(Coroutine<T> coroutine, @Nullable String name);

    /** {@link #createTask(Coroutine)} with a name, a context, or an eager start. */
    <T extends @Nullable Object> Task<T> createTask(Coroutine<T> coroutine, TaskOptions options);

    /**
     * Sets who makes the tasks of this loop; null for the loop itself. {@link Asyncio#eagerTaskFactory()} is one.
     * Python: {@code set_task_factory}.
     */
    void setTaskFactory(@Nullable TaskFactory factory);

    /** The factory that was set, or null. */
    @Nullable
    TaskFactory getTaskFactory();

    /**
     * Runs blocking code on another thread and gives its result to the loop. Cancelling the future takes a job that has
     * not started out of the queue of the default executor; one that runs goes on, and its result is dropped. Python:
     * {@code run_in_executor}.
     *
     * @param executor where to run it; null for the loop's own pool of at most {@code min(32, processors + 4)} threads
     * @param call the blocking code
     */
    <T extends @Nullable Object> Future<T> runInExecutor(@Nullable Executor executor, Callable<? extends T> call);

    /** {@link #runInExecutor(Executor, Callable)} for code without a value. */
    Future<@Nullable Void> runInExecutor(@Nullable Executor executor, Action action);

    /**
     * Sets the pool that {@link #runInExecutor} uses where it is given none. The loop lets it go when it ends:
     * {@code shutdown} is called on it. Python: {@code set_default_executor}.
     */
    void setDefaultExecutor(ExecutorService executor);

    /**
     * Waits until the default executor has ended its jobs; it takes no more. Python: {@code shutdown_default_executor}.
     *
     * @param timeout how long to wait at the most, after which a warning is logged; null for no limit
     */
    @CheckReturnValue
    Coroutine<@Nullable Void> shutdownDefaultExecutor(@Nullable Duration timeout);

    /** Closes all async generators that were begun on this loop and not ended. Python: {@code shutdown_asyncgens}. */
    @CheckReturnValue
    Coroutine<@Nullable Void> shutdownAsyncgens();

    // ---- signals

    /**
     * Has {@code callback} run in the loop when the process gets a signal, instead of what the JVM would do; a second
     * handler of the same signal replaces the first. Python: {@code add_signal_handler}.
     *
     * @param signal its name, such as {@code SIGTERM} or {@code TERM}
     * @throws IllegalArgumentException if the platform has no such signal, or the JVM keeps it for itself
     */
    void addSignalHandler(String signal, Action callback);

    /**
     * Takes the handler away; the signal does again what it did before. Also done by {@link #close()}. Python:
     * {@code remove_signal_handler}.
     *
     * @return whether there was one
     */
    boolean removeSignalHandler(String signal);

    // ---- running

    /**
     * Runs the loop until {@code awaitable} is done, and gives its result; the calling thread waits meanwhile. Python:
     * {@code run_until_complete}.
     *
     * @throws IllegalStateException if this loop runs already, if a loop runs in this thread, or if the loop was
     *     stopped before the awaitable was done
     */
    <T extends @Nullable Object> T runUntilComplete(Awaitable<T> awaitable);

    /**
     * Runs the loop until {@link #stop()}; the calling thread waits meanwhile. Python: {@code run_forever}.
     *
     * @throws IllegalStateException if this loop runs already, or if a loop runs in this thread
     */
    void runForever();

    /**
     * Lets the current iteration finish, then ends {@link #runForever()}; what is still queued waits for the next run.
     * Before a run: that run does one iteration. Python: {@code stop}.
     */
    void stop();

    /** Whether the loop runs. May be called from any thread. */
    boolean isRunning();

    /** Whether the loop was closed. May be called from any thread. */
    boolean isClosed();

    /**
     * Ends the loop for good: drops what is queued, gives up the tasks that are left, lets the default executor go. May
     * be called again. Python: {@code close}.
     *
     * @throws IllegalStateException if the loop is running
     */
    @Override
    void close();

    // ---- debug mode

    /**
     * Turns debug mode on or off: tasks, futures and callbacks remember where they were made, and reports show it;
     * coroutines that nobody awaited are reported (where assertions are on, and in tests of {@code asyncio4j-testing},
     * without debug mode as well); steps and callbacks that take longer than {@link #getSlowCallbackDuration()} are
     * logged. New loops begin with the system property {@code asyncio.debug}. Python: {@code set_debug}.
     */
    void setDebug(boolean enabled);

    /** Whether the loop is in debug mode. */
    boolean getDebug();

    /**
     * From how long on a step is called slow in debug mode; 100 ms at first. Python: {@code slow_callback_duration}.
     */
    void setSlowCallbackDuration(Duration duration);

    /** See {@link #setSlowCallbackDuration}. */
    Duration getSlowCallbackDuration();

    /**
     * From how long on the loop counts as blocked; 2 seconds at first, or as many as the system property
     * {@code asyncio.blocked.after} says. If one step or callback runs longer than that, so that nothing else can run,
     * a warning is logged while it does, with the stack of the culprit; this is not only for debug mode. Zero turns it
     * off. May be called from any thread.
     */
    void setBlockedLoopDuration(Duration duration);

    /** See {@link #setBlockedLoopDuration}. */
    Duration getBlockedLoopDuration();

    // ---- errors

    /**
     * Sets who hears of errors that no code can see; null for {@link #defaultExceptionHandler}. It does not hear of
     * fatal errors (see {@link KeyboardInterrupt}), which leave the loop. Python: {@code set_exception_handler}.
     */
    void setExceptionHandler(@Nullable ExceptionHandler handler);

    /** The handler that was set, or null. */
    @Nullable
    ExceptionHandler getExceptionHandler();

    /** Writes the report to the system logger named {@code asyncio}, at level ERROR. */
    void defaultExceptionHandler(ExceptionContext context);

    /** Gives a report to the handler that was set, or to the default one. Python: {@code call_exception_handler}. */
    void callExceptionHandler(ExceptionContext context);
}
