package asyncio.semantics;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.currentTask;
import static asyncio.Asyncio.getRunningLoop;
import static asyncio.Asyncio.newEventLoop;
import static asyncio.Asyncio.run;
import static asyncio.Asyncio.runCoroutineThreadsafe;
import static asyncio.Asyncio.sleep;
import static asyncio.Asyncio.toThread;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofSeconds;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import asyncio.Action;
import asyncio.CancelledError;
import asyncio.EventLoop;
import asyncio.Future;
import asyncio.KeyboardInterrupt;
import asyncio.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** run, runForever, runUntilComplete, stop and close. */
class LoopLifeTest extends OnLoop {
    private final EventLoop loop = newEventLoop();

    @AfterEach
    void close() {
        loop.close();
    }

    // ---- stop

    @Test
    void stopLetsTheBatchFinishAndLeavesTheRestQueued() {
        loop.callSoon(() -> {
            loop.stop();
            loop.callSoon(() -> log.add("scheduled by the batch"));
            log.add("first");
        });
        loop.callSoon(() -> log.add("second"));
        loop.runForever();
        assertEquals(List.of("first", "second"), log);
        loop.callSoon(loop::stop);
        loop.runForever();
        assertEquals(List.of("first", "second", "scheduled by the batch"), log);
    }

    @Test
    void aLoopThatWasStoppedBeforehandRunsOneBatch() {
        loop.callSoon(() -> {
            log.add("first batch");
            loop.callSoon(() -> log.add("second batch"));
        });
        loop.stop();
        loop.runForever();
        assertEquals(List.of("first batch"), log);
        loop.stop();
        loop.runForever();
        assertEquals(List.of("first batch", "second batch"), log);
    }

    @Test
    void stopInACoroutineTakesEffectWhenTheBatchEnds() {
        var task = loop.createTask(async(() -> {
            loop.stop();
            await(async(() -> log.add("runs on, also inline")));
            await(sleep(ZERO));
            log.add("next run");
        }));
        loop.callSoon(() -> log.add("rest of the batch"));
        loop.runForever();
        assertEquals(List.of("runs on, also inline", "rest of the batch"), log);
        assertFalse(task.done());
        loop.runUntilComplete(task);
        assertEquals(List.of("runs on, also inline", "rest of the batch", "next run"), log);
    }

    @Test
    void theLoopIsRunningOnlyWhileItRuns() {
        assertFalse(loop.isRunning());
        loop.callSoon(() -> log.add(loop.isRunning()));
        loop.callSoon(loop::stop);
        loop.runForever();
        assertEquals(List.of(true), log);
        assertFalse(loop.isRunning());
        assertFalse(loop.isClosed());
    }

    // ---- runUntilComplete

    @Test
    void runUntilCompleteGivesTheResultOrTheSameException() {
        assertEquals("value", loop.runUntilComplete(later(2, "value")));
        var error = new IllegalArgumentException("boom");
        assertSame(
                error,
                assertThrows(
                        IllegalArgumentException.class,
                        () -> loop.runUntilComplete(async(() -> {
                            await(sleep(ZERO));
                            throw error;
                        }))));
        Task<String> task = loop.createTask(later(2, "of a task"));
        assertEquals("of a task", loop.runUntilComplete(task));
        assertEquals("of a task", loop.runUntilComplete(task), "a finished one too");
    }

    @Test
    void runUntilCompleteFailsIfTheLoopIsStoppedBeforeAndTheTaskLivesOn() {
        Future<String> gate = loop.createFuture();
        var task = loop.createTask(async(() -> await(gate)));
        loop.callSoon(loop::stop);
        var refusal = assertThrows(IllegalStateException.class, () -> loop.runUntilComplete(task));
        assertEquals("Event loop stopped before Future completed.", refusal.getMessage());
        assertFalse(task.done());
        gate.setResult("value");
        assertEquals("value", loop.runUntilComplete(task));
        assertEquals("value", loop.runUntilComplete(task));
    }

    @Test
    void runUntilCompleteLeavesNoCallbackBehind() {
        Future<String> gate = loop.createFuture();
        loop.callSoon(loop::stop);
        assertThrows(IllegalStateException.class, () -> loop.runUntilComplete(gate));
        // A leftover of that run would stop this one after its first batch.
        gate.setResult("value");
        loop.runUntilComplete(async(() -> iterations(5)));
    }

