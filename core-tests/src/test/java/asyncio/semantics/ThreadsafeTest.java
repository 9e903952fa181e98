package asyncio.semantics;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.currentTask;
import static asyncio.Asyncio.gather;
import static asyncio.Asyncio.getRunningLoop;
import static asyncio.Asyncio.newEventLoop;
import static asyncio.Asyncio.runCoroutineThreadsafe;
import static asyncio.Asyncio.sleep;
import static asyncio.Asyncio.toThread;
import static java.time.Duration.ZERO;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import asyncio.Action;
import asyncio.Asyncio;
import asyncio.CancelledError;
import asyncio.EventLoop;
import asyncio.Future;
import asyncio.Handle;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The loop's entrance for other threads, under load. */
class ThreadsafeTest extends OnLoop {
    private static final int THREADS = 8;
    private static final int EACH = 20_000;

    /** Starts the threads all at once, and awaits their ends. */
    private static void inThreads(ThreadBody body) {
        var barrier = new CyclicBarrier(THREADS);
        var ends = new ArrayList<CompletableFuture<Void>>();
        for (int i = 0; i < THREADS; i++) {
            int n = i;
            var end = new CompletableFuture<Void>();
            ends.add(end);
            new Thread(() -> {
                        try {
                            barrier.await();
                            body.run(n);
                            end.complete(null);
                        } catch (Throwable error) {
                            end.completeExceptionally(error);
                        }
                    })
                    .start();
        }
        for (var end : ends) {
            await(end);
        }
    }

    private interface ThreadBody {
        void run(int n) throws Exception;
    }

    /** Waits until what was posted up to now has run. */
    private static void untilPosted(EventLoop loop) {
        Future<Void> last = loop.createFuture();
        loop.callSoonThreadsafe(() -> last.setResult(null));
        await(last);
    }

    @Test
    void nothingIsLostAndTheOrderOfEachThreadIsKept() {
        inLoop(() -> {
            var loop = getRunningLoop();
            var seen = new int[THREADS];
            var disorder = new AtomicInteger();
            inThreads(thread -> {
                for (int i = 0; i < EACH; i++) {
                    int n = i;
                    loop.callSoonThreadsafe(() -> {
                        if (seen[thread]++ != n) {
                            disorder.incrementAndGet();
                        }
                    });
                }
            });
            untilPosted(loop);
            assertEquals(0, disorder.get());
            assertTrue(IntStream.of(seen).allMatch(count -> count == EACH));
        });
    }

    @Test
    void callbacksFromOtherThreadsNeverRunAtTheSameTimeAsCodeOfTheLoop() {
        inLoop(() -> {
            var loop = getRunningLoop();
            var inside = new AtomicBoolean();
            var overlaps = new AtomicInteger();
            Runnable exclusive = () -> {
                if (!inside.compareAndSet(false, true)) {
                    overlaps.incrementAndGet();
                }
                Thread.onSpinWait();
                inside.set(false);
            };
            var spinner = asyncio.Asyncio.createTask(async(() -> {
                while (true) {
                    exclusive.run();
                    await(sleep(ZERO));
                }
            }));
            inThreads(thread -> {
                for (int i = 0; i < EACH / 10; i++) {
                    loop.callSoonThreadsafe(exclusive::run);
                }
            });
            untilPosted(loop);
            spinner.cancel();
            assertEquals(0, overlaps.get());
        });
    }

    @Test
    void aSleepingLoopIsWokenEveryTime() {
        inLoop(() -> {
            var loop = getRunningLoop();
            await(toThread(() -> {
                for (int i = 0; i < 2_000; i++) {
                    var ran = new CompletableFuture<Integer>();
                    int n = i;
                    loop.callSoonThreadsafe(() -> ran.complete(n));
                    assertEquals(i, ran.get(60, SECONDS));
                }
            }));
        });
    }

    @Test
    void coroutinesFromManyThreadsAllGiveTheirResults() {
        inLoop(() -> {
            var loop = getRunningLoop();
            inThreads(thread -> {
                var futures = new ArrayList<CompletableFuture<Integer>>();
                for (int i = 0; i < 200; i++) {
                    int n = i;
                    futures.add(runCoroutineThreadsafe(
                            async(() -> {
                                await(sleep(ZERO));
                                assertTrue(currentTask() != null && getRunningLoop() == loop);
                                return thread * 1000 + n;
                            }),
                            loop));
                }
                for (int i = 0; i < 200; i++) {
                    assertEquals(thread * 1000 + i, futures.get(i).get(60, SECONDS));
                }
            });
        });
    }

