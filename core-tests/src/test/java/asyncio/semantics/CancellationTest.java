package asyncio.semantics;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.currentTask;
import static asyncio.Asyncio.gather;
import static asyncio.Asyncio.gatherOutcomes;
import static asyncio.Asyncio.getRunningLoop;
import static asyncio.Asyncio.run;
import static asyncio.Asyncio.sleep;
import static asyncio.Asyncio.toThread;
import static asyncio.Asyncio.wrapFuture;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofSeconds;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import asyncio.CancelledError;
import asyncio.Coroutine;
import asyncio.Future;
import asyncio.Semaphore;
import asyncio.Task;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Cancellation: what it does in each state of a task, how it travels, what it leaves. */
class CancellationTest extends OnLoop {

    // ---- a task that waits for a future

    @Test
    void cancelOfATaskThatWaitsCancelsTheFutureNowAndReachesTheTaskOneIterationLater() {
        inLoop(() -> {
            Future<Void> future = getRunningLoop().createFuture();
            var task = createTask(noting("task", future));
            await(sleep(ZERO));
            assertTrue(task.cancel("bye"));
            assertTrue(future.cancelled());
            assertFalse(task.done());
            assertEquals(1, task.cancelling());
            assertEquals(List.of(), log);
            await(sleep(ZERO));
            assertEquals(List.of("task cancelled: bye"), log);
            assertTrue(task.cancelled());
            assertEquals(1, task.cancelling());
            assertEquals("bye", cancelledBy(task).getMessage());
            assertEquals(0, currentTask().cancelling());
        });
    }

    @Test
    void cancelWithoutMessageHasNone() {
        inLoop(() -> {
            var task = createTask(noting("task", sleep(ofSeconds(1000))));
            await(sleep(ZERO));
            task.cancel();
            assertNull(cancelledBy(task).getMessage());
            assertEquals(List.of("task cancelled: null"), log);
        });
    }

    @Test
    void aSleepThatIsCancelledTakesItsTimerAway() throws Exception {
        // The loop is idle until the timer would fire; if it were left, virtual time would jump to it.
        VirtualTime.inVirtualTime(() -> {
            var loop = getRunningLoop();
            var start = loop.time();
            var task = createTask(sleep(ofSeconds(1000)));
            await(sleep(ofSeconds(1)));
            task.cancel();
            cancelledBy(task);
            await(sleep(ofSeconds(1)));
            assertEquals(start.plusSeconds(2), loop.time());
        });
    }

    // ---- a task that waits for tasks

    @Test
    void cancelTravelsDownTheChainOfTasksAndComesUpAgain() {
        inLoop(() -> {
            var innermost = createTask(noting("innermost", sleep(ofSeconds(1000))));
            var middle = createTask(noting("middle", innermost));
            var outermost = createTask(noting("outermost", middle));
            await(sleep(ZERO));
            outermost.cancel("message");
            var all = List.of(innermost, middle, outermost);
            assertEquals(List.of(1, 1, 1), all.stream().map(Task::cancelling).toList());
            assertTrue(all.stream().noneMatch(Task::done));
            iterations(1);
            assertEquals(List.of("innermost cancelled: message"), log);
            iterations(1);
            assertEquals(List.of("innermost cancelled: message", "middle cancelled: message"), log);
            iterations(1);
            assertEquals("outermost cancelled: message", log.get(2));
            assertTrue(all.stream().allMatch(Task::cancelled));
        });
    }

    @Test
    void theSameErrorObjectComesUpTheChain() {
        inLoop(() -> {
            Task<Void> inner = createTask(async(() -> {
                try {
                    await(sleep(ofSeconds(1000)));
                } catch (CancelledError e) {
                    log.add(e);
                    throw e;
                }
            }));
            var outer = createTask(async(() -> {
                try {
                    await(inner);
                } catch (CancelledError e) {
                    log.add(e);
                    throw e;
                }
            }));
            await(sleep(ZERO));
            outer.cancel("message");
            var last = cancelledBy(outer);
            assertSame(log.get(0), log.get(1));
            assertSame(log.get(1), last);
        });
    }

