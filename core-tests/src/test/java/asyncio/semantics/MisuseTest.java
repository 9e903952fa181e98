package asyncio.semantics;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.currentTask;
import static asyncio.Asyncio.gather;
import static asyncio.Asyncio.gatherOutcomes;
import static asyncio.Asyncio.getRunningLoop;
import static asyncio.Asyncio.newEventLoop;
import static asyncio.Asyncio.run;
import static asyncio.Asyncio.sleep;
import static asyncio.Asyncio.toThread;
import static asyncio.Asyncio.wrapFuture;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import asyncio.Action;
import asyncio.Future;
import asyncio.InvalidStateException;
import asyncio.Lock;
import asyncio.Semaphore;
import asyncio.Task;
import asyncio.internal.fiber.FiberKind;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What a user does wrong gets an exception that says what to do instead. */
class MisuseTest extends OnLoop {

    /** The call is refused, and the refusal says all of this. */
    private static void refused(Action call, String... advice) {
        var refusal = assertThrows(IllegalStateException.class, call::run);
        for (var words : advice) {
            assertTrue(
                    refusal.getMessage() != null && refusal.getMessage().contains(words),
                    () -> "should say '" + words + "': " + refusal.getMessage());
        }
    }

    // ---- await where nothing can be suspended

    @Test
    void awaitInAThreadWithoutLoop() {
        refused(() -> await(instant(1)), "await outside a coroutine", "async(", "run(", "runCoroutineThreadsafe");
        refused(() -> await(sleep(ZERO)), "await outside a coroutine");
        refused(() -> await(Semaphore.create(1).acquire()), "await outside a coroutine");
        refused(() -> await(toThread(() -> 1)), "await outside a coroutine");
        refused(() -> await(CompletableFuture.completedFuture(1)), "outside a running event loop");
    }

    @Test
    void aRefusedAwaitDoesNotUseTheCoroutineUp() {
        var coroutine = instant(1);
        refused(() -> await(coroutine));
        assertEquals(1, run(coroutine));
    }

    @Test
    void awaitOfAPendingFutureInAThreadWithoutLoop() {
        try (var loop = newEventLoop()) {
            Future<Void> future = loop.createFuture();
            refused(() -> await(future), "await outside a coroutine");
        }
    }

    @Test
    void awaitInACallback() {
        inLoop(() -> {
            Future<Void> future = getRunningLoop().createFuture();
            for (var call : List.<Action>of(() -> await(sleep(ZERO)), () -> await(instant(1)), () -> await(future))) {
                getRunningLoop().callSoon(() -> {
                    refused(call, "await outside a coroutine", "callback", "async(", "createTask(");
                    log.add("refused");
                });
            }
            await(sleep(ZERO));
            assertEquals(List.of("refused", "refused", "refused"), log);
        });
    }

    @Test
    void awaitInADoneCallback() {
        inLoopWithReports(() -> {
            Future<Void> future = getRunningLoop().createFuture();
            future.addDoneCallback(f -> await(sleep(ZERO)));
            future.setResult(null);
            iterations(2);
        });
        assertEquals(1, reports.size());
        assertInstanceOf(IllegalStateException.class, reports.get(0).exception());
    }

    @Test
    void awaitInAnotherThreadThanTheTasks() {
        inLoop(() -> {
            var coroutine = instant(1);
            await(toThread(() -> refused(() -> await(coroutine), "await outside a coroutine")));
            assertEquals(1, await(coroutine));
        });
    }

    /** A class whose initializer awaits. */
    private static final class Initialized {
        static final int VALUE = await(later(3, 42));
    }

    @Test
    void awaitInAClassInitializer() {
        inLoop(() -> {
            var ticker = Ticker.start();
            if (FiberKind.getChosen() == FiberKind.LOOP) {
                var error = assertThrows(ExceptionInInitializerError.class, () -> fail("" + Initialized.VALUE));
                var refusal = assertInstanceOf(IllegalStateException.class, error.getCause());
                assertTrue(refusal.getMessage().contains("pinned by a class initializer"), refusal.getMessage());
            } else {
                assertEquals(42, Initialized.VALUE);
            }
            assertEquals(1, ticker.during(sleep(ZERO)), "the task and the loop go on as before");
            assertEquals("value", await(createTask(later(3, "value"))));
            ticker.stop();
        });
    }

