package asyncio.semantics;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.gather;
import static asyncio.Asyncio.getRunningLoop;
import static asyncio.Asyncio.run;
import static asyncio.Asyncio.sleep;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofSeconds;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import asyncio.Action;
import asyncio.CancelledError;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

/** A body that blocks by other means than await blocks its loop: between two awaits nothing else runs. */
class BlockingTest extends OnLoop {

    /**
     * Runs {@code blocking} in several tasks, while other tasks, callbacks, timers and other threads wish to run; none
     * of them may while it blocks.
     */
    private void nothingElseRunsDuring(Action blocking) {
        inLoop(() -> {
            var loop = getRunningLoop();
            var inside = new AtomicBoolean();
            var overlaps = new AtomicInteger();
            var others = new AtomicInteger();
            var over = new AtomicBoolean();
            Runnable other = () -> {
                others.incrementAndGet();
                if (inside.get()) {
                    overlaps.incrementAndGet();
                }
            };
            createTask(async(() -> {
                while (!over.get()) {
                    other.run();
                    await(sleep(ZERO));
                }
            }));
            createTask(async(() -> {
                while (!over.get()) {
                    other.run();
                    await(sleep(java.time.Duration.ofNanos(100_000)));
                }
            }));
            var poster = new Thread(() -> {
                while (!over.get()) {
                    loop.callSoonThreadsafe(other::run);
                    LockSupport.parkNanos(100_000);
                }
            });
            poster.start();
            var blockers = java.util.stream.Stream.generate(() -> async(() -> {
                        for (int i = 0; i < 5; i++) {
                            assertTrue(inside.compareAndSet(false, true), "another body blocks at the same time");
                            blocking.run();
                            assertTrue(inside.compareAndSet(true, false));
                            await(sleep(ZERO));
                        }
                    }))
                    .limit(3)
                    .toList();
            await(gather(blockers));
            over.set(true);
            poster.join();
            assertEquals(0, overlaps.get());
            assertTrue(others.get() > 0);
        });
    }

    @Test
    void threadSleep() {
        nothingElseRunsDuring(() -> Thread.sleep(3));
    }

    @Test
    void threadYield() {
        nothingElseRunsDuring(() -> {
            for (int i = 0; i < 20; i++) {
                Thread.yield();
            }
        });
    }

    @Test
    void parkWithATimeout() {
        nothingElseRunsDuring(() -> LockSupport.parkNanos(1_000_000));
    }

    @Test
    void aLockThatAnotherThreadHolds() {
        var lock = new ReentrantLock();
        nothingElseRunsDuring(() -> {
            var held = new CountDownLatch(1);
            new Thread(() -> {
                        lock.lock();
                        try {
                            held.countDown();
                            LockSupport.parkNanos(2_000_000);
                        } finally {
                            lock.unlock();
                        }
                    })
                    .start();
            assertTrue(held.await(60, SECONDS));
            lock.lock();
            lock.unlock();
        });
    }

    @Test
    void aMonitorThatAnotherThreadHolds() {
        var monitor = new Object();
        nothingElseRunsDuring(() -> {
            var held = new CountDownLatch(1);
            new Thread(() -> {
                        synchronized (monitor) {
                            held.countDown();
                            LockSupport.parkNanos(2_000_000);
                        }
                    })
                    .start();
            assertTrue(held.await(60, SECONDS));
            synchronized (monitor) {
                assertTrue(Thread.holdsLock(monitor));
            }
        });
    }

    @Test
    void aFutureOfAnotherThread() {
        nothingElseRunsDuring(() -> {
            var future = new CompletableFuture<String>();
            new Thread(() -> {
                        LockSupport.parkNanos(1_000_000);
                        future.complete("value");
                    })
                    .start();
            assertEquals("value", future.get(60, SECONDS));
        });
    }

    @Test
    void waitAndNotify() {
        nothingElseRunsDuring(() -> {
            var monitor = new Object();
            var done = new AtomicBoolean();
            synchronized (monitor) {
                new Thread(() -> {
                            synchronized (monitor) {
                                done.set(true);
                                monitor.notifyAll();
                            }
                        })
                        .start();
                while (!done.get()) {
                    monitor.wait(60_000);
                }
            }
        });
    }

    @Test
    void awaitsBetweenAndAfterBlockingKeepTheirMeaning() {
        inLoop(() -> {
            var ticker = Ticker.start();
            for (int i = 0; i < 20; i++) {
                Thread.sleep(1);
                assertEquals(1, ticker.during(sleep(ZERO)));
                Thread.yield();
                assertEquals(2, ticker.during(createTask(async(() -> Thread.sleep(1)))));
            }
            ticker.stop();
        });
    }

    // ---- threads that a body starts

    @Test
    void aThreadThatABodyStartsIsNotInTheLoop() {
        inLoop(() -> {
            var refused = new CompletableFuture<Throwable>();
            new Thread(() -> {
                        try {
                            getRunningLoop();
                            refused.complete(null);
                        } catch (IllegalStateException e) {
                            refused.complete(e);
                        }
                    })
                    .start();
            assertInstanceOf(IllegalStateException.class, await(refused));
        });
    }