    @Test
    void anInnerTaskThatSwallowsTheCancellationSavesTheOuterOne() {
        inLoop(() -> {
            var inner = createTask(async(() -> {
                try {
                    await(sleep(ofSeconds(1000)));
                    return "slept";
                } catch (CancelledError e) {
                    return "swallowed";
                }
            }));
            var outer = createTask(async(() -> "got " + await(inner)));
            await(sleep(ZERO));
            outer.cancel();
            assertEquals("got swallowed", await(outer));
            assertFalse(outer.cancelled());
            assertEquals(1, outer.cancelling());
            assertEquals(1, inner.cancelling());
        });
    }

    @Test
    void anInnerTaskThatFailsInsteadMakesTheOuterOneFail() {
        inLoop(() -> {
            var error = new IllegalArgumentException("in cleanup");
            var inner = createTask(async(() -> {
                try {
                    await(sleep(ofSeconds(1000)));
                } finally {
                    throwIt(error);
                }
            }));
            Task<Void> outer = createTask(async(() -> await(inner)));
            await(sleep(ZERO));
            outer.cancel();
            assertSame(error, assertThrows(IllegalArgumentException.class, () -> await(outer)));
            assertFalse(outer.cancelled());
        });
    }

    private static void throwIt(RuntimeException error) {
        throw error;
    }

    @Test
    void cancellingATaskThatTwoAwaitCancelsItForBoth() {
        inLoop(() -> {
            var shared = createTask(noting("shared", sleep(ofSeconds(1000))));
            var first = createTask(noting("first", shared));
            var second = createTask(noting("second", shared));
            await(sleep(ZERO));
            first.cancel("of the first");
            await(gatherOutcomes(first, second));
            assertEquals(
                    List.of(
                            "shared cancelled: of the first",
                            "first cancelled: of the first",
                            "second cancelled: of the first"),
                    log);
            assertEquals(List.of(1, 1, 0), List.of(shared.cancelling(), first.cancelling(), second.cancelling()));
            assertTrue(second.cancelled());
        });
    }

    // ---- a result that is ready

    @Test
    void cancelAfterTheFutureIsDoneStillWinsAndTheResultIsLost() {
        inLoop(() -> {
            Future<String> future = getRunningLoop().createFuture();
            var task = createTask(noting("task", future));
            await(sleep(ZERO));
            future.setResult("value");
            assertTrue(task.cancel("too late?"));
            assertFalse(future.cancelled());
            await(sleep(ZERO));
            assertEquals(List.of("task cancelled: too late?"), log);
            assertTrue(task.cancelled());
            assertEquals("value", future.result());
        });
    }

    @Test
    void cancelAfterTheAwaitedTaskIsDoneStillWins() {
        inLoop(() -> {
            var inner = createTask(later(1, "value"));
            var outer = createTask(noting("outer", inner));
            inner.addDoneCallback(t -> outer.cancel("raced"));
            // The callback was registered before the outer task began to wait, so it runs first, in the same batch.
            assertEquals("raced", cancelledBy(outer).getMessage());
            assertEquals("value", inner.result());
        });
    }

    @Test
    void cancelAfterTheFutureFailedStillWins() {
        inLoop(() -> {
            Future<String> future = getRunningLoop().createFuture();
            var task = createTask(noting("task", future));
            await(sleep(ZERO));
            future.setException(new IllegalArgumentException("lost"));
            task.cancel("won");
            await(sleep(ZERO));
            assertEquals(List.of("task cancelled: won"), log);
            assertInstanceOf(IllegalArgumentException.class, future.exception());
        });
    }

    @Test
    void cancelOfASleepZeroIsRaisedAtIt() {
        inLoop(() -> {
            var task = createTask(noting("task", sleep(ZERO)));
            getRunningLoop().callSoon(() -> task.cancel("between"));
            assertEquals("between", cancelledBy(task).getMessage());
            assertEquals(List.of("task cancelled: between"), log);
        });
    }

    // ---- not started

    @Test
    void aTaskThatIsCancelledBeforeItStartsNeverRunsALine() {
        inLoop(() -> {
            var task = createTask(async(() -> {
                log.add("body");
                try {
                    await(sleep(ZERO));
                } finally {
                    log.add("finally");
                }
            }));
            assertTrue(task.cancel("before"));
            assertFalse(task.done(), "it ends when its turn comes");
            assertEquals("before", cancelledBy(task).getMessage());
            assertTrue(task.cancelled());
            assertEquals(1, task.cancelling());
            assertEquals(List.of(), log);
        });
    }

