package asyncio;

import asyncio.spi.AsyncioProvider;
import java.io.PrintStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A coroutine that the loop runs, and the future of its outcome. Python: {@code asyncio.Task}.
 *
 * <p>The first step of a task is queued when it is created, behind what is queued already. The loop holds its
 * unfinished tasks strongly: one that nobody else holds still runs to its end.
 *
 * @param <T> what the coroutine returns
 */
public interface Task<T extends @Nullable Object> extends Future<T> {

    /**
     * The library's own task, for {@linkplain TaskFactory task factories}. Everybody else calls
     * {@link EventLoop#createTask(Coroutine)}, which asks the factory. Python: {@code asyncio.Task(coro, loop=…, …)}.
     */
    static <T extends @Nullable Object> Task<T> create(EventLoop loop, Coroutine<T> coroutine, TaskOptions options) {
        return AsyncioProvider.get().newTask(loop, coroutine, options);
    }

    /**
     * Asks the task to stop: {@link CancelledError} is raised, once, at the await where it is suspended, or at its next
     * one. A task that has not started never runs. The coroutine may catch the error, clean up, await meanwhile, and
     * even go on; the task is {@link #cancelled()} only when its coroutine ends with that error.
     *
     * @return false if the task was done already
     */
    @Override
    boolean cancel(@Nullable String message);

    /** How many cancellations were asked for and not taken back by {@link #uncancel()}. */
    int cancelling();

    /**
     * Takes one request for cancellation back. The last one also revokes a {@link CancelledError} that is not raised
     * yet.
     *
     * @return how many requests remain
     */
    int uncancel();

    /** The name; {@code Task-1}, {@code Task-2}, … unless another was given. */
    String getName();

    /** Sets the name that logs and error reports show. */
    void setName(String name);

    /** The coroutine that it runs; null if that ended in the task's eager first step. */
    @Nullable
    Coroutine<T> getCoro();

    /** The context that its steps run in. Python: {@code get_context}. */
    Context getContext();

    /** {@link #getStack(int)} without a limit. */
    default List<StackTraceElement> getStack() {
        return getStack(Integer.MAX_VALUE);
    }

    /**
     * Where the code of the task stands, innermost frame first: of one that is suspended the whole stack down to the
     * body of its coroutine, through Java bodies and suspend functions; of one that has failed the stack of its
     * exception; nothing of one that has not started, has ended otherwise, or runs the library's own code only. Frames
     * of this library and of the JDK are left out. Python: {@code get_stack}.
     *
     * <p>Meant for looking into a program, also from other threads; what runs meanwhile may be shown half.
     *
     * @param limit how many frames at most: the innermost ones of a stack, the outermost ones of an exception
     */
    List<StackTraceElement> getStack(int limit);

    /** {@link #printStack(PrintStream)} to {@link System#err}. */
    default void printStack() {
        printStack(System.err);
    }

    /** Prints {@link #getStack()} for people. Python: {@code print_stack}. */
    default void printStack(PrintStream out) {
        printStack(out, Integer.MAX_VALUE);
    }

    /** {@link #printStack(PrintStream)} of {@link #getStack(int)}. */
    void printStack(PrintStream out, int limit);

    /**
     * Not for tasks: the outcome of a task is that of its coroutine.
     *
     * @throws IllegalStateException always
     */
    @Override
    void setResult(T result);

    /**
     * Not for tasks: the outcome of a task is that of its coroutine.
     *
     * @throws IllegalStateException always
     */
    @Override
    void setException(Throwable exception);
}
