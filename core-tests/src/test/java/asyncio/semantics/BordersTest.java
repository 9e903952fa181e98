package asyncio.semantics;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.gather;
import static asyncio.Asyncio.gatherOutcomes;
import static asyncio.Asyncio.getRunningLoop;
import static asyncio.Asyncio.newEventLoop;
import static asyncio.Asyncio.run;
import static asyncio.Asyncio.runCoroutineThreadsafe;
import static asyncio.Asyncio.sleep;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofHours;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import asyncio.CancelledError;
import asyncio.DoneCallback;
import asyncio.ExceptionContext;
import asyncio.Future;
import asyncio.KeyboardInterrupt;
import asyncio.Semaphore;
import asyncio.Task;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Where the loop meets other threads, other people's code, and its own end. */
@Timeout(60)
class BordersTest {

    // ---- Java's own futures

    @Test
    void waitingForOnesOwnLoopIsRefused() {
        run(() -> {
            var future = createTask(async(() -> 1)).toCompletableFuture();
            var submitted = runCoroutineThreadsafe(async(() -> 1), getRunningLoop());

            assertThrows(IllegalStateException.class, future::get);
            assertThrows(IllegalStateException.class, future::join);
            assertThrows(IllegalStateException.class, () -> submitted.get(1, SECONDS));
        });
    }

    @Test
    void whatOtherThreadsHoldEndsWithTheLoop() {
        var loop = newEventLoop();
        var coroutine = async(() -> 1);
        var neverStarted = runCoroutineThreadsafe(coroutine, loop);
        var pending = loop.createFuture().toCompletableFuture();
        var abandoned = loop.createTask(async(() -> await(sleep(ofHours(1))))).toCompletableFuture();
        loop.setExceptionHandler((l, report) -> {});
        loop.close();

        for (var future : List.of(neverStarted, pending, abandoned)) {
            var error = assertThrows(ExecutionException.class, () -> future.get(10, SECONDS));
            assertEquals("Event loop is closed", error.getCause().getMessage());
        }
        assertThrows(IllegalStateException.class, () -> run(coroutine), "the coroutine was given up");
    }

    @Test
    void aDoneFutureOfAClosedLoopStillTellsItsResult() throws Exception {
        var loop = newEventLoop();
        var task = loop.createTask(async(() -> 7));
        loop.runUntilComplete(task);

        assertEquals(7, task.toCompletableFuture().get(10, SECONDS));
        loop.close();
        assertEquals(7, task.toCompletableFuture().get(10, SECONDS));
    }

    @Test
    void aCancelledGatherIsACancellationForJavaToo() {
        run(() -> {
            var all = gather(sleep(ofHours(1)), sleep(ofHours(1)));
            CompletableFuture<?> twin = all.toCompletableFuture();
            await(sleep(ZERO));
            all.cancel();
            assertThrows(CancelledError.class, () -> await(all));
            await(sleep(ZERO));

            assertTrue(twin.isDone());
            assertThrows(CancellationException.class, twin::join);
        });
    }

    @Test
    void aCancellationExceptionOfABodyIsAnExceptionLikeAnyOther() {
        run(() -> {
            var error = new CancellationException("mine");
            var semaphore = Semaphore.create(1);
            var task = createTask(async(() -> {
                await(semaphore.acquire());
                throw error;
            }));

            assertSame(error, assertThrows(CancellationException.class, () -> await(task)));
            assertFalse(task.cancelled());
        });
    }

    // ---- the end of a run

    @Test
    void aJobMayNeedTheLoopWhileTheExecutorShutsDown() {
        var cancelled = new CountDownLatch(1);
        var answer = new AtomicInteger();
        run(() -> {
            var loop = getRunningLoop();
            loop.runInExecutor(null, () -> {
                cancelled.await();
                answer.set(runCoroutineThreadsafe(async(() -> 42), loop).get(30, SECONDS));
            });
            createTask(async(() -> {
                try {
                    await(sleep(ofHours(1)));
                } finally {
                    cancelled.countDown();
                }
            }));
            await(sleep(ZERO));
        });

        assertEquals(42, answer.get());
    }

    @Test
    void theErrorOfMainSurvivesACleanUpThatFails() {
        var error = assertThrows(
                IllegalArgumentException.class,
                () -> run(() -> {
                    var loop = getRunningLoop();
                    createTask(async(() -> {
                        try {
                            await(sleep(ofHours(1)));
                        } finally {
                            loop.stop();
                            await(sleep(ZERO));
                        }
                    }));
                    await(sleep(ZERO));
                    loop.setExceptionHandler((l, report) -> {});
                    throw new IllegalArgumentException("the real problem");
                }));

        assertEquals("the real problem", error.getMessage());
        assertEquals(1, error.getSuppressed().length);
    }