    @Test
    void aSleepAsATaskThatIsCancelledBeforeItStartsIsCancelled() {
        inLoop(() -> {
            var task = createTask(sleep(ofSeconds(1000)));
            task.cancel("before");
            assertEquals("before", cancelledBy(task).getMessage());
        });
    }

    @Test
    void uncancelBeforeTheStartLetsItStart() {
        inLoop(() -> {
            var task = createTask(instant("ran"));
            task.cancel();
            assertEquals(0, task.uncancel());
            assertEquals("ran", await(task));
        });
    }

    // ---- self-cancel

    @Test
    void selfCancelIsRaisedAtTheFirstRealSuspensionAndOnlyOnce() {
        inLoop(() -> {
            Future<String> done = getRunningLoop().createFuture();
            done.setResult("finished");
            var task = createTask(async(() -> {
                assertTrue(currentTask().cancel("self"));
                assertEquals(1, currentTask().cancelling());
                assertEquals("instant", await(instant("instant")));
                assertEquals("finished", await(done));
                assertEquals("self", cancelledBy(sleep(ZERO)).getMessage());
                await(sleep(ZERO));
                return "result";
            }));
            assertEquals("result", await(task));
            assertFalse(task.cancelled());
            assertEquals(1, task.cancelling());
        });
    }

    @Test
    void selfCancelCancelsTheFutureThatIsAwaitedNext() {
        inLoop(() -> {
            Future<String> future = getRunningLoop().createFuture();
            var task = createTask(async(() -> {
                currentTask().cancel("self");
                await(future);
            }));
            assertEquals("self", cancelledBy(task).getMessage());
            assertTrue(future.cancelled());
        });
    }

    @Test
    void aTaskThatCancelsItselfAndReturnsIsCancelledAndItsValueIsDropped() {
        inLoop(() -> {
            var task = createTask(async(() -> {
                currentTask().cancel("self");
                return "dropped";
            }));
            assertEquals("self", cancelledBy(task).getMessage());
            assertTrue(task.cancelled());
        });
    }

    @Test
    void aTaskThatCancelsItselfAndFailsHasFailed() {
        inLoop(() -> {
            var error = new IllegalArgumentException("boom");
            var task = createTask(async(() -> {
                currentTask().cancel("self");
                throw error;
            }));
            assertSame(error, assertThrows(IllegalArgumentException.class, () -> await(task)));
            assertFalse(task.cancelled());
            assertEquals(1, task.cancelling());
        });
    }

    @Test
    void uncancelToZeroRevokesASelfCancel() {
        inLoop(() -> {
            var task = createTask(async(() -> {
                currentTask().cancel();
                assertEquals(0, currentTask().uncancel());
                await(sleep(ZERO));
                return "not cancelled";
            }));
            assertEquals("not cancelled", await(task));
        });
    }

    @Test
    void uncancelThatLeavesARequestDoesNotRevokeIt() {
        inLoop(() -> {
            var task = createTask(async(() -> {
                currentTask().cancel();
                currentTask().cancel("second");
                assertEquals(1, currentTask().uncancel());
                await(sleep(ZERO));
            }));
            assertEquals("second", cancelledBy(task).getMessage());
        });
    }

    // ---- done

    @Test
    void cancelOfADoneTaskReturnsFalseAndChangesNothing() {
        inLoop(() -> {
            var returned = createTask(instant("value"));
            var failed = createTask(async(() -> {
                throw new IllegalArgumentException("boom");
            }));
            var cancelled = createTask(sleep(ofSeconds(1000)));
            cancelled.cancel("first");
            await(gatherOutcomes(returned, failed, cancelled));
            for (var task : List.of(returned, failed, cancelled)) {
                int before = task.cancelling();
                assertFalse(task.cancel("later"));
                assertEquals(before, task.cancelling());
            }
            assertEquals("value", returned.result());
            assertInstanceOf(IllegalArgumentException.class, failed.exception());
            assertEquals(
                    "first",
                    assertThrows(CancelledError.class, cancelled::result).getMessage());
        });
    }

    // ---- several requests

    @Test
    void severalRequestsBeforeTheDeliveryAreCountedButRaisedOnce() {
        inLoop(() -> {
            var task = createTask(async(() -> {
                log.add(cancelledBy(sleep(ofSeconds(1000))).getMessage());
                await(sleep(ZERO));
                log.add("undisturbed");
                return currentTask().cancelling();
            }));
            await(sleep(ZERO));
            assertTrue(task.cancel("first"));
            assertTrue(task.cancel("second"));
            assertTrue(task.cancel("third"));
            assertEquals(3, task.cancelling());
            assertEquals(3, await(task));
            assertEquals(List.of("first", "undisturbed"), log);
        });
    }