    /** A callback that takes its time, and what became of it. */
    private static final class Watched implements asyncio.Action {
        private volatile boolean running;
        private volatile int runs;

        @Override
        public void run() {
            running = true;
            Thread.onSpinWait();
            runs = runs + 1;
            running = false;
        }
    }

    @Test
    void aHandleThatAnotherThreadCancelsHasRunOrNeverWill() {
        inLoop(() -> {
            var loop = getRunningLoop();
            var all = new ArrayList<List<Watched>>();
            var runsWhenCancelled = new ArrayList<List<Integer>>();
            for (int thread = 0; thread < THREADS; thread++) {
                all.add(new ArrayList<>());
                runsWhenCancelled.add(new ArrayList<>());
            }
            inThreads(thread -> {
                for (int i = 0; i < EACH / 4; i++) {
                    var watched = new Watched();
                    var handle = loop.callSoonThreadsafe(watched);
                    for (int spin = 0; spin < i % 50; spin++) {
                        Thread.onSpinWait();
                    }
                    handle.cancel();
                    assertFalse(watched.running, "cancel waits for a callback that runs");
                    assertTrue(handle.cancelled());
                    all.get(thread).add(watched);
                    runsWhenCancelled.get(thread).add(watched.runs);
                }
            });
            untilPosted(loop);
            for (int thread = 0; thread < THREADS; thread++) {
                var runs = all.get(thread).stream().map(watched -> watched.runs).toList();
                assertEquals(runsWhenCancelled.get(thread), runs, "nothing starts after cancel returned");
                assertTrue(runs.stream().allMatch(n -> n <= 1));
            }
        });
    }

