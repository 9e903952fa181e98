package asyncio.semantics;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.currentTask;
import static asyncio.Asyncio.getRunningLoop;
import static asyncio.Asyncio.sleep;
import static asyncio.Asyncio.waitFor;
import static asyncio.semantics.VirtualTime.inVirtualTime;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofNanos;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertThrowsExactly;
import static org.junit.jupiter.api.Assertions.assertTrue;

import asyncio.Awaitable;
import asyncio.CancelledError;
import asyncio.Future;
import asyncio.Queue;
import asyncio.Task;
import asyncio.TimeoutException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class WaitForTest extends OnLoop {
    private static final Duration LONG = ofSeconds(1000);

    private static TimeoutException timesOut(Awaitable<?> awaitable) {
        return assertThrowsExactly(TimeoutException.class, () -> await(awaitable));
    }

    /** A task that makes a result of its cancellation, some iterations later. */
    private static Task<String> stubborn() {
        return createTask(async(() -> {
            cancelledBy(sleep(LONG));
            iterations(3);
            return "stubborn";
        }));
    }

    @Test
    void aCoroutineRunsInTheTaskThatAwaits() {
        inLoop(() -> {
            var me = currentTask();
            getRunningLoop().callSoon(() -> log.add("callback"));
            assertSame(me, await(waitFor(async(() -> currentTask()), LONG)));
            assertEquals(List.of(), log, "nothing ran in between");
        });
    }

    @Test
    void whatEndsInTimeIsReturnedOrRaised() {
        inVirtualTime(() -> {
            var start = getRunningLoop().time();
            assertEquals("value", await(waitFor(sleep(ofSeconds(1), "value"), LONG)));
            assertEquals("value", await(waitFor(createTask(sleep(ofSeconds(1), "value")), LONG)));
            var error = new IllegalArgumentException("boom");
            Future<Void> failed = getRunningLoop().createFuture();
            failed.setException(error);
            assertSame(error, assertThrows(IllegalArgumentException.class, () -> await(waitFor(failed, LONG))));
            assertEquals("no limit", await(waitFor(sleep(ofSeconds(1), "no limit"), null)));
            assertEquals("own", await(waitFor(() -> "own", LONG)));
            assertEquals(start.plusSeconds(3), getRunningLoop().time());
        });
    }

    @Test
    void whenTheTimeIsOverWhatIsAwaitedIsCancelledAndItsEndAwaited() {
        inVirtualTime(() -> {
            var task = createTask(async(() -> {
                try {
                    await(sleep(LONG));
                } finally {
                    await(sleep(ofSeconds(5)));
                    log.add("cleaned up");
                }
            }));
            var start = getRunningLoop().time();
            var raised = timesOut(waitFor(task, ofSeconds(1)));
            assertInstanceOf(CancelledError.class, raised.getCause());
            assertEquals(List.of("cleaned up"), log);
            assertEquals(start.plusSeconds(6), getRunningLoop().time());
            assertTrue(task.cancelled());
            assertEquals(0, currentTask().cancelling());
        });
    }

    @Test
    void aTaskThatSwallowsTheCancellationGivesItsValue() {
        inVirtualTime(() -> {
            var task = stubborn();
            assertEquals("stubborn", await(waitFor(task, ofSeconds(1))));
            assertFalse(task.cancelled());
            assertEquals(0, currentTask().cancelling());
        });
    }

    @Test
    void whatIsRaisedWhileItIsCancelledIsRaised() {
        inVirtualTime(() -> {
            for (var limit : List.of(ofSeconds(1), ZERO)) {
                var task = createTask(async(() -> {
                    cancelledBy(sleep(LONG));
                    throw new IllegalArgumentException("cleanup");
                }));
                iterations(1);
                assertThrows(IllegalArgumentException.class, () -> await(waitFor(task, limit)));
                assertEquals(0, currentTask().cancelling());
            }
        });
    }

    @Test
    void aResultThatComesAtTheDeadlineIsNotReturned() {
        inVirtualTime(() -> {
            Future<String> future = getRunningLoop().createFuture();
            getRunningLoop().callLater(ofSeconds(1), () -> future.setResult("late"));
            timesOut(waitFor(future, ofSeconds(1)));
            assertEquals("late", future.result());
        });
    }

    @Test
    void anItemOfAQueueIsNotLostToTheDeadline() {
        inVirtualTime(() -> {
            Queue<String> queue = Queue.create();
            getRunningLoop().callLater(ofSeconds(1), () -> queue.putNowait("item"));
            timesOut(waitFor(queue.get(), ofSeconds(1)));
            assertEquals("item", queue.getNowait());
        });
    }

    // ---- no time at all

    @Test
    void withoutTimeACoroutineNeverStarts() {
        inLoop(() -> {
            for (var limit : List.of(ZERO, ofNanos(-1), ofSeconds(-5))) {
                var coroutine = async(() -> log.add("must not run"));
                timesOut(waitFor(coroutine, limit));
                assertThrows(IllegalStateException.class, () -> await(coroutine));
            }
            assertEquals(List.of(), log);
        });
    }

    @Test
    void withoutTimeWhatIsDoneGivesItsOutcome() {
        inLoop(() -> {
            var done = createTask(instant("done"));
            await(done);
            getRunningLoop().callSoon(() -> log.add("callback"));
            assertEquals("done", await(waitFor(done, ZERO)));
            Future<String> failed = getRunningLoop().createFuture();
            failed.setException(new IllegalArgumentException("failed"));
            assertThrows(IllegalArgumentException.class, () -> await(waitFor(failed, ZERO)));
            Future<String> cancelled = getRunningLoop().createFuture();
            cancelled.cancel();
            assertThrows(CancelledError.class, () -> await(waitFor(cancelled, ZERO)));
            assertEquals(List.of(), log, "none of them suspends");
        });
    }

    @Test
    void withoutTimeWhatRunsIsCancelledAndAwaited() {
        inLoop(() -> {
            var running = createTask(noting("running", sleep(LONG)));
            var stubborn = stubborn();
            iterations(1);
            timesOut(waitFor(running, ZERO));
            assertEquals(List.of("running cancelled: null"), log);
            assertEquals("stubborn", await(waitFor(stubborn, ZERO)));
        });
    }

    @Test
    void waitingForTheEndOfWhatWasCancelledCanItselfBeCancelled() {
        inLoop(() -> {
            var stubborn = stubborn();
            iterations(1);
            var waiting = createTask(waitFor(stubborn, ZERO));
            iterations(1);
            waiting.cancel("enough");
            assertEquals("enough", cancelledBy(waiting).getMessage());
            assertFalse(stubborn.done());
            assertEquals(1, stubborn.cancelling());
            assertEquals("stubborn", await(stubborn));
        });
    }

    // ---- cancelled from outside

    @Test
    void aCancellationFromOutsideIsPassedOnAndIsNoTimeout() {
        inLoop(() -> {
            var inner = createTask(noting("inner", sleep(LONG)));
            var waiting = createTask(waitFor(inner, LONG));
            iterations(2);
            waiting.cancel("outside");
            assertEquals("outside", cancelledBy(waiting).getMessage());
            assertEquals(List.of("inner cancelled: outside"), log);
        });
    }

    @Test
    void itRunsOnceAsAnyCoroutine() {
        inLoop(() -> {
            var waiting = waitFor(instant("a"), LONG);
            assertEquals("a", await(waiting));
            assertThrows(IllegalStateException.class, () -> await(waiting));
            assertEquals("b", await(createTask(waitFor(instant("b"), LONG))));
        });
    }

    @Test
    void nullIsNoAwaitable() {
        assertThrows(NullPointerException.class, () -> waitFor(null, LONG));
    }

    @Test
    void theTraceShowsWhoWaits() {
        inVirtualTime(() -> {
            for (var limit : List.of(ofSeconds(1), ZERO)) {
                var raised = timesOut(waitFor(createTask(sleep(LONG)), limit));
                assertTrue(
                        List.of(raised.getStackTrace()).stream()
                                .anyMatch(frame -> frame.getClassName().startsWith(WaitForTest.class.getName())),
                        () -> List.of(raised.getStackTrace()).toString());
            }
        });
    }
}