    @Test
    void aLaterRequestIsRaisedAgain() {
        inLoop(() -> {
            var task = createTask(async(() -> {
                log.add(cancelledBy(sleep(ofSeconds(1000))).getMessage());
                log.add(cancelledBy(sleep(ofSeconds(1000))).getMessage());
                return "survived";
            }));
            await(sleep(ZERO));
            task.cancel("first");
            await(sleep(ZERO));
            task.cancel("second");
            assertEquals("survived", await(task));
            assertEquals(List.of("first", "second"), log);
            assertEquals(2, task.cancelling());
        });
    }

    @Test
    void aSecondCancelInterruptsACleanupThatAwaits() {
        inLoop(() -> {
            var task = createTask(async(() -> {
                try {
                    await(sleep(ofSeconds(1000)));
                } finally {
                    log.add("cleanup");
                    try {
                        await(sleep(ofSeconds(1000)));
                    } catch (CancelledError e) {
                        log.add("interrupted: " + e.getMessage());
                        throw e;
                    }
                }
            }));
            await(sleep(ZERO));
            task.cancel("first");
            await(sleep(ZERO));
            assertFalse(task.done());
            task.cancel("second");
            assertEquals("second", cancelledBy(task).getMessage());
            assertEquals(List.of("cleanup", "interrupted: second"), log);
        });
    }

    @Test
    void aCleanupMayAwaitUndisturbedAfterOneCancel() {
        inLoop(() -> {
            var task = createTask(async(() -> {
                try {
                    await(sleep(ofSeconds(1000)));
                } finally {
                    iterations(5);
                    await(sleep(java.time.Duration.ofMillis(2)));
                    log.add("cleaned up");
                }
            }));
            await(sleep(ZERO));
            task.cancel("once");
            assertEquals("once", cancelledBy(task).getMessage());
            assertEquals(List.of("cleaned up"), log);
        });
    }

    // ---- swallowing

    @Test
    void aTaskThatSwallowsGoesOnAndItsCountStaysUntilUncancel() {
        inLoop(() -> {
            var task = createTask(async(() -> {
                var me = currentTask();
                cancelledBy(sleep(ofSeconds(1000)));
                assertEquals(1, me.cancelling());
                await(sleep(ZERO));
                assertEquals(1, me.cancelling());
                assertEquals(0, me.uncancel());
                assertEquals(0, me.uncancel(), "it does not go below zero");
                return "finished";
            }));
            await(sleep(ZERO));
            assertTrue(task.cancel());
            assertEquals("finished", await(task));
            assertFalse(task.cancelled());
            assertEquals(0, task.cancelling());
        });
    }

    @Test
    void catchExceptionDoesNotSwallowACancellation() {
        inLoop(() -> {
            var task = createTask(async(() -> {
                try {
                    await(sleep(ofSeconds(1000)));
                } catch (Exception e) {
                    log.add(e);
                }
            }));
            await(sleep(ZERO));
            task.cancel();
            cancelledBy(task);
            assertEquals(List.of(), log);
        });
    }

    // ---- third parties, and errors of one's own

    @Test
    void aFutureThatAThirdPartyCancelsMakesItsWaiterCancelledWithoutARequest() {
        inLoop(() -> {
            Future<Void> future = getRunningLoop().createFuture();
            var task = createTask(noting("task", future));
            await(sleep(ZERO));
            future.cancel("by a third party");
            assertEquals("by a third party", cancelledBy(task).getMessage());
            assertTrue(task.cancelled());
            assertEquals(0, task.cancelling());
        });
    }

    @Test
    void aCoroutineThatThrowsCancelledErrorItselfIsCancelled() {
        inLoop(() -> {
            var task = createTask(async(() -> {
                throw new CancelledError("spontaneous");
            }));
            assertEquals("spontaneous", cancelledBy(task).getMessage());
            assertTrue(task.cancelled());
            assertEquals(0, task.cancelling());
        });
    }

