package asyncio;

import org.jspecify.annotations.Nullable;

/**
 * How a task is made. Python: the keyword arguments of {@code create_task}.
 *
 * <pre>{@code
 * createTask(work(), TaskOptions.named("worker").withEagerStart(true));
 * }</pre>
 *
 * @param name the name; null for {@code Task-1} and so on
 * @param context the context to run in, which is shared, not copied; null for a copy of the current one
 * @param eagerStart whether the first step runs at once, inside {@code createTask}; null leaves it to the task factory.
 *     It cannot where the loop does not run yet, or where the calling stack cannot be put aside (in a class
 *     initializer, or before Java 24 in a {@code synchronized} block), or where two hundred eager tasks have started
 *     one inside the other: there the first step is queued as usual
 */
public record TaskOptions(
        @Nullable String name,
        @Nullable Context context,
        @Nullable Boolean eagerStart) {
    /** Nothing special. */
    public static final TaskOptions NONE = new TaskOptions(null, null, null);

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

    /** The same with this name. */
    public TaskOptions withName(@Nullable String name) {
        return new TaskOptions(name, context, eagerStart);
    }

    /** The same with this context. */
    public TaskOptions withContext(@Nullable Context context) {
        return new TaskOptions(name, context, eagerStart);
    }

    /** The same, with the first step at once or not. */
    public TaskOptions withEagerStart(@Nullable Boolean eagerStart) {
        return new TaskOptions(name, context, eagerStart);
    }
}
