package asyncio;

import asyncio.spi.RecursiveText;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What an {@link ExceptionHandler} is told. Python: the context dictionary of {@code call_exception_handler}.
 *
 * @param message what went wrong, in words
 * @param exception the exception, where there is one
 * @param future the future concerned
 * @param task the task concerned
 * @param handle the callback concerned
 * @param details whatever else the reporter wished to say
 */
public record ExceptionContext(
        String message,
        @Nullable Throwable exception,
        @Nullable Future<?> future,
        @Nullable Task<?> task,
        @Nullable Handle handle,
        Map<String, Object> details) {

    /** Checks and copies. */
    public ExceptionContext {
        Objects.requireNonNull(message, "message");
        details = Map.copyOf(details);
    }

    /** A report that has only a message so far. */
    public static ExceptionContext of(String message) {
        return new ExceptionContext(message, null, null, null, null, Map.of());
    }

    /** The same report with an exception. */
    public ExceptionContext with(Throwable exception) {
        return new ExceptionContext(message, exception, future, task, handle, details);
    }

    /** The same report with the future concerned; a task is also shown as the task. */
    public ExceptionContext with(Future<?> future) {
        return new ExceptionContext(
                message, exception, future, future instanceof Task<?> t ? t : task, handle, details);
    }

    /** The same report with the callback concerned. */
    public ExceptionContext with(Handle handle) {
        return new ExceptionContext(message, exception, future, task, handle, details);
    }

    /** The same report with one more detail. */
    public ExceptionContext with(String key, Object value) {
        var more = new LinkedHashMap<>(details);
        more.put(key, value);
        return new ExceptionContext(message, exception, future, task, handle, more);
    }

    @Override
    public String toString() {
        return RecursiveText.of(
                this,
                () -> "ExceptionContext[message=" + message + ", exception=" + exception + ", future=" + future
                        + ", task=" + task + ", handle=" + handle + ", details=" + details + "]");
    }
}