    @Test
    void aLoopCanBeRunFromDifferentThreadsOneAfterTheOther() throws Exception {
        loop.runUntilComplete(async(() -> log.add("here")));
        var thread = new Thread(() -> loop.runUntilComplete(async(() -> log.add("there"))));
        thread.start();
        thread.join();
        loop.runUntilComplete(async(() -> log.add("here again")));
        assertEquals(List.of("here", "there", "here again"), log);
    }

    @Test
    void timersAndTasksKeepUntilTheNextRun() {
        var task = loop.createTask(async(() -> {
            await(sleep(java.time.Duration.ofMillis(20)));
            return "slept";
        }));
        for (int i = 0; i < 3; i++) {
            loop.stop();
            loop.runForever();
            assertFalse(task.done());
        }
        assertEquals("slept", loop.runUntilComplete(task));
    }

    // ---- one loop at a time

    @Test
    void aRunningLoopCannotBeRunAgain() {
        loop.callSoon(() -> {
            log.add(assertThrows(IllegalStateException.class, loop::runForever).getMessage());
            log.add(assertThrows(IllegalStateException.class, () -> loop.runUntilComplete(instant(1)))
                    .getMessage());
            loop.stop();
        });
        loop.runForever();
        assertEquals(List.of("This event loop is already running", "This event loop is already running"), log);
    }

    @Test
    void aSecondLoopCannotRunInTheThreadOfAnother() {
        try (var other = newEventLoop()) {
            loop.runUntilComplete(async(() -> {
                log.add(assertThrows(IllegalStateException.class, other::runForever)
                        .getMessage());
                var coroutine = instant(1);
                log.add(assertThrows(IllegalStateException.class, () -> other.runUntilComplete(coroutine))
                        .getMessage());
                assertEquals(1, await(coroutine), "it was not touched");
            }));
        }
        var refusal = "Cannot run the event loop while another loop is running in this thread";
        assertEquals(List.of(refusal, refusal), log);
    }

    @Test
    void twoLoopsRunInTwoThreads() throws Exception {
        var thread = new Thread(loop::runForever);
        thread.start();
        try (var other = newEventLoop()) {
            var value = other.runUntilComplete(async(
                    () -> await(runCoroutineThreadsafe(async(() -> getRunningLoop() == loop), loop))));
            assertTrue(value);
        }
        loop.callSoonThreadsafe(loop::stop);
        thread.join();
    }

    // ---- fatal errors

    @Test
    void aFatalErrorInACallbackLeavesTheLoopAtOnceAndTheRestQueued() {
        var fatal = new KeyboardInterrupt();
        loop.callSoon(() -> log.add("before"));
        loop.callSoon(() -> {
            throw fatal;
        });
        loop.callSoon(() -> log.add("after"));
        loop.callSoon(loop::stop);
        assertSame(fatal, assertThrows(KeyboardInterrupt.class, loop::runForever));
        assertEquals(List.of("before"), log);
        assertFalse(loop.isRunning());
        assertFalse(loop.isClosed());
        loop.runForever();
        assertEquals(List.of("before", "after"), log);
    }

    @Test
    void whichErrorsAreFatal() {
        class SystemExit extends KeyboardInterrupt {}

        for (var fatal : List.of(new KeyboardInterrupt(), new SystemExit(), new InternalError("made up"))) {
            loop.callSoon(() -> {
                throw fatal;
            });
            assertSame(fatal, assertThrows(Error.class, loop::runForever));
        }
        loop.setExceptionHandler((l, context) -> log.add(context.exception()));
        var others = List.<Error>of(
                new OutOfMemoryError("made up"),
                new StackOverflowError("made up"),
                new AssertionError("made up"),
                new CancelledError());
        for (var other : others) {
            loop.callSoon(() -> {
                throw other;
            });
        }
        loop.callSoon(loop::stop);
        loop.runForever();
        assertEquals(others, log);
    }

    @Test
    void aFatalErrorInATaskEndsTheTaskAndLeavesTheLoop() {
        var fatal = new KeyboardInterrupt();
        var task = loop.createTask(async(() -> {
            await(sleep(ZERO));
            throw fatal;
        }));
        loop.callSoon(() -> loop.callSoon(() -> log.add("after")));
        loop.callSoon(() -> loop.callSoon(() -> log.add("after that")));
        assertSame(fatal, assertThrows(KeyboardInterrupt.class, loop::runForever));
        assertTrue(task.done());
        assertSame(fatal, task.exception());
        assertEquals(List.of(), log);
        loop.stop();
        loop.runForever();
        assertEquals(List.of("after", "after that"), log);
    }

