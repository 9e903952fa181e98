package asyncio.semantics;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.gather;
import static asyncio.Asyncio.gatherOutcomes;
import static asyncio.Asyncio.getRunningLoop;
import static asyncio.Asyncio.newEventLoop;
import static asyncio.Asyncio.run;
import static asyncio.Asyncio.sleep;
import static asyncio.Asyncio.toThread;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import asyncio.CancelledError;
import asyncio.Coroutine;
import asyncio.EventLoop;
import asyncio.ExceptionContext;
import asyncio.Future;
import asyncio.GeneratorExit;
import asyncio.Task;
import asyncio.internal.fiber.FiberKind;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is left after a run: nothing. */
class LeaksTest extends OnLoop {
    private static final int MANY = FiberKind.getChosen() == FiberKind.PLATFORM ? 2_000 : 10_000;

    private static Set<Thread> threadsOfAsyncio() {
        var threads = new HashSet<>(Thread.getAllStackTraces().keySet());
        threads.removeIf(thread -> !thread.getName().startsWith("asyncio-"));
        return threads;
    }

    /** The threads that bodies ran on. */
    private final Set<Thread> threads = Collections.synchronizedSet(new HashSet<>());

    private Coroutine<Void> sleeper() {
        return async(() -> {
            threads.add(Thread.currentThread());
            await(sleep(ofSeconds(1000)));
        });
    }

