package asyncio;

import org.jspecify.annotations.Nullable;

/**
 * Makes the tasks of a loop: a class, or a method reference such as {@code Task::create}, since Java has no generic
 * lambdas. A factory ends with {@link Task#create}, which makes the library's own. Python: what
 * {@code set_task_factory} takes.
 */
public interface TaskFactory {
    /** A task for {@code coroutine}. Whoever wants one has asked for {@code options}. */
    <T extends @Nullable Object> Task<T> create(EventLoop loop, Coroutine<T> coroutine, TaskOptions options);
}
