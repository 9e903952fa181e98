package asyncio.semantics;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.run;
import static asyncio.Asyncio.wrapFuture;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Futures of Java's that tell nobody when they are done. */
class WrapFutureTest extends OnLoop {

    @Test
    void itsResult() {
        inLoop(() -> {
            var future = new FutureTask<>(() -> "result");
            var wrapped = wrapFuture(future);
            assertFalse(wrapped.done());
            new Thread(future).start();
            assertEquals("result", await(wrapped));
        });
    }

    @Test
    void oneThatIsDoneNeedsNoWaiting() {
        inLoop(() -> {
            var future = new FutureTask<>(() -> "result");
            future.run();
            assertTrue(wrapFuture(future).done());
            assertEquals("result", await(wrapFuture(future)));
        });
    }

    @Test
    void itsExceptionIsTheOneOfTheCode() {
        inLoop(() -> {
            var error = new IOException("no");
            var future = new FutureTask<String>(() -> {
                throw error;
            });
            var wrapped = wrapFuture(future);
            new Thread(future).start();
            assertSame(error, assertThrows(IOException.class, () -> await(wrapped)));
        });
    }

    @Test
    void cancellingTheTaskCancelsAndInterruptsIt() throws Exception {
        var interrupted = new CountDownLatch(1);
        inLoop(() -> {
            var running = new CountDownLatch(1);
            var future = new FutureTask<>(
                    () -> {
                        running.countDown();
                        try {
                            Thread.sleep(100_000);
                        } catch (InterruptedException e) {
                            interrupted.countDown();
                        }
                    },
                    null);
            new Thread(future).start();
            running.await();
            var task = createTask(async(() -> await(wrapFuture(future))));
            iterations(1);
            task.cancel("it");
            assertEquals("it", cancelledBy(task).getMessage());
            assertTrue(future.isCancelled());
        });
        assertTrue(interrupted.await(20, TimeUnit.SECONDS));
    }

    @Test
    void cancellingItCancelsTheTask() {
        inLoop(() -> {
            var future = new FutureTask<>(() -> "never");
            var task = createTask(async(() -> await(wrapFuture(future))));
            iterations(1);
            future.cancel(false);
            cancelledBy(task);
            assertTrue(task.cancelled());
            cancelledBy(wrapFuture(future));
        });
    }

    /** The end of the program does not wait for it, and its thread goes. */
    @Test
    void oneThatIsNeverDone() throws Exception {
        var waiting = new AtomicReference<Thread>();
        var asked = new CountDownLatch(1);
        var gone = new CountDownLatch(1);
        var never = new FutureTask<String>(() -> "never") {
            @Override
            public String get() throws InterruptedException, java.util.concurrent.ExecutionException {
                waiting.set(Thread.currentThread());
                asked.countDown();
                try {
                    return super.get();
                } finally {
                    gone.countDown();
                }
            }
        };
        inLoop(() -> {
            wrapFuture(never);
            asked.await();
        });
        assertTrue(gone.await(20, TimeUnit.SECONDS));
        waiting.get().join(20_000);
        assertFalse(waiting.get().isAlive());
    }

    @Test
    void aCompletableFutureNeedsNoThread() {
        inLoop(() -> {
            var future = new CompletableFuture<String>();
            Future<String> disguised = future;
            var wrapped = wrapFuture(disguised);
            var other = wrapFuture(future);
            future.complete("result");
            assertEquals("result", await(wrapped));
            assertEquals("result", await(other));
        });
    }

    @Test
    void itNeedsALoop() {
        var refusal = assertThrows(IllegalStateException.class, () -> wrapFuture(new FutureTask<>(() -> 1)));
        assertTrue(refusal.getMessage().contains("wrapFuture outside a running event loop"));
        assertEquals(1, run(() -> 1));
    }

    @Test
    void anExceptionOfAStageThatIsDeclared() {
        inLoop(() -> {
            var caught = "";
            try {
                await(CompletableFuture.failedFuture(new IOException("disk full")), IOException.class);
            } catch (IOException e) {
                caught = e.getMessage();
            }
            assertEquals("disk full", caught);
            var later = CompletableFuture.supplyAsync(() -> "result");
            assertEquals("result", await(later, IOException.class));
        });
    }
}
