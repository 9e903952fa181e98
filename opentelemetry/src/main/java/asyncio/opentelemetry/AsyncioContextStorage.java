package asyncio.opentelemetry;

import asyncio.ContextVar;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.ContextStorage;
import io.opentelemetry.context.Scope;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Keeps OpenTelemetry's current context in a {@link ContextVar}, so that it follows tasks: a task begins with that of
 * the code that has made it, keeps it over each await, and what it makes current is seen by no other task. Without this
 * the context is in a thread-local: a body in Java keeps it, other tasks and suspend functions do not see it. Python:
 * {@code opentelemetry.context.contextvars_context}.
 *
 * <p>Threads that run no loop have a context of their own, as before.
 */
public final class AsyncioContextStorage implements ContextStorage {
    private static final System.Logger LOGGER = System.getLogger("asyncio");
    private static final ContextVar<@Nullable Context> CURRENT = ContextVar.create("opentelemetry", null);
    private static final AtomicBoolean INSTALLED = new AtomicBoolean();

    private AsyncioContextStorage() {}

    /**
     * Has OpenTelemetry keep its context so, in all of the program; a second call does nothing. To be called at the
     * begin of the program: once a context has been made current, OpenTelemetry refuses it and logs a line.
     */
    public static void install() {
        if (INSTALLED.compareAndSet(false, true)) {
            ContextStorage.addWrapper(former -> new AsyncioContextStorage());
        }
    }

    @Override
    public Scope attach(@Nullable Context toAttach) {
        var before = CURRENT.get();
        if (toAttach == null || toAttach == before) {
            return Scope.noop();
        }
        CURRENT.set(toAttach);
        return () -> {
            if (CURRENT.get() == toAttach) {
                CURRENT.set(before);
            } else {
                LOGGER.log(
                        System.Logger.Level.DEBUG,
                        "A scope of OpenTelemetry was closed in another task, or in the wrong order, and is ignored");
            }
        };
    }

    @Override
    public @Nullable Context current() {
        return CURRENT.get();
    }

    @Override
    public String toString() {
        return "<AsyncioContextStorage>";
    }
}
