package asyncio.testing;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.getRunningLoop;
import static asyncio.Asyncio.sleep;
import static asyncio.Asyncio.toThread;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofDays;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import asyncio.Coroutine;
import asyncio.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TestLoopTest {
    private final TestLoop loop = TestLoop.create();
    private final List<String> log = new ArrayList<>();

    @AfterEach
    void close() {
        loop.close();
    }

    private void log(String what) {
        log.add(loop.time().toMillis() + " " + what);
    }

    private Coroutine<Void> sleeper(String name, Duration... naps) {
        return async(() -> {
            for (var nap : naps) {
                await(sleep(nap));
                log(name);
            }
        });
    }

    @Test
    void jumpsFromTimerToTimer() {
        loop.createTask(sleeper("b", ofMillis(20), ofMillis(20)));
        loop.runUntilComplete(sleeper("a", ofMillis(30), ofMillis(30)));
        assertEquals(List.of("20 b", "30 a", "40 b", "60 a"), log);
    }

    @Test
    void yearsTakeNoTime() {
        loop.runUntilComplete(sleep(ofDays(10_000)));
        assertEquals(ofDays(10_000), loop.time());
    }

    @Test
    void isTheRunningLoop() {
        loop.runUntilComplete(async(() -> assertSame(loop, getRunningLoop())));
    }

    @Test
    void timeStandsWhileNothingRuns() throws InterruptedException {
        loop.createTask(sleeper("later", ofSeconds(1)));
        loop.runUntilComplete(sleep(ofMillis(10)));
        Thread.sleep(20);
        assertEquals(ofMillis(10), loop.time());
        assertEquals(List.of(), log);
    }

    // ---- by hand

    @Test
    void advanceMovesJustSoFar() {
        var task = loop.createTask(sleeper("a", ofSeconds(1), ofSeconds(1), ofSeconds(1)));
        loop.advance(ofMillis(1999));
        assertEquals(List.of("1000 a"), log);
        assertEquals(ofMillis(1999), loop.time());
        loop.advance(ofMillis(1));
        assertEquals(List.of("1000 a", "2000 a"), log);
        loop.advance(ofSeconds(10));
        assertEquals(ofSeconds(12), loop.time());
        assertTrue(task.done());
    }

    @Test
    void advanceByNothingRunsWhatIsReady() {
        var task = loop.createTask(async(() -> await(sleep(ZERO))));
        loop.advance(ZERO);
        assertTrue(task.done());
        assertEquals(ZERO, loop.time());
    }

    @Test
    void advanceDoesNotWaitForThreads() {
        var never = new CountDownLatch(1);
        loop.createTask(async(() -> await(toThread(() -> never.await()))));
        loop.createTask(sleeper("a", ofSeconds(1)));
        loop.advance(ofSeconds(1));
        never.countDown();
        assertEquals(List.of("1000 a"), log);
    }

    @Test
    void runUntilBlockedLeavesTheClockAlone() {
        var task = loop.createTask(async(() -> {
            log("start");
            for (int i = 0; i < 10; i++) {
                await(sleep(ZERO));
            }
            log("blocked");
            await(sleep(ofMillis(1)));
            log("too far");
        }));
        loop.runUntilBlocked();
        assertEquals(List.of("0 start", "0 blocked"), log);
        assertFalse(task.done());
        task.cancel();
        loop.runUntilBlocked();
        assertTrue(task.cancelled());
    }

    @Test
    void runUntilBlockedWaitsForThreads() {
        var task = loop.createTask(toThread(() -> {
            Thread.sleep(30);
            return "result";
        }));
        loop.runUntilBlocked();
        assertEquals("result", task.result());
    }

    @Test
    void refusesToGoBackAndToRunInside() {
        assertThrows(IllegalArgumentException.class, () -> loop.advance(ofMillis(-1)));
        loop.runUntilComplete(async(() -> {
            var error = assertThrows(IllegalStateException.class, () -> loop.advance(ofMillis(1)));
            assertTrue(error.getMessage().contains("await(sleep(…))"), error.getMessage());
            assertThrows(IllegalStateException.class, loop::runUntilBlocked);
        }));
    }

    // ---- until all others are blocked

    @Test
    void untilBlockedComesBeforeTheClockMoves() {
        loop.runUntilComplete(async(() -> {
            var busy = createTask(async(() -> {
                for (int i = 0; i < 20; i++) {
                    await(sleep(ZERO));
                }
                log("busy");
                await(sleep(ofHours(1)));
            }));
            await(loop.untilBlocked());
            log("main");
            busy.cancel();
        }));
        assertEquals(List.of("0 busy", "0 main"), log);
    }

    @Test
    void severalThatWaitForItTakeTurns() {
        loop.runUntilComplete(async(() -> {
            var first = createTask(async(() -> {
                await(loop.untilBlocked());
                await(sleep(ZERO));
                await(sleep(ZERO));
                log("first");
            }));
            await(sleep(ZERO));
            await(loop.untilBlocked());
            log("second");
            await(first);
        }));
        assertEquals(List.of("0 first", "0 second"), log);
    }

    @Test
    void whoeverIsCancelledWaitsNoLonger() {
        loop.runUntilComplete(async(() -> {
            var task = createTask(loop.untilBlocked());
            await(sleep(ZERO));
            task.cancel();
            await(loop.untilBlocked());
            assertTrue(task.cancelled());
        }));
    }

    // ---- threads

    @Test
    void theClockWaitsForExecutors() {
        loop.runUntilComplete(async(() -> {
            createTask(sleeper("timer", ofMillis(1)));
            await(toThread(() -> Thread.sleep(50)));
            log("thread");
            await(sleep(ofMillis(1)));
        }));
        assertEquals("0 thread", log.get(0));
    }

    @Test
    void aJobThatIsCalledOffIsNotWaitedFor() {
        loop.runUntilComplete(async(() -> {
            var started = new CountDownLatch(1);
            var end = new CountDownLatch(1);
            var pool = java.util.concurrent.Executors.newSingleThreadExecutor();
            var first = loop.runInExecutor(pool, () -> {
                started.countDown();
                end.await();
            });
            started.await();
            var second = loop.runInExecutor(pool, () -> log("never"));
            second.cancel();
            end.countDown();
            await(first);
            await(sleep(ofSeconds(1)));
            pool.shutdown();
            assertTrue(pool.awaitTermination(10, TimeUnit.SECONDS));
        }));
        assertEquals(List.of(), log);
    }

    @Test
    void anExecutorThatRefusesIsNotWaitedFor() {
        loop.runUntilComplete(async(() -> {
            assertThrows(
                    java.util.concurrent.RejectedExecutionException.class,
                    () -> loop.runInExecutor(
                            job -> {
                                throw new java.util.concurrent.RejectedExecutionException();
                            },
                            () -> {}));
            await(sleep(ofSeconds(1)));
        }));
    }

    @Test
    void holdTimeIsForThreadsOutOfSight() {
        loop.runUntilComplete(async(() -> {
            var answer = loop.<String>createFuture();
            var hold = loop.holdTime();
            var timer = loop.callLater(ofSeconds(1), () -> answer.setResult("too late"));
            var thread = new Thread(() -> {
                pause();
                loop.callSoonThreadsafe(() -> {
                    timer.cancel();
                    answer.setResult("in time");
                });
                hold.close();
                hold.close();
            });
            thread.start();
            assertEquals("in time", await(answer));
            await(sleep(ofSeconds(1)));
        }));
    }

    private static void pause() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    // ---- deadlocks

    @Test
    void saysWhatEveryTaskWaitsFor() {
        var error = assertThrows(
                DeadlockError.class,
                () -> loop.runUntilComplete(async(() -> {
                    Future<String> never = loop.createFuture();
                    var stuck = createTask(async(() -> await(never)), "stuck");
                    await(sleep(ofMillis(1500)));
                    waitForIt(stuck);
                })));
        var report = error.getMessage();
        assertTrue(report.contains("virtual time: PT1.5S"), report);
        assertTrue(report.contains("name='stuck' waitFor=<Future pending>"), report);
        assertTrue(report.contains("waitFor=stuck"), report);
        assertTrue(report.contains("TestLoopTest.waitForIt"), report);
        assertFalse(report.contains("asyncio.internal"), report);
        assertEquals(2, report.lines().filter(line -> line.contains("<Task")).count(), report);
    }

    private static void waitForIt(Future<String> future) {
        await(future);
    }

    @Test
    void aTimerIsNoDeadlock() {
        Future<String> later = loop.createFuture();
        loop.callLater(ofDays(3), () -> later.setResult("done"));
        assertEquals("done", loop.runUntilComplete(later));
    }

    @Test
    void aStageOfJavaMayComeYet() {
        var stage = new CompletableFuture<String>();
        new Thread(() -> {
                    pause();
                    stage.complete("came");
                })
                .start();
        assertEquals("came", loop.runUntilComplete(async(() -> await(stage))));
        // It does not count any longer.
        assertThrows(DeadlockError.class, () -> loop.runUntilComplete(loop.createFuture()));
    }

    @Test
    void aStageThatWasCancelledDoesNotCount() {
        var error = assertThrows(
                DeadlockError.class,
                () -> loop.runUntilComplete(async(() -> {
                    var task = createTask(async(() -> await(new CompletableFuture<String>())));
                    await(sleep(ZERO));
                    task.cancel();
                    await(loop.createFuture());
                })));
        assertEquals(
                1,
                error.getMessage()
                        .lines()
                        .filter(line -> line.contains("<Task"))
                        .count());
    }

    @Test
    void theLoopCanBeUsedAfterADeadlock() {
        Future<String> future = loop.createFuture();
        assertThrows(DeadlockError.class, () -> loop.runUntilComplete(future));
        future.setResult("after all");
        assertEquals("after all", loop.runUntilComplete(future));
    }

    @Test
    void runForeverWaitsForOtherThreads() {
        new Thread(() -> {
                    pause();
                    loop.callSoonThreadsafe(loop::stop);
                })
                .start();
        loop.runForever();
    }

    // ---- reports

    @Test
    void keepsReports() {
        loop.callSoon(() -> {
            throw new IllegalArgumentException("oops");
        });
        loop.runUntilBlocked();
        var reports = loop.takeReports();
        assertEquals(1, reports.size());
        assertEquals("oops", reports.get(0).exception().getMessage());
        assertEquals(List.of(), loop.takeReports());
    }

    @Test
    void anExceptionHandlerTakesThemInstead() {
        loop.setExceptionHandler((it, report) -> log(report.exception().getMessage()));
        loop.callSoon(() -> {
            throw new IllegalArgumentException("oops");
        });
        loop.runUntilBlocked();
        assertEquals(List.of(), loop.takeReports());
        assertEquals(List.of("0 oops"), log);
    }

    // ---- run

    @Test
    void runGivesTheResult() {
        assertEquals("result", TestLoop.run(() -> await(sleep(ofHours(1), "result"))));
    }

    @Test
    void runThrowsWhatTheMainCoroutineThrows() {
        var error = new IllegalArgumentException("mine");
        assertSame(
                error,
                assertThrows(
                        IllegalArgumentException.class,
                        () -> TestLoop.run(() -> {
                            throw error;
                        })));
    }

    @Test
    void runRefusesTasksThatAreLeft() {
        var finallyRan = new CompletableFuture<Boolean>();
        var error = assertThrows(
                AssertionError.class,
                () -> TestLoop.run(() -> {
                    createTask(
                            async(() -> {
                                try {
                                    await(sleep(ofHours(1)));
                                } finally {
                                    finallyRan.complete(true);
                                }
                            }),
                            "left");
                    await(sleep(ofSeconds(1)));
                }));
        assertTrue(error.getMessage().contains("One task still running at the end of the test"), error.getMessage());
        assertTrue(error.getMessage().contains("name='left'"), error.getMessage());
        assertTrue(finallyRan.isDone());
    }

    @Test
    void runRefusesReports() {
        var error = assertThrows(
                AssertionError.class,
                () -> TestLoop.run(() -> {
                    createTask(async(() -> {
                        throw new IllegalArgumentException("lost");
                    }));
                    await(sleep(ofSeconds(1)));
                }));
        assertTrue(error.getMessage().contains("lost"), error.getMessage());
        assertEquals("lost", error.getSuppressed()[0].getCause().getMessage());
    }
}
