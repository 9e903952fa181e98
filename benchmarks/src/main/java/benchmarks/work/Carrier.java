package benchmarks.work;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;

/**
 * The least that can carry virtual threads: the thread that calls {@link #run} runs what they hand in. It is the limit
 * for a loop that does the same and has tasks, futures and time besides.
 *
 * <p>Needs {@code --add-opens java.base/java.lang=ALL-UNNAMED}. Everything goes through reflection, because the
 * benchmarks run on JDK 17 too.
 */
final class Carrier implements Executor {
    private static final MethodHandle NEW_BUILDER;
    private static final MethodHandle INHERIT;
    private static final MethodHandle FACTORY;

    static {
        try {
            var type = Class.forName("java.lang.ThreadBuilders$VirtualThreadBuilder");
            var builder = Class.forName("java.lang.Thread$Builder$OfVirtual");
            var lookup = MethodHandles.privateLookupIn(type, MethodHandles.lookup());
            NEW_BUILDER = lookup.findConstructor(type, MethodType.methodType(void.class, Executor.class));
            INHERIT = lookup.findVirtual(
                    type, "inheritInheritableThreadLocals", MethodType.methodType(builder, boolean.class));
            FACTORY = lookup.findVirtual(builder, "factory", MethodType.methodType(ThreadFactory.class));
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final ArrayDeque<Runnable> others = new ArrayDeque<>();
    private Runnable next;

    /** One continuation at a time, the usual case here, does without the queue. */
    @Override
    public void execute(Runnable continuation) {
        if (next == null) {
            next = continuation;
        } else {
            others.add(continuation);
        }
    }

    /** Runs continuations until none is left. */
    void run() {
        for (var continuation = next; continuation != null; continuation = next) {
            next = others.poll();
            continuation.run();
        }
    }

    /** Runs those that are there now. */
    void runOnce() {
        for (int n = others.size() + (next == null ? 0 : 1); n > 0; n--) {
            var continuation = next;
            next = others.poll();
            continuation.run();
        }
    }

    /** Makes virtual threads whose scheduler is this carrier; without thread-locals, which would only cost. */
    ThreadFactory threads() {
        try {
            return (ThreadFactory) FACTORY.invoke(INHERIT.invoke(NEW_BUILDER.invoke(this), false));
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
