package asyncio.semantics;

import asyncio.Action;
import asyncio.Asyncio;
import asyncio.EventLoop;
import asyncio.internal.fiber.Carrier;
import asyncio.internal.loop.EventLoopImpl;
import asyncio.internal.loop.LoopHost;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A host whose time stands still while the loop has anything to do, and jumps to the next timer when it has not: that
 * is when the loop asks to be woken.
 */
final class VirtualTimeHost implements LoopHost {
    private final ExecutorService executor = Executors.newSingleThreadExecutor(this::newThread);
    private volatile Thread thread;
    private volatile long now = 1_000_000_000_000L;

    /** A loop on virtual time; to be closed. */
    static EventLoop newLoop() {
        return new EventLoopImpl(new VirtualTimeHost(), Carrier.getChosen());
    }

    /** Runs {@code main} in virtual time. */
    static void inVirtualTime(Action main) {
        try (var loop = newLoop()) {
            loop.runUntilComplete(Asyncio.async(main));
        }
    }

    private Thread newThread(Runnable body) {
        thread = new Thread(body, "virtual-time");
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public void post(Runnable task) {
        executor.execute(task);
    }

    @Override
    public Wake wakeAfter(long delayNanos, Runnable task) {
        var wake = new VirtualWake(now + delayNanos, task);
        executor.execute(wake);
        return wake;
    }

    @Override
    public long nanoTime() {
        return now;
    }

    @Override
    public boolean isHostThread() {
        return Thread.currentThread() == thread;
    }

    @Override
    public void close() {
        executor.shutdown();
    }

    private final class VirtualWake implements Wake, Runnable {
        private final long when;
        private final Runnable task;
        private boolean cancelled;

        VirtualWake(long when, Runnable task) {
            this.when = when;
            this.task = task;
        }

        @Override
        public void cancel() {
            cancelled = true;
        }

        @Override
        public void run() {
            if (!cancelled) {
                now = Math.max(now, when);
                task.run();
            }
        }
    }
}