    @Test
    void awaitInASynchronizedBlockWorks() {
        inLoop(() -> {
            var lock = new Object();
            getRunningLoop().callSoon(() -> log.add("callback"));
            synchronized (lock) {
                await(sleep(ZERO));
                log.add("back, with the lock " + Thread.holdsLock(lock));
            }
            assertEquals(List.of("callback", "back, with the lock true"), log);
        });
    }

    // ---- no running loop

    @Test
    void whatNeedsARunningLoop() {
        refused(() -> getRunningLoop(), "No running event loop", "run(");
        var coroutine = instant(1);
        refused(() -> createTask(coroutine), "No running event loop");
        refused(() -> currentTask(), "No running event loop");
        refused(() -> gather(coroutine), "gather outside a running event loop");
        refused(() -> gatherOutcomes(coroutine), "gatherOutcomes outside a running event loop");
        refused(() -> wrapFuture(new CompletableFuture<>()), "outside a running event loop");
        assertEquals(1, run(coroutine), "none of them used the coroutine up");
    }

    @Test
    void runInsideARunningLoop() {
        inLoop(() -> {
            var coroutine = instant(1);
            refused(() -> run(coroutine), "run() cannot be called from a running event loop", "await", "createTask(");
            assertEquals(1, await(coroutine));
            getRunningLoop().callSoon(() -> {
                refused(() -> run(() -> {}), "run() cannot be called from a running event loop");
                log.add("refused in a callback");
            });
            await(sleep(ZERO));
            assertEquals(List.of("refused in a callback"), log);
        });
    }

    // ---- coroutines run once

    @Test
    void aCoroutineAwaitedTwice() {
        inLoop(() -> {
            var coroutine = instant(1);
            await(coroutine);
            refused(() -> await(coroutine), "cannot reuse already awaited coroutine", "make it a task");
            refused(() -> createTask(coroutine), "cannot reuse already awaited coroutine");
            var failed = async(() -> {
                throw new IllegalArgumentException();
            });
            assertThrows(IllegalArgumentException.class, () -> await(failed));
            refused(() -> await(failed), "cannot reuse already awaited coroutine");
            var nap = sleep(ZERO);
            await(nap);
            refused(() -> await(nap), "cannot reuse already awaited coroutine");
        });
    }

    @Test
    void aCoroutineMadeATaskTwice() {
        inLoop(() -> {
            var coroutine = instant(1);
            var task = createTask(coroutine);
            refused(() -> createTask(coroutine), "cannot reuse already awaited coroutine");
            refused(() -> await(coroutine), "cannot reuse already awaited coroutine");
            refused(() -> gather(coroutine), "cannot reuse already awaited coroutine");
            assertEquals(1, await(task));
        });
    }

    @Test
    void aCoroutineThatIsBeingAwaited() {
        inLoop(() -> {
            var coroutine = later(3, 1);
            var task = createTask(async(() -> await(coroutine)));
            await(sleep(ZERO));
            refused(() -> await(coroutine), "cannot reuse already awaited coroutine");
            assertEquals(1, await(task));
        });
    }

    @Test
    void aCoroutineThatWasClosed() {
        inLoop(() -> {
            var coroutine = async(() -> log.add("must not run"));
            coroutine.close();
            coroutine.close();
            refused(() -> await(coroutine), "closed");
            refused(() -> createTask(coroutine), "closed");
            assertEquals(List.of(), log);
        });
    }

    @Test
    void closeOfACoroutineThatATaskDrives() {
        inLoop(() -> {
            var coroutine = later(2, 1);
            var task = createTask(coroutine);
            await(sleep(ZERO));
            refused(coroutine::close, "cancel the task");
            assertEquals(1, await(task));
            coroutine.close();
        });
    }

    // ---- awaiting the wrong thing

    @Test
    void aTaskThatAwaitsItself() {
        inLoop(() -> {
            Task<?> me = currentTask();
            refused(() -> await(me), "Task cannot await on itself");
            await(sleep(ZERO));
        });
    }