    @Test
    void aCancellationThatIsTurnedIntoAnotherErrorIsNoCancellation() {
        inLoop(() -> {
            var task = createTask(async(() -> {
                cancelledBy(sleep(ofSeconds(1000)));
                throw new IllegalArgumentException("converted");
            }));
            await(sleep(ZERO));
            task.cancel();
            assertThrows(IllegalArgumentException.class, () -> await(task));
            assertFalse(task.cancelled());
            assertEquals(1, task.cancelling());
        });
    }

    @Test
    void awaitingACancelledTaskDoesNotCancelTheAwaiter() {
        inLoop(() -> {
            var task = createTask(sleep(ofSeconds(1000)));
            task.cancel();
            cancelledBy(task);
            assertEquals(0, currentTask().cancelling());
            await(sleep(ZERO));
        });
    }

    // ---- through coroutines and gather

    @Test
    void theMessageTravelsThroughInlineCoroutines() {
        inLoop(() -> {
            var task = createTask(noting("outer", noting("middle", noting("inner", sleep(ofSeconds(1000))))));
            await(sleep(ZERO));
            task.cancel("message");
            cancelledBy(task);
            assertEquals(
                    List.of("inner cancelled: message", "middle cancelled: message", "outer cancelled: message"), log);
        });
    }

    @Test
    void theMessageTravelsIntoTheChildrenOfGather() {
        inLoop(() -> {
            var gathered = gather(noting("a", sleep(ofSeconds(1000))), noting("b", sleep(ofSeconds(1000))));
            var task = createTask(noting("outer", gathered));
            await(sleep(ZERO));
            task.cancel("message");
            cancelledBy(task);
            assertEquals(List.of("a cancelled: message", "b cancelled: message", "outer cancelled: message"), log);
        });
    }

    // ---- executor jobs

    @Test
    void cancelOfAnExecutorJobThatRunsLetsItRunAndDropsItsResult() {
        var started = new CountDownLatch(1);
        var release = new CountDownLatch(1);
        var ran = new AtomicBoolean();
        inLoop(() -> {
            var job = getRunningLoop().runInExecutor(null, () -> {
                started.countDown();
                assertTrue(release.await(60, SECONDS));
                ran.set(true);
                return "dropped";
            });
            var task = createTask(noting("task", job));
            await(sleep(ZERO));
            until(() -> started.getCount() == 0);
            task.cancel("enough");
            assertEquals("enough", cancelledBy(task).getMessage());
            assertTrue(job.cancelled());
            assertFalse(ran.get());
            release.countDown();
            until(ran::get);
            await(toThread(() -> {}));
            assertTrue(job.cancelled());
        });
    }

    @Test
    void cancelOfAnExecutorJobThatIsQueuedKeepsItFromRunning() throws Exception {
        var executor = Executors.newSingleThreadExecutor();
        var release = new CountDownLatch(1);
        var ran = new AtomicBoolean();
        inLoop(() -> {
            var loop = getRunningLoop();
            var first = loop.runInExecutor(executor, () -> release.await(60, SECONDS));
            var second = loop.runInExecutor(executor, () -> ran.set(true));
            assertTrue(second.cancel());
            release.countDown();
            assertTrue(await(first));
        });
        executor.shutdown();
        assertTrue(executor.awaitTermination(60, SECONDS));
        assertFalse(ran.get());
    }

    @Test
    void cancelOfToThreadReachesTheAwait() {
        var started = new CountDownLatch(1);
        var release = new CountDownLatch(1);
        inLoop(() -> {
            var task = createTask(noting("task", toThread(() -> {
                started.countDown();
                release.await();
            })));
            until(() -> started.getCount() == 0);
            task.cancel("enough");
            assertEquals("enough", cancelledBy(task).getMessage());
            release.countDown();
        });
    }

    // ---- CompletionStages

    @Test
    void cancelOfATaskThatAwaitsAStageCancelsTheStage() {
        inLoop(() -> {
            var stage = new CompletableFuture<String>();
            var task = createTask(async(() -> await(stage)));
            await(sleep(ZERO));
            task.cancel("bye");
            assertTrue(stage.isCancelled());
            assertEquals("bye", cancelledBy(task).getMessage());
        });
    }

    @Test
    void aStageThatIsCancelledElsewhereCancelsItsAwaiter() {
        inLoop(() -> {
            var stage = new CompletableFuture<String>();
            var task = createTask(async(() -> await(stage)));
            await(sleep(ZERO));
            new Thread(() -> stage.cancel(true)).start();
            cancelledBy(task);
            assertTrue(task.cancelled());
            assertEquals(0, task.cancelling());
        });
    }

