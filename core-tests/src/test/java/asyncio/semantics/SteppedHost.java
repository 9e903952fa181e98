package asyncio.semantics;

import asyncio.internal.loop.LoopHost;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A host whose time the test moves on by hand while the loop is busy; where it is idle, time jumps to the next timer.
 */
final class SteppedHost implements LoopHost {
    private final ExecutorService executor = Executors.newSingleThreadExecutor(this::newThread);
    private volatile Thread thread;
    private volatile long now = 1_000_000_000_000L;

    /** Lets time pass; to be called in the loop. */
    void advance(Duration time) {
        now += time.toNanos();
    }

    private Thread newThread(Runnable body) {
        thread = new Thread(body, "stepped-time");
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public void post(Runnable task) {
        executor.execute(task);
    }

    @Override
    public Wake wakeAfter(long delayNanos, Runnable task) {
        var wake = new SteppedWake(now + delayNanos, task);
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

    private final class SteppedWake implements Wake, Runnable {
        private final long when;
        private final Runnable task;
        private boolean cancelled;

        SteppedWake(long when, Runnable task) {
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