    @Test
    void aFutureOfAnotherLoop() {
        try (var other = newEventLoop()) {
            Future<Void> foreign = other.createFuture();
            inLoop(() -> {
                refused(() -> await(foreign), "different loop", "runCoroutineThreadsafe");
                await(sleep(ZERO));
            });
        }
    }

    @Test
    void runUntilCompleteOfAFutureOfAnotherLoop() {
        try (var other = newEventLoop();
                var loop = newEventLoop()) {
            Future<Void> foreign = other.createFuture();
            refused(() -> loop.runUntilComplete(foreign), "different loop");
        }
    }

    // ---- the wrong thread

    @Test
    void callsFromAThreadThatIsNotTheLoops() {
        inLoop(() -> {
            var loop = getRunningLoop();
            Future<Integer> future = loop.createFuture();
            Future<Integer> done = loop.createFuture();
            done.setResult(1);
            var task = createTask(sleep(ofSeconds(1000)));
            var timer = loop.callLater(ofSeconds(1000), () -> log.add("timer"));
            var coroutine = instant(1);
            var semaphore = Semaphore.create(0);
            var waiter = createTask(semaphore.acquire());
            await(sleep(ZERO));
            await(toThread(() -> {
                var calls = List.<Action>of(
                        () -> loop.callSoon(() -> log.add("callback")),
                        () -> loop.callLater(ZERO, () -> log.add("timer")),
                        () -> loop.callAt(ZERO, () -> log.add("timer")),
                        () -> loop.createTask(coroutine),
                        () -> loop.runInExecutor(null, () -> log.add("job")),
                        () -> loop.stop(),
                        () -> future.setResult(1),
                        () -> future.setException(new IllegalArgumentException()),
                        () -> future.cancel(),
                        () -> future.addDoneCallback(f -> log.add("done callback")),
                        () -> done.addDoneCallback(f -> log.add("done callback")),
                        () -> future.removeDoneCallback(f -> {}),
                        () -> task.cancel(),
                        () -> task.uncancel(),
                        () -> timer.cancel(),
                        () -> semaphore.release());
                for (int i = 0; i < calls.size(); i++) {
                    var call = calls.get(i);
                    try {
                        refused(call, "callSoonThreadsafe", "runCoroutineThreadsafe");
                    } catch (AssertionError error) {
                        throw new AssertionError("call " + i, error);
                    }
                }
            }));
            iterations(3);
            assertEquals(List.of(), log);
            assertFalse(future.done());
            assertEquals(0, task.cancelling());
            assertFalse(waiter.done());
            assertFalse(timer.cancelled(), "it was not called off");
            assertEquals(1, await(coroutine));
            task.cancel();
            waiter.cancel();
            timer.cancel();
        });
    }

    @Test
    void callsFromCodeOfAnotherLoop() {
        inLoop(() -> {
            var loop = getRunningLoop();
            Future<Integer> future = loop.createFuture();
            var lock = Lock.create();
            await(lock.acquire());
            var waiter = createTask(lock.acquire());
            await(sleep(ZERO));
            await(toThread(() -> run(() -> {
                for (var call : List.<Action>of(
                        () -> future.setResult(1), () -> future.cancel(), () -> loop.stop(), () -> lock.release())) {
                    refused(call, "was called from another event loop", "Make one for each loop", "callSoonThreadsafe");
                }
            })));
            assertFalse(future.done());
            waiter.cancel();
        });
    }

    @Test
    void callsFromTheThreadThatStartedTheLoopWhileItRuns() throws Exception {
        var loop = newEventLoop();
        var thread = new Thread(loop::runForever);
        thread.start();
        while (!loop.isRunning()) {
            Thread.onSpinWait();
        }
        Future<Void> future = loop.createFuture();
        refused(() -> loop.callSoon(() -> {}), "callSoonThreadsafe");
        refused(() -> future.setResult(null), "callSoonThreadsafe");
        refused(loop::close, "Cannot close a running event loop");
        loop.callSoonThreadsafe(loop::stop);
        thread.join();
        loop.callSoon(() -> {});
        future.setResult(null);
        loop.close();
    }