    @Test
    void aDependentStageThatIsCancelledIsACancellationToo() {
        inLoop(() -> {
            var stage = new CompletableFuture<String>();
            var dependent = stage.thenApply(value -> value + "!");
            var task = createTask(async(() -> await(dependent)));
            await(sleep(ZERO));
            stage.cancel(true);
            cancelledBy(task);
        });
    }

    @Test
    void aStageThatEndsJustBeforeTheCancelIsLostToTheTask() {
        inLoop(() -> {
            var stage = new CompletableFuture<String>();
            var future = wrapFuture(stage);
            var task = createTask(noting("task", future));
            await(sleep(ZERO));
            stage.complete("value");
            assertEquals("value", future.result(), "completed in the loop, it is there at once");
            task.cancel("late");
            assertEquals("late", cancelledBy(task).getMessage());
        });
    }

    @Test
    void aFutureThatIsCancelledCancelsItsCompletableFutureAndTheOtherWayRound() throws Exception {
        inLoop(() -> {
            Future<String> one = getRunningLoop().createFuture();
            var twinOfOne = one.toCompletableFuture();
            one.cancel("gone");
            await(sleep(ZERO));
            assertTrue(twinOfOne.isCancelled());
            Future<String> other = getRunningLoop().createFuture();
            var twinOfOther = other.toCompletableFuture();
            twinOfOther.cancel(true);
            await(sleep(ZERO));
            assertTrue(other.cancelled());
        });
    }

    // ---- semaphores

    @Test
    void aCancelledWaiterLeavesTheQueueOfASemaphore() {
        inLoop(() -> {
            var semaphore = Semaphore.create(0);
            var a = createTask(noting("a", semaphore.acquire()));
            var b = createTask(noting("b", semaphore.acquire()));
            var c = createTask(noting("c", semaphore.acquire()));
            await(sleep(ZERO));
            b.cancel("left");
            await(sleep(ZERO));
            semaphore.release();
            semaphore.release();
            await(gatherOutcomes(a, b, c));
            assertEquals(List.of("b cancelled: left", "a done", "c done"), log);
            assertTrue(semaphore.locked());
        });
    }

    @Test
    void aWaiterThatWasGivenAPermitAndIsCancelledPassesItOn() {
        inLoop(() -> {
            var semaphore = Semaphore.create(0);
            var a = createTask(noting("a", semaphore.acquire()));
            var b = createTask(noting("b", semaphore.acquire()));
            await(sleep(ZERO));
            semaphore.release();
            a.cancel("just now");
            await(gatherOutcomes(a, b));
            assertEquals(List.of("a cancelled: just now", "b done"), log);
        });
    }

    @Test
    void aPermitThatNobodyWantsAnyMoreIsThereAgain() {
        inLoop(() -> {
            var semaphore = Semaphore.create(0);
            var a = createTask(noting("a", semaphore.acquire()));
            await(sleep(ZERO));
            semaphore.release();
            a.cancel();
            cancelledBy(a);
            assertFalse(semaphore.locked());
            await(semaphore.acquire());
            assertTrue(semaphore.locked());
        });
    }

    // ---- many

    @Test
    void cancelOfManyTasksReachesEachOnce() {
        inLoop(() -> {
            var counter = new int[1];
            var tasks = java.util.stream.Stream.generate(() -> createTask(counting(counter)))
                    .limit(500)
                    .toList();
            await(sleep(ZERO));
            tasks.forEach(Task::cancel);
            await(gatherOutcomes(tasks));
            assertEquals(500, counter[0]);
            assertTrue(tasks.stream().allMatch(Task::cancelled));
        });
    }

    private static Coroutine<Void> counting(int[] counter) {
        return async(() -> {
            try {
                await(sleep(ofSeconds(1000)));
            } catch (CancelledError e) {
                counter[0]++;
                throw e;
            }
        });
    }

    @Test
    void aCancelledMainEndsRunWithTheMessage() {
        var error = assertThrows(
                CancelledError.class,
                () -> run(() -> {
                    var main = currentTask();
                    getRunningLoop().callSoon(() -> main.cancel("stop"));
                    await(sleep(ofSeconds(1000)));
                }));
        assertEquals("stop", error.getMessage());
    }
}
