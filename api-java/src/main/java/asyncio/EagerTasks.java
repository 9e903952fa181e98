package asyncio;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** {@link Asyncio#createEagerTaskFactory}. */
record EagerTasks(TaskFactory factory) implements TaskFactory {
    static final TaskFactory FACTORY = new EagerTasks(Task::create);

    EagerTasks {
        Objects.requireNonNull(factory, "factory: what makes the tasks, for example Task::create");
    }

    @Override
    public <T extends @Nullable Object> Task<T> create(EventLoop loop, Coroutine<T> coroutine, TaskOptions options) {
        return factory.create(loop, coroutine, options.eagerStart() == null ? options.withEagerStart(true) : options);
    }
}