    @Test
    void whileTheLoopDoesNotRunAnyThreadMayPrepareIt() throws Exception {
        try (var loop = newEventLoop()) {
            Future<String> future = loop.createFuture();
            var thread = new Thread(() -> {
                loop.callSoon(() -> log.add("callback"));
                loop.callLater(ofMillis(1), () -> future.setResult("timer"));
            });
            thread.start();
            thread.join();
            assertEquals("timer", loop.runUntilComplete(future));
            assertEquals(List.of("callback"), log);
        }
    }

    // ---- outcomes

    @Test
    void theOutcomeOfATaskCannotBeSet() {
        inLoop(() -> {
            var task = createTask(instant("own"));
            refused(() -> task.setResult("forged"), "Task does not support setResult", "coroutine");
            refused(() -> task.setException(new IllegalArgumentException()), "Task does not support setException");
            assertFalse(task.done());
            assertEquals("own", await(task));
        });
    }

    @Test
    void theOutcomeOfWhatIsNotDone() {
        inLoop(() -> {
            Future<Void> future = getRunningLoop().createFuture();
            var task = createTask(later(1, 1));
            for (var f : List.of(future, task)) {
                assertEquals(
                        "Result is not set.",
                        assertThrows(InvalidStateException.class, f::result).getMessage());
                assertEquals(
                        "Exception is not set.",
                        assertThrows(InvalidStateException.class, f::exception).getMessage());
            }
        });
    }

    @Test
    void anOutcomeIsSetOnce() {
        inLoop(() -> {
            Future<Integer> done = getRunningLoop().createFuture();
            done.setResult(1);
            Future<Integer> failed = getRunningLoop().createFuture();
            failed.setException(new IllegalArgumentException());
            Future<Integer> cancelled = getRunningLoop().createFuture();
            assertTrue(cancelled.cancel());
            for (var future : List.of(done, failed, cancelled)) {
                assertThrows(InvalidStateException.class, () -> future.setResult(2));
                assertThrows(InvalidStateException.class, () -> future.setException(new IllegalArgumentException()));
                assertFalse(future.cancel());
            }
            assertEquals(1, done.result());
            assertInstanceOf(IllegalArgumentException.class, failed.exception());
            assertTrue(cancelled.cancelled());
        });
    }

    @Test
    void aSemaphoreCannotBeginBelowZero() {
        var refusal = assertThrows(IllegalArgumentException.class, () -> Semaphore.create(-1));
        assertTrue(refusal.getMessage().contains(">= 0"), refusal.getMessage());
    }

    @Test
    void aSemaphoreBelongsToTheLoopThatItBlockedIn() {
        var semaphore = Semaphore.create(0);
        inLoop(() -> {
            var waiter = createTask(semaphore.acquire());
            await(sleep(ZERO));
            waiter.cancel();
        });
        inLoop(() -> refused(() -> await(semaphore.acquire()), "is bound to a different event loop"));
    }

    @Test
    void theValueOfAFailure() {
        inLoop(() -> {
            var error = new IllegalArgumentException("boom");
            var outcome = await(gatherOutcomes(async(() -> {
                        throw error;
                    })))
                    .get(0);
            assertEquals(
                    error,
                    assertThrows(IllegalStateException.class, outcome::value).getCause());
        });
    }

    @Test
    void nullsAreRefusedWhereTheyAreGiven() {
        inLoop(() -> {
            var loop = getRunningLoop();
            assertThrows(NullPointerException.class, () -> loop.callSoon(null));
            assertThrows(NullPointerException.class, () -> loop.callSoonThreadsafe(null));
            assertThrows(NullPointerException.class, () -> loop.callLater(null, () -> {}));
            assertThrows(NullPointerException.class, () -> loop.callAt(null, () -> {}));
            assertThrows(NullPointerException.class, () -> loop.createTask(null));
            assertThrows(NullPointerException.class, () -> loop.createFuture().setException(null));
            assertThrows(NullPointerException.class, () -> loop.createFuture().addDoneCallback(null));
            assertThrows(NullPointerException.class, () -> sleep(null));
            assertThrows(NullPointerException.class, () -> async((Action) null));
        });
    }
}
