package asyncio;

import org.jspecify.annotations.Nullable;

/**
 * Tasks that end together: the block of a group ends when all of them have. Made by {@link Asyncio#taskGroup}. Python:
 * {@code asyncio.TaskGroup}.
 *
 * <pre>{@code
 * with(taskGroup(), group -> {
 *     var one = group.createTask(fetch(first));
 *     var two = group.createTask(fetch(second));
 * });
 * // Both are done here.
 * }</pre>
 *
 * <p>The first task that fails, or the block itself when it throws, has all other tasks and the block cancelled; once
 * all have ended, an {@link ExceptionGroup} of what failed comes out of the block, in the order in which it failed,
 * also if that is only one. A task that was cancelled has not failed. A fatal error, such as {@link KeyboardInterrupt},
 * comes out bare.
 *
 * <p>If the task that runs the block is cancelled from outside, so are the group's tasks, and {@link CancelledError}
 * comes out of the block when they have ended. If some of them then fail, the {@link ExceptionGroup} comes out, and
 * {@link CancelledError} is raised at the next await after it.
 *
 * <p>A group can be used for one block. Its tasks may add more tasks as long as one of them runs.
 */
public interface TaskGroup extends AsyncContextManager<TaskGroup> {

    /**
     * {@link Asyncio#createTask(Coroutine)} of a task that belongs to the group. Python: {@code create_task}.
     *
     * @throws IllegalStateException if the block has not been entered or has ended, or if the group is being cancelled;
     *     the coroutine is closed then
     */
    <T extends @Nullable Object> Task<T> createTask(Coroutine<T> coroutine);

    /** {@link #createTask(Coroutine)} with a name; null for one that is made up. */
    <T extends @Nullable Object> Task<T> createTask(Coroutine<T> coroutine, @Nullable String name);

    /** {@link #createTask(Coroutine)} with a name, a context, or an eager start. */
    <T extends @Nullable Object> Task<T> createTask(Coroutine<T> coroutine, TaskOptions options);

    /**
     * Cancels the tasks of the group and its block, which then ends without an exception unless some task fails
     * meanwhile. A group that has not been entered is cancelled when it is; one that has ended stays as it is. Python:
     * {@code cancel}.
     */
    void cancel();
}