    private static Thread startVirtualThread(Runnable body) throws ReflectiveOperationException {
        return (Thread)
                Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, body);
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21)
    void aVirtualThreadThatABodyStartsRunsWhileTheBodyAwaits() {
        inLoop(() -> {
            var done = new CompletableFuture<String>();
            startVirtualThread(() -> {
                try {
                    Thread.sleep(2);
                    Thread.yield();
                    done.complete("done");
                } catch (InterruptedException e) {
                    done.completeExceptionally(e);
                }
            });
            assertEquals("done", await(done));
        });
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21)
    void aBodyMayBlockUntilAVirtualThreadThatItStartedHasEnded() {
        inLoop(() -> {
            var ran = new AtomicBoolean();
            var thread = startVirtualThread(() -> {
                LockSupport.parkNanos(1_000_000);
                ran.set(true);
            });
            thread.join();
            assertTrue(ran.get());
        });
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21)
    void aVirtualThreadThatABodyStartsIsNoCoroutineAndNotInTheLoop() {
        inLoop(() -> {
            var refusals = new CompletableFuture<List<Throwable>>();
            startVirtualThread(() -> {
                try {
                    refusals.complete(List.of(
                            assertThrows(IllegalStateException.class, () -> getRunningLoop()),
                            assertThrows(IllegalStateException.class, () -> await(sleep(ZERO)))));
                } catch (Throwable error) {
                    refusals.completeExceptionally(error);
                }
            });
            assertEquals(2, await(refusals).size());
        });
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21)
    void aVirtualThreadThatABodyStartedMayOutliveTheLoop() throws Exception {
        var release = new CountDownLatch(1);
        var thread = new AtomicReference<Thread>();
        var ended = new AtomicBoolean();
        inLoop(() -> thread.set(startVirtualThread(() -> {
            try {
                assertTrue(release.await(60, SECONDS));
                ended.set(true);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        })));
        release.countDown();
        thread.get().join(60_000);
        assertTrue(ended.get());
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21)
    void anExecutorOfVirtualThreadsRunsItsJobsBesideTheLoop() {
        inLoop(() -> {
            var executor = (ExecutorService)
                    Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
            var loop = getRunningLoop();
            var release = new CountDownLatch(1);
            var job = loop.runInExecutor(executor, () -> release.await(60, SECONDS));
            await(sleep(java.time.Duration.ofMillis(5)));
            assertFalse(job.done());
            release.countDown();
            assertTrue(await(job));
            // The same again, while the body itself blocks until the job is done.
            assertEquals("value", executor.submit(() -> "value").get(60, SECONDS));
            executor.shutdown();
        });
    }

    // ---- interrupts

    /** Runs {@code main} in a thread of its own, interrupts that once {@code main} awaits, and gives what came out. */
    private static CompletableFuture<Object> interrupted(CountDownLatch awaits, Action main) throws Exception {
        var outcome = new CompletableFuture<Object>();
        var thread = new Thread(() -> {
            try {
                run(main::run);
                outcome.complete("returned, interrupted " + Thread.interrupted());
            } catch (CancelledError e) {
                outcome.complete("cancelled, interrupted " + Thread.interrupted());
            } catch (Throwable e) {
                outcome.completeExceptionally(e);
            }
        });
        thread.start();
        assertTrue(awaits.await(60, SECONDS));
        thread.interrupt();
        return outcome;
    }

    @Test
    void anInterruptOfTheThreadThatRunsCancelsMain() throws Exception {
        var awaits = new CountDownLatch(1);
        var outcome = interrupted(awaits, () -> {
            createTask(noting("leftover", sleep(ofSeconds(1000))));
            getRunningLoop().callSoon(awaits::countDown);
            try {
                await(sleep(ofSeconds(1000)));
            } finally {
                iterations(3);
                log.add("cleaned up");
            }
        });
        assertEquals("cancelled, interrupted true", outcome.get(60, SECONDS));
        assertEquals(List.of("cleaned up", "leftover cancelled: null"), log);
    }

    @Test
    void aMainThatSwallowsTheInterruptsCancellationReturns() throws Exception {
        var awaits = new CountDownLatch(1);
        var outcome = interrupted(awaits, () -> {
            getRunningLoop().callSoon(awaits::countDown);
            cancelledBy(sleep(ofSeconds(1000)));
            await(sleep(ZERO));
        });
        assertEquals("returned, interrupted true", outcome.get(60, SECONDS));
    }

    @Test
    void aCancellationIsNoInterrupt() {
        inLoop(() -> {
            var task = createTask(async(() -> {
                cancelledBy(sleep(ofSeconds(1000)));
                return Thread.currentThread().isInterrupted();
            }));
            await(sleep(ZERO));
            task.cancel();
            assertFalse(await(task));
        });
    }

    @Test
    void anInterruptOfABodysThreadIsTheBodysAffair() {
        inLoop(() -> {
            var task = createTask(async(() -> {
                Thread.currentThread().interrupt();
                await(sleep(ZERO));
                log.add("awaits work, interrupted " + Thread.currentThread().isInterrupted());
                assertThrows(InterruptedException.class, () -> Thread.sleep(1000));
                return "value";
            }));
            assertEquals("value", await(task));
            assertEquals(List.of("awaits work, interrupted true"), log);
        });
    }

    @Test
    void threadLocalsBelongToTheTask() {
        inLoop(() -> {
            var local = new ThreadLocal<String>();
            var tasks = List.of("a", "b", "c").stream()
                    .map(name -> createTask(async(() -> {
                        assertSame(null, local.get());
                        local.set(name);
                        iterations(3);
                        await(async(() -> assertEquals(name, local.get())));
                        return local.get();
                    })))
                    .toList();
            assertEquals(List.of("a", "b", "c"), await(gather(tasks)));
        });
    }
}