    @Test
    void runUntilCompleteThrowsTheFatalErrorOfItsCoroutineAndTheLoopCanRunOn() {
        var fatal = new KeyboardInterrupt();
        assertSame(
                fatal,
                assertThrows(
                        KeyboardInterrupt.class,
                        () -> loop.runUntilComplete(async(() -> {
                            await(sleep(ZERO));
                            throw fatal;
                        }))));
        assertEquals("fine", loop.runUntilComplete(later(3, "fine")));
    }

    @Test
    void runThrowsTheFatalErrorOfItsMainAfterTheLeftoversEnded() {
        var fatal = new KeyboardInterrupt();
        assertSame(
                fatal,
                assertThrows(
                        KeyboardInterrupt.class,
                        () -> run(() -> {
                            asyncio.Asyncio.createTask(noting("leftover", sleep(ofSeconds(100))));
                            await(sleep(ZERO));
                            throw fatal;
                        })));
        assertEquals(List.of("leftover cancelled: null"), log);
    }

    // ---- close

    @Test
    void aClosedLoopRefusesWork() {
        var coroutine = instant(1);
        loop.close();
        loop.close();
        assertTrue(loop.isClosed());
        var ways = List.<Action>of(
                () -> loop.callSoon(() -> {}),
                () -> loop.callSoonThreadsafe(() -> {}),
                () -> loop.callLater(ZERO, () -> {}),
                () -> loop.callAt(ZERO, () -> {}),
                () -> loop.createTask(instant(1)),
                () -> loop.runInExecutor(null, () -> 1),
                () -> runCoroutineThreadsafe(instant(1), loop),
                loop::runForever,
                () -> loop.runUntilComplete(coroutine));
        for (var way : ways) {
            log.add(assertThrows(IllegalStateException.class, way::run).getMessage());
        }
        assertEquals(java.util.Collections.nCopies(ways.size(), "Event loop is closed"), log);
        assertEquals(1, run(coroutine), "it was not touched");
    }

    @Test
    void closeDropsWhatIsQueued() {
        loop.callSoon(() -> log.add("callback"));
        loop.callLater(ZERO, () -> log.add("timer"));
        loop.callSoonThreadsafe(() -> log.add("from another thread"));
        loop.close();
        assertEquals(List.of(), log);
    }

    @Test
    void aRunningLoopCannotBeClosed() {
        loop.callSoon(() ->
                log.add(assertThrows(IllegalStateException.class, loop::close).getMessage()));
        loop.callSoon(loop::stop);
        loop.runForever();
        assertEquals(List.of("Cannot close a running event loop"), log);
        assertFalse(loop.isClosed());
    }

    // ---- a loop in a thread of its own

    @Test
    void aLoopInTheBackgroundIsDrivenFromOutside() throws Exception {
        var thread = new Thread(loop::runForever);
        thread.start();
        assertEquals("value", runCoroutineThreadsafe(later(3, "value"), loop).get(60, SECONDS));
        var error = new IllegalArgumentException("boom");
        var failed = assertThrows(
                ExecutionException.class,
                () -> runCoroutineThreadsafe(
                                async(() -> {
                                    throw error;
                                }),
                                loop)
                        .get(60, SECONDS));
        assertSame(error, failed.getCause());
        loop.callSoonThreadsafe(() -> log.add("callback"));
        loop.callSoonThreadsafe(loop::stop);
        thread.join();
        assertEquals(List.of("callback"), log);
        assertFalse(loop.isRunning());
    }

    @Test
    void cancellingTheFutureOfRunCoroutineThreadsafeCancelsTheTaskAndATimeoutOfGetDoesNot() throws Exception {
        var thread = new Thread(loop::runForever);
        thread.start();
        var future = runCoroutineThreadsafe(noting("sleeper", sleep(ofSeconds(1000))), loop);
        assertThrows(TimeoutException.class, () -> future.get(20, java.util.concurrent.TimeUnit.MILLISECONDS));
        runCoroutineThreadsafe(later(2, null), loop).get(60, SECONDS);
        assertEquals(List.of(), log, "a timeout of get() does not cancel");
        assertTrue(future.cancel(false));
        runCoroutineThreadsafe(later(2, null), loop).get(60, SECONDS);
        assertEquals(List.of("sleeper cancelled: null"), log);
        assertTrue(future.isCancelled());
        loop.callSoonThreadsafe(loop::stop);
        thread.join();
    }