    /** They have nothing left to do; the last instructions of a thread may still be running. */
    private static void assertEnded(Set<Thread> threads) {
        for (var thread : threads) {
            try {
                thread.join(5_000);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            assertFalse(thread.isAlive(), () -> thread + " lives");
        }
    }

    @Test
    void noThreadIsLeft() {
        var before = threadsOfAsyncio();
        run(() -> {
            threads.add(Thread.currentThread());
            for (int i = 0; i < 50; i++) {
                createTask(sleeper());
            }
            await(gather(IntStream.range(0, 10)
                    .mapToObj(n -> toThread(() -> threads.add(Thread.currentThread())))
                    .toList()));
            await(sleep(ofMillis(1)));
            assertTrue(threadsOfAsyncio().size() > before.size());
        });
        assertTrue(threads.size() > 2);
        assertEnded(threads);
        var after = threadsOfAsyncio();
        after.removeAll(before);
        assertEnded(after);
    }

    @Test
    void noThreadIsLeftAfterARunThatFails() {
        var before = threadsOfAsyncio();
        assertThrows(
                IllegalArgumentException.class,
                () -> run(() -> {
                    threads.add(Thread.currentThread());
                    createTask(sleeper());
                    createTask(toThread(() -> threads.add(Thread.currentThread())));
                    await(sleep(ofMillis(1)));
                    throw new IllegalArgumentException();
                }));
        assertEnded(threads);
        var after = threadsOfAsyncio();
        after.removeAll(before);
        assertEnded(after);
    }

    @Test
    void runWaitsForTheJobsOfItsExecutor() {
        var ended = new AtomicBoolean();
        run(() -> {
            getRunningLoop().runInExecutor(null, () -> {
                Thread.sleep(50);
                ended.set(true);
            });
        });
        assertTrue(ended.get());
    }

    @Test
    void theLoopAndWhatBelongsToItAreGarbageAfterwards() {
        var references = new ArrayList<Reference<?>>();
        run(() -> {
            references.add(new WeakReference<>(getRunningLoop()));
            var task = createTask(sleeper());
            references.add(new WeakReference<>(task));
            Future<Object> future = getRunningLoop().createFuture();
            references.add(new WeakReference<>(future));
            createTask(async(() -> await(future)));
            await(toThread(() -> {}));
            var big = new byte[1000];
            references.add(new WeakReference<>(big));
            getRunningLoop().callLater(ofSeconds(1000), () -> log.add(big));
            await(sleep(ofMillis(1)));
        });
        threads.clear();
        assertGarbage(references);
    }

    @Test
    void aLoopThatWasClosedByHandIsGarbageToo() {
        var references = new ArrayList<Reference<?>>();
        var loop = newEventLoop();
        references.add(new WeakReference<>(loop));
        loop.setExceptionHandler((l, context) -> {});
        loop.createTask(sleeper());
        loop.stop();
        loop.runForever();
        loop.close();
        loop = null;
        threads.clear();
        assertGarbage(references);
    }

    @Test
    void aFinishedTaskIsGarbageWhileTheLoopRuns() {
        inLoop(() -> {
            var references = new ArrayList<Reference<?>>();
            references.add(new WeakReference<>(createTask(instant(1))));
            var cancelled = createTask(sleep(ofSeconds(1000)));
            await(sleep(ZERO));
            cancelled.cancel();
            references.add(new WeakReference<>(cancelled));
            cancelled = null;
            iterations(3);
            assertGarbage(references);
        });
    }

    private static void assertGarbage(List<Reference<?>> references) {
        long deadline = System.nanoTime() + 60_000_000_000L;
        for (int i = 0; i < references.size(); i++) {
            while (references.get(i).get() != null) {
                int n = i;
                assertTrue(System.nanoTime() < deadline, () -> "still there: number " + n);
                System.gc();
                Thread.yield();
            }
        }
    }

    @Test
    void aTaskThatNobodyHoldsIsNotLost() {
        inLoop(() -> {
            var loop = getRunningLoop();
            var release = new ArrayList<Runnable>();
            // Nothing but each other refers to the task and its future.
            createTask(async(() -> {
                var stage = new CompletableFuture<Void>();
                release.add(new WeakRunnable(stage));
                await(stage);
                log.add("woken");
            }));
            iterations(2);
            for (int i = 0; i < 5; i++) {
                System.gc();
                await(sleep(ofMillis(1)));
            }
            release.get(0).run();
            until(() -> !log.isEmpty());
            assertEquals(List.of("woken"), log);
            assertTrue(loop.isRunning());
        });
    }

    /** Completes a stage that it does not keep alive. */
    private static final class WeakRunnable implements Runnable {
        private final WeakReference<CompletableFuture<Void>> stage;

        WeakRunnable(CompletableFuture<Void> stage) {
            this.stage = new WeakReference<>(stage);
        }

        @Override
        public void run() {
            stage.get().complete(null);
        }
    }

    // ---- many

    @Test
    void manyTasksSleepAndAreCancelled() {
        var ended = new AtomicInteger();
        var unfinished = new ArrayList<Task<Void>>();
        run(() -> {
            for (int i = 0; i < MANY; i++) {
                unfinished.add(createTask(async(() -> {
                    threads.add(Thread.currentThread());
                    try {
                        await(sleep(ofSeconds(1000)));
                    } finally {
                        ended.incrementAndGet();
                    }
                })));
            }
            await(sleep(ZERO));
            assertEquals(MANY, threads.size());
        });
        assertEquals(MANY, ended.get());
        assertTrue(unfinished.stream().allMatch(Task::cancelled));
        assertEnded(threads);
    }

    @Test
    void manyTasksGiveTheirResults() {
        inLoop(() -> {
            var results = await(gather(
                    IntStream.range(0, MANY).mapToObj(n -> later(n % 5, n)).toList()));
            assertEquals(IntStream.range(0, MANY).boxed().toList(), results);
        });
    }

    @Test
    void manyRunsOneAfterTheOther() {
        var before = threadsOfAsyncio();
        for (int i = 0; i < 200; i++) {
            int n = i;
            assertEquals(n, run(() -> {
                createTask(sleep(ofSeconds(1000)));
                return await(createTask(later(2, n)));
            }));
        }
        var after = threadsOfAsyncio();
        after.removeAll(before);
        assertEnded(after);
    }

    // ---- close by hand

    private final List<ExceptionContext> heard = new ArrayList<>();

    /** A loop that has run so many batches, with reports going to {@link #heard}. */
    private EventLoop loopWith(int batches, Coroutine<?>... coroutines) {
        var loop = newEventLoop();
        loop.setExceptionHandler((l, context) -> heard.add(context));
        for (var coroutine : coroutines) {
            loop.createTask(coroutine);
        }
        for (int i = 0; i < batches; i++) {
            loop.stop();
            loop.runForever();
        }
        return loop;
    }

    @Test
    void closeReportsPendingTasksAndRunsTheirFinallyBlocks() {
        var loop = loopWith(2, async(() -> {
            threads.add(Thread.currentThread());
            try {
                await(async(() -> {
                    try {
                        await(sleep(ofSeconds(1000)));
                    } finally {
                        log.add("inner finally");
                    }
                }));
            } catch (Throwable error) {
                log.add(error.getClass());
                throw error;
            } finally {
                log.add("outer finally");
            }
        }));
        loop.close();
        assertEquals(List.of("inner finally", GeneratorExit.class, "outer finally"), log);
        assertEquals(1, heard.size());
        assertEquals("Task was destroyed but it is pending!", heard.get(0).message());
        assertInstanceOf(Task.class, heard.get(0).task());
        assertTrue(heard.get(0).task().done());
        assertEnded(threads);
    }

    @Test
    void closeDoesNotStartWhatHasNotStarted() {
        var loop = loopWith(0, async(() -> log.add("body")));
        loop.close();
        assertEquals(List.of(), log);
        assertEquals(1, heard.size());
        assertEquals("Task was destroyed but it is pending!", heard.get(0).message());
    }

    @Test
    void closeWithManyPendingTasks() {
        var count = new AtomicInteger();
        var loop = loopWith(
                2,
                IntStream.range(0, 500)
                        .mapToObj(n -> async(() -> {
                            threads.add(Thread.currentThread());
                            try {
                                await(sleep(ofSeconds(1000 + n)));
                            } finally {
                                count.incrementAndGet();
                            }
                        }))
                        .toArray(Coroutine<?>[]::new));
        loop.close();
        assertEquals(500, count.get());
        assertEquals(500, heard.size());
        assertEnded(threads);
    }

    @Test
    void aFinallyBlockThatAwaitsWhileTheLoopIsClosedDoesNotHang() {
        var loop = loopWith(2, async(() -> {
            threads.add(Thread.currentThread());
            try {
                await(sleep(ofSeconds(1000)));
            } finally {
                log.add("cleanup");
                try {
                    await(sleep(ofSeconds(1000)));
                } finally {
                    log.add("given up");
                }
            }
        }));
        loop.close();
        assertEquals(List.of("cleanup", "given up"), log);
        assertEnded(threads);
    }

    @Test
    void tasksThatWaitForEachOtherAreAllGivenUp() {
        var loop = newEventLoop();
        loop.setExceptionHandler((l, context) -> heard.add(context));
        var inner = loop.createTask(noting("inner", sleep(ofSeconds(1000))));
        var outer = loop.createTask(async(() -> {
            try {
                await(inner);
            } finally {
                log.add("outer finally");
            }
        }));
        for (int i = 0; i < 3; i++) {
            loop.stop();
            loop.runForever();
        }
        loop.close();
        assertEquals(2, heard.size());
        assertTrue(inner.done() && outer.done());
        assertEquals(List.of("outer finally"), log, "GeneratorExit is no cancellation");
    }

    @Test
    void closingALoopWithNothingLeftReportsNothing() {
        var loop = loopWith(0);
        loop.runUntilComplete(async(() -> {
            var task = createTask(sleep(ofSeconds(1000)));
            await(sleep(ZERO));
            task.cancel();
            await(gatherOutcomes(task));
        }));
        loop.close();
        assertEquals(List.of(), heard);
    }

    // ---- leftovers of run

    @Test
    void leftoversAreCancelledAndAwaitedAndNotReported() {
        inLoop(() -> {
            for (int i = 0; i < 5; i++) {
                createTask(async(() -> {
                    try {
                        await(sleep(ofSeconds(1000)));
                    } catch (CancelledError e) {
                        assertNull(e.getMessage());
                        iterations(3);
                        log.add("cleaned up");
                        throw e;
                    }
                }));
            }
            await(sleep(ZERO));
        });
        assertEquals(Collections.nCopies(5, "cleaned up"), log);
    }
}