    @Test
    void cancelFromAnotherThreadWaitsForACallbackThatRuns() {
        inLoop(() -> {
            var loop = getRunningLoop();
            var running = new CountDownLatch(1);
            var cancelling = new CountDownLatch(1);
            var ended = new AtomicBoolean();
            await(toThread(() -> {
                var handle = loop.callSoonThreadsafe(() -> {
                    running.countDown();
                    try {
                        assertTrue(cancelling.await(60, SECONDS));
                        Thread.sleep(20);
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                    ended.set(true);
                });
                assertTrue(running.await(60, SECONDS));
                cancelling.countDown();
                handle.cancel();
                assertTrue(ended.get());
                assertTrue(handle.cancelled());
            }));
        });
    }

    @Test
    void aCallbackFromAnotherThreadMayCancelItself() {
        inLoop(() -> {
            var handle = new AtomicReference<Handle>();
            var loop = getRunningLoop();
            Future<String> done = loop.createFuture();
            handle.set(loop.callSoonThreadsafe(() -> {
                handle.get().cancel();
                done.setResult("ran");
            }));
            assertEquals("ran", await(done));
            assertTrue(handle.get().cancelled());
        });
    }

    @Test
    void runCoroutineThreadsafeThatIsCancelledAtOnceEitherRunsOrNot() {
        var started = new AtomicInteger();
        var ended = new AtomicInteger();
        inLoop(() -> {
            var loop = getRunningLoop();
            inThreads(thread -> {
                for (int i = 0; i < 500; i++) {
                    var future = runCoroutineThreadsafe(
                            async(() -> {
                                started.incrementAndGet();
                                try {
                                    await(sleep(java.time.Duration.ofSeconds(1000)));
                                } finally {
                                    ended.incrementAndGet();
                                }
                            }),
                            loop);
                    if (i % 2 == 0) {
                        Thread.onSpinWait();
                    } else {
                        Thread.yield();
                    }
                    assertTrue(future.cancel(false));
                }
            });
            untilPosted(loop);
            iterations(5);
            assertEquals(started.get(), ended.get(), "nothing sleeps on");
        });
    }

    @Test
    void futuresMayBeSetFromOtherThreadsThroughTheLoop() {
        inLoop(() -> {
            var loop = getRunningLoop();
            var futures = IntStream.range(0, 200)
                    .mapToObj(n -> loop.<Integer>createFuture())
                    .toList();
            new Thread(() -> {
                        for (int i = 0; i < futures.size(); i++) {
                            int n = i;
                            loop.callSoonThreadsafe(() -> futures.get(n).setResult(n));
                        }
                    })
                    .start();
            assertEquals(IntStream.range(0, 200).boxed().toList(), await(gather(futures)));
        });
    }

    @Test
    void manyThreadsAndOneLoopThatCloses() throws Exception {
        // Each post either is taken or is refused; nothing hangs, whenever the loop is closed.
        for (int round = 0; round < 30; round++) {
            var loop = asyncio.Asyncio.newEventLoop();
            var barrier = new CyclicBarrier(3);
            var refused = new AtomicInteger();
            var threads = IntStream.range(0, 2)
                    .mapToObj(n -> new Thread(quietly(() -> {
                        barrier.await();
                        for (int i = 0; i < 2_000; i++) {
                            try {
                                loop.callSoonThreadsafe(() -> {});
                            } catch (IllegalStateException closed) {
                                refused.incrementAndGet();
                            }
                        }
                    })))
                    .toList();
            threads.forEach(Thread::start);
            barrier.await();
            loop.runUntilComplete(later(round % 5, null));
            loop.close();
            for (var thread : threads) {
                thread.join();
            }
            assertFalse(loop.isRunning());
            assertTrue(refused.get() <= 4_000);
        }
    }

    private static Runnable quietly(Action action) {
        return () -> {
            try {
                action.run();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        };
    }

    // ---- one queue for all

    /** Has another thread do it, and waits for that. */
    private static void inThread(Action action) {
        var thread = new FutureTask<Void>(() -> {
            action.run();
            return null;
        });
        new Thread(thread).start();
        try {
            thread.get();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void callbacksRunInTheOrderOfTheirCallsAlsoBeforeTheLoopRuns() {
        try (var loop = newEventLoop()) {
            loop.callSoonThreadsafe(() -> log.add(1));
            loop.callSoon(() -> log.add(2));
            inThread(() -> loop.callSoonThreadsafe(() -> log.add(3)));
            loop.callSoon(() -> {
                log.add(4);
                loop.stop();
            });
            loop.runForever();
        }
        assertEquals(List.of(1, 2, 3, 4), log);
    }

    @Test
    void whatAThreadAskedForBeforeItWasJoinedComesFirstAndInTheSameIteration() {
        inLoop(() -> {
            var loop = getRunningLoop();
            var future = loop.<String>createFuture();
            future.addDoneCallback(it -> log.add("future"));
            loop.callSoon(() -> {
                inThread(() -> loop.callSoonThreadsafe(() -> log.add("thread")));
                future.setResult("");
                loop.callSoon(() -> log.add("soon"));
                inThread(() -> loop.callSoonThreadsafe(() -> log.add("another thread")));
            });
            iterations(2);
            assertEquals(List.of("thread", "future", "soon", "another thread"), log);
        });
    }

    // ---- what another thread holds of a coroutine

    /**
     * Gives what a coroutine of a loop is seen as from outside, lets it be ended there, and tells how the coroutine
     * ended.
     */
    private String endOfCoroutine(Consumer<CompletableFuture<String>> end) {
        var ended = new CompletableFuture<String>();
        inLoop(() -> {
            var loop = getRunningLoop();
            var waits = loop.<Void>createFuture();
            var coroutine = Asyncio.<String>async(() -> {
                waits.setResult(null);
                try {
                    await(loop.<String>createFuture());
                } catch (CancelledError e) {
                    ended.complete("cancelled");
                    throw e;
                }
                return "never";
            });
            var outcome = await(toThread(() -> runCoroutineThreadsafe(coroutine, loop)));
            await(waits);
            await(toThread(() -> end.accept(outcome)));
            await(ended);
        });
        return ended.join();
    }

    @Test
    void whateverEndsTheOutcomeFromOutsideCancelsTheCoroutine() {
        assertEquals("cancelled", endOfCoroutine(it -> it.cancel(true)));
        assertEquals("cancelled", endOfCoroutine(it -> it.complete("something else")));
        assertEquals("cancelled", endOfCoroutine(it -> it.completeExceptionally(new IllegalStateException())));
        assertEquals("cancelled", endOfCoroutine(it -> it.orTimeout(1, MILLISECONDS)));
        assertEquals("cancelled", endOfCoroutine(it -> it.completeOnTimeout("in time", 1, MILLISECONDS)));
        assertEquals("cancelled", endOfCoroutine(it -> it.completeAsync(() -> "other")));
    }

    @Test
    void soDoesItWithAFuture() {
        inLoop(() -> {
            var future = getRunningLoop().<String>createFuture();
            future.toCompletableFuture().complete("something else");
            assertTrue(future.cancelled());
            var done = getRunningLoop().<String>createFuture();
            var twin = done.toCompletableFuture();
            done.setResult("done");
            iterations(2);
            assertEquals("done", twin.join());
        });
    }
}
