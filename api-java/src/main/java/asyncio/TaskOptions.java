package asyncio;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a task is made. Immutable: the methods give other options. Python: the keyword arguments of {@code create_task}.
 *
 * <pre>{@code
 * createTask(work(), TaskOptions.named("worker").withEagerStart(true));
 * }</pre>
 */
public final class TaskOptions {
    /** Nothing special. */
    public static final TaskOptions NONE = new TaskOptions(null, null, null);

    private final @Nullable String name;
    private final @Nullable Context context;
    private final @Nullable Boolean eagerStart;

    private TaskOptions(@Nullable String name, @Nullable Context context, @Nullable Boolean eagerStart) {
        this.name = name;
        this.context = context;
        this.eagerStart = eagerStart;
    }

    /** A name. */
    public static TaskOptions named(String name) {
        return NONE.withName(name);
    }

    /** A context. */
    public static TaskOptions inContext(Context context) {
        return NONE.withContext(context);
    }

    /** The first step at once, inside {@code createTask}. */
    public static TaskOptions eager() {
        return NONE.withEagerStart(true);
    }

    /** The same with this name; null for {@code Task-1} and so on. */
    public TaskOptions withName(@Nullable String name) {
        return new TaskOptions(name, context, eagerStart);
    }

    /** The same with this context, which is shared, not copied; null for a copy of the current one. */
    public TaskOptions withContext(@Nullable Context context) {
        return new TaskOptions(name, context, eagerStart);
    }

    /** The same, with the first step at once or not; null leaves it to the task factory. See {@link #eagerStart()}. */
    public TaskOptions withEagerStart(@Nullable Boolean eagerStart) {
        return new TaskOptions(name, context, eagerStart);
    }

    /** The name; null for {@code Task-1} and so on. */
    public @Nullable String name() {
        return name;
    }

    /** The context to run in, which is shared, not copied; null for a copy of the current one. */
    public @Nullable Context context() {
        return context;
    }

    /**
     * Whether the first step runs at once, inside {@code createTask}; null leaves it to the task factory. Python:
     * {@code eager_start}.
     *
     * <p>It cannot where the loop does not run yet, or where the calling stack cannot be put aside (in a class
     * initializer, or before Java 24 in a {@code synchronized} block), or where two hundred eager tasks have started
     * one inside the other: there the first step is queued as usual.
     */
    public @Nullable Boolean eagerStart() {
        return eagerStart;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TaskOptions that
                && Objects.equals(name, that.name)
                && Objects.equals(context, that.context)
                && Objects.equals(eagerStart, that.eagerStart);
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, context, eagerStart);
    }

    @Override
    public String toString() {
        return "TaskOptions[name=" + name + ", context=" + context + ", eagerStart=" + eagerStart + "]";
    }
}