    @Test
    void closeIsNotCutShortByAnInterrupt() {
        var loop = newEventLoop();
        loop.setExceptionHandler((l, report) -> {});
        var unwound = new AtomicInteger();
        loop.createTask(async(() -> {
            try {
                await(sleep(ofHours(1)));
            } finally {
                unwound.incrementAndGet();
            }
        }));
        loop.runUntilComplete(sleep(ZERO));
        Thread.currentThread().interrupt();
        loop.close();

        assertTrue(Thread.interrupted(), "the interrupt is kept");
        assertTrue(loop.isClosed());
        assertEquals(1, unwound.get());
    }

    @Test
    void aStopThatAFatalErrorOvertookIsForgotten() {
        var loop = newEventLoop();
        loop.callSoon(() -> {
            loop.stop();
            throw new KeyboardInterrupt();
        });
        assertThrows(KeyboardInterrupt.class, loop::runForever);
        loop.runUntilComplete(sleep(ZERO));
        loop.close();
    }

    // ---- other people's code

    @Test
    void whatCannotBePrintedDoesNotEndTheLoop() {
        var after = run(() -> {
            Future<Object> future = getRunningLoop().createFuture();
            future.addDoneCallback(f -> {
                throw new IllegalStateException("reported with a future that cannot be printed");
            });
            future.setResult(new Object() {
                @Override
                public String toString() {
                    throw new NullPointerException("in toString");
                }
            });
            await(sleep(ZERO));
            await(sleep(ZERO));
            return "went on";
        });

        assertEquals("went on", after);
    }

    @Test
    void aCallbackIsPrintedOnlyWhenItFails() {
        var printed = new AtomicInteger();
        run(() -> {
            Future<Integer> future = getRunningLoop().createFuture();
            future.addDoneCallback(new DoneCallback<Future<Integer>>() {
                @Override
                public void done(Future<Integer> done) {}

                @Override
                public String toString() {
                    printed.incrementAndGet();
                    return "callback";
                }
            });
            future.setResult(1);
            await(sleep(ZERO));
        });

        assertEquals(0, printed.get());
    }

    @Test
    void tasksThatWaitForEachOtherCanBePrinted() {
        run(() -> {
            var tasks = new ArrayList<Task<?>>();
            tasks.add(createTask(async(() -> await(tasks.get(1))), "a"));
            tasks.add(createTask(async(() -> await(tasks.get(0))), "b"));
            await(sleep(ZERO));

            assertEquals("<Task pending name='a' waitFor=b>", tasks.get(0).toString());
            assertEquals("<Task pending name='b' waitFor=a>", tasks.get(1).toString());
        });
    }

    @Test
    void tasksThatWaitForEachOtherCanBeCancelled() {
        var tasks = new ArrayList<Task<?>>();
        run(() -> {
            tasks.add(createTask(async(() -> await(tasks.get(1)))));
            tasks.add(createTask(async(() -> await(tasks.get(0)))));
            await(sleep(ZERO));
            tasks.get(0).cancel();
            for (var task : tasks) {
                assertThrows(CancelledError.class, () -> await(task));
            }
        });

        assertTrue(tasks.stream().allMatch(Task::cancelled));
    }

    @Test
    void bodiesSeeTheClassLoaderOfWhoeverRunsThem() throws Exception {
        var thread = Thread.currentThread();
        var before = thread.getContextClassLoader();
        try (var mine = new URLClassLoader(new URL[0], before)) {
            thread.setContextClassLoader(mine);
            run(() -> {
                assertSame(mine, Thread.currentThread().getContextClassLoader());
                assertSame(
                        mine,
                        await(createTask(async(() -> Thread.currentThread().getContextClassLoader()))));
            });
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    @Test
    void childrenOfACancelledGatherOutcomesAreNotReported() {
        var reports = new ArrayList<ExceptionContext>();
        run(() -> {
            getRunningLoop().setExceptionHandler((l, report) -> reports.add(report));
            var all = gatherOutcomes(async(() -> {
                try {
                    await(sleep(ofHours(1)));
                } catch (CancelledError e) {
                    throw new IllegalStateException("in the clean-up", e);
                }
            }));
            await(sleep(ZERO));
            all.cancel();
            assertThrows(CancelledError.class, () -> await(all));
        });

        assertEquals(List.of(), reports);
    }

    @Test
    void manyFailuresThatNobodyTookCostNoMoreThanTheirNumber() {
        var reports = new AtomicInteger();
        run(() -> {
            getRunningLoop().setExceptionHandler((l, report) -> reports.incrementAndGet());
            var kept = new ArrayList<Future<Void>>();
            for (int i = 0; i < 20_000; i++) {
                Future<Void> future = getRunningLoop().createFuture();
                future.setException(new IllegalStateException("nobody looks"));
                kept.add(future);
            }
            assertEquals(20_000, kept.size());
        });

        assertEquals(20_000, reports.get());
    }
}
