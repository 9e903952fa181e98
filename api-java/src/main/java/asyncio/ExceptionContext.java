package asyncio;

import asyncio.spi.RecursiveText;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What an {@link ExceptionHandler} is told. Immutable: the methods give another report. Python: the context dictionary
 * of {@code call_exception_handler}.
 */
public final class ExceptionContext {
    private final String message;
    private final @Nullable Throwable exception;
    private final @Nullable Future<?> future;
    private final @Nullable Task<?> task;
    private final @Nullable Handle handle;
    private final Map<String, Object> details;

    private ExceptionContext(
            String message,
            @Nullable Throwable exception,
            @Nullable Future<?> future,
            @Nullable Task<?> task,
            @Nullable Handle handle,
            Map<String, Object> details) {
        this.message = Objects.requireNonNull(message, "message");
        this.exception = exception;
        this.future = future;
        this.task = task;
        this.handle = handle;
        this.details = Map.copyOf(details);
    }

    /** A report that has only a message so far. */
    public static ExceptionContext of(String message) {
        return new ExceptionContext(message, null, null, null, null, Map.of());
    }

    /** The same report with an exception. */
    public ExceptionContext withException(Throwable exception) {
        return new ExceptionContext(message, exception, future, task, handle, details);
    }

    /** The same report with the future concerned; a task is also shown as the task. */
    public ExceptionContext withFuture(Future<?> future) {
        return new ExceptionContext(
                message, exception, future, future instanceof Task<?> t ? t : task, handle, details);
    }

    /** The same report with the callback concerned. */
    public ExceptionContext withHandle(Handle handle) {
        return new ExceptionContext(message, exception, future, task, handle, details);
    }

    /** The same report with one more detail, or with another value of it. */
    public ExceptionContext withDetail(String key, Object value) {
        var more = new LinkedHashMap<>(details);
        more.put(key, value);
        return new ExceptionContext(message, exception, future, task, handle, more);
    }

    /** What went wrong, in words. */
    public String message() {
        return message;
    }

    /** The exception; null where there is none. */
    public @Nullable Throwable exception() {
        return exception;
    }

    /** The future concerned; null where there is none. */
    public @Nullable Future<?> future() {
        return future;
    }

    /** The task concerned; null where there is none. */
    public @Nullable Task<?> task() {
        return task;
    }

    /** The callback concerned; null where there is none. */
    public @Nullable Handle handle() {
        return handle;
    }

    /** Whatever else the reporter wished to say; cannot be changed. */
    public Map<String, Object> details() {
        return details;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ExceptionContext that
                && message.equals(that.message)
                && Objects.equals(exception, that.exception)
                && Objects.equals(future, that.future)
                && Objects.equals(task, that.task)
                && Objects.equals(handle, that.handle)
                && details.equals(that.details);
    }

    @Override
    public int hashCode() {
        return Objects.hash(message, exception, future, task, handle, details);
    }

    @Override
    public String toString() {
        return RecursiveText.of(
                this,
                () -> "ExceptionContext[message=" + message + ", exception=" + exception + ", future=" + future
                        + ", task=" + task + ", handle=" + handle + ", details=" + details + "]");
    }
}
