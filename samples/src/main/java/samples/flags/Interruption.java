package samples.flags;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Until it is closed, Ctrl-C interrupts the thread that made it, and the process ends only when that has cleaned up.
 */
final class Interruption {
    private final Thread worker = Thread.currentThread();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread hook = new Thread(this::stop, "interruption");

    Interruption() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    private void stop() {
        worker.interrupt();
        try {
            closed.await(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            // Nobody interrupts a shutdown hook; if somebody does, there is no more to wait for.
        }
    }

    void close() {
        closed.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The process is ending already.
        }
    }
}