    @Test
    void cancellingTheTaskCancelsTheFutureOfRunCoroutineThreadsafe() throws Exception {
        var thread = new Thread(loop::runForever);
        thread.start();
        var future = runCoroutineThreadsafe(
                async(() -> {
                    currentTask().cancel("by itself");
                    await(sleep(ZERO));
                }),
                loop);
        var cancelled = assertThrows(java.util.concurrent.CancellationException.class, () -> future.get(60, SECONDS));
        assertTrue(future.isCancelled());
        loop.callSoonThreadsafe(loop::stop);
        thread.join();
        assertInstanceOf(CancelledError.class, rootOf(cancelled));
    }

    private static Throwable rootOf(Throwable error) {
        return error.getCause() == null ? error : rootOf(error.getCause());
    }

    @Test
    void workGivenToALoopThatDoesNotRunYetWaitsForIt() throws Exception {
        var future = runCoroutineThreadsafe(instant("value"), loop);
        loop.callSoonThreadsafe(() -> log.add("callback"));
        assertFalse(future.isDone());
        loop.runUntilComplete(later(3, null));
        assertEquals("value", future.get());
        assertEquals(List.of("callback"), log);
    }

    // ---- run

    @Test
    void runGivesTheResultAndCancelsAndAwaitsWhatIsLeft() {
        var task = new ArrayList<Task<?>>();
        var result = run(() -> {
            task.add(asyncio.Asyncio.createTask(async(() -> {
                try {
                    await(sleep(ofSeconds(1000)));
                } finally {
                    log.add("cleaning up");
                    iterations(3);
                    log.add("cleaned up");
                }
            })));
            await(sleep(ZERO));
            return 42;
        });
        assertEquals(42, result);
        assertEquals(List.of("cleaning up", "cleaned up"), log);
        assertTrue(task.get(0).cancelled());
    }

    @Test
    void anErrorOfMainComesOutAfterTheLeftoversEnded() {
        var error = new java.io.IOException("main failed");
        assertSame(
                error,
                assertThrows(
                        java.io.IOException.class,
                        () -> run(() -> {
                            asyncio.Asyncio.createTask(noting("early", sleep(ofSeconds(1000))));
                            await(sleep(ZERO));
                            asyncio.Asyncio.createTask(async(() -> {
                                log.add("a task created just before still starts");
                                await(sleep(ofSeconds(1000)));
                            }));
                            throw error;
                        })));
        assertEquals(List.of("a task created just before still starts", "early cancelled: null"), log);
    }

    @Test
    void leftoversThatCreateTasksWhileTheyEndAreLeftNoFurther() {
        run(() -> {
            asyncio.Asyncio.createTask(async(() -> {
                try {
                    await(sleep(ofSeconds(1000)));
                } finally {
                    await(asyncio.Asyncio.createTask(async(() -> {
                        iterations(2);
                        log.add("awaited helper ends");
                    })));
                    log.add("leftover ends");
                }
            }));
            await(sleep(ZERO));
        });
        assertEquals(List.of("awaited helper ends", "leftover ends"), log);
    }

    @Test
    void everyRunHasALoopOfItsOwnThatIsClosedAfterwards() {
        var loops = new ArrayList<EventLoop>();
        run(() -> loops.add(getRunningLoop()));
        assertThrows(
                IllegalArgumentException.class,
                () -> run(() -> {
                    loops.add(getRunningLoop());
                    throw new IllegalArgumentException();
                }));
        assertNotSame(loops.get(0), loops.get(1));
        assertTrue(loops.get(0).isClosed() && loops.get(1).isClosed());
        assertFalse(loops.get(0).isRunning() || loops.get(1).isRunning());
    }

    @Test
    void aMainThatIsCancelledMakesRunThrowCancelledError() {
        var cancelled = assertThrows(
                CancelledError.class,
                () -> run(() -> {
                    currentTask().cancel("enough");
                    await(sleep(ZERO));
                }));
        assertEquals("enough", cancelled.getMessage());
    }

    @Test
    void theDefaultExecutorMayBeShutDownByTheProgramItself() {
        inLoop(() -> {
            assertEquals(1, await(toThread(() -> 1)));
            await(getRunningLoop().shutdownDefaultExecutor(null));
            await(getRunningLoop().shutdownDefaultExecutor(null));
        });
    }
}
