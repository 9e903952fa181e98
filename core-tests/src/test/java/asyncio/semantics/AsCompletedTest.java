package asyncio.semantics;

import static asyncio.Asyncio.asCompleted;
import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.currentTask;
import static asyncio.Asyncio.each;
import static asyncio.Asyncio.gather;
import static asyncio.Asyncio.getRunningLoop;
import static asyncio.Asyncio.newEventLoop;
import static asyncio.Asyncio.sleep;
import static asyncio.semantics.VirtualTime.inVirtualTime;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertThrowsExactly;
import static org.junit.jupiter.api.Assertions.assertTrue;

import asyncio.Awaitable;
import asyncio.Future;
import asyncio.StopAsyncIteration;
import asyncio.Task;
import asyncio.TimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;

class AsCompletedTest extends OnLoop {
    private static final Duration LONG = ofSeconds(1000);

    private static TimeoutException timesOut(Awaitable<?> awaitable) {
        return assertThrowsExactly(TimeoutException.class, () -> await(awaitable));
    }

    @Test
    void resultsComeInTheOrderInWhichTheyAreThere() {
        inLoop(() -> {
            for (var next : asCompleted(List.of(later(5, "c"), later(1, "a"), later(3, "b")))) {
                log.add(await(next));
            }
            assertEquals(List.of("a", "b", "c"), log);
        });
    }

    @Test
    void theTasksThemselvesCanBeHad() {
        inLoop(() -> {
            var slow = createTask(later(5, "slow"));
            var quick = createTask(later(1, "quick"));
            for (var task : each(asCompleted(List.of(slow, quick)))) {
                assertTrue(task.done());
                log.add(task);
            }
            assertEquals(List.of(quick, slow), log);
        });
    }

    @Test
    void tasksAreMadeAtOnceAndOnlyOnce() {
        inLoop(() -> {
            var coroutine = async(() -> log.add("runs"));
            var task = createTask(instant(true));
            var all = asCompleted(List.of(coroutine, task, coroutine, task));
            iterations(2);
            assertEquals(List.of("runs"), log);
            int n = 0;
            for (var next : all) {
                await(next);
                n++;
            }
            assertEquals(2, n);
        });
    }

    @Test
    void whatFailedIsRaisedByItsCoroutineAndIsDoneInTheOtherWay() {
        inLoop(() -> {
            var error = new IllegalArgumentException("boom");
            var failed = createTask(async(() -> {
                throw error;
            }));
            var next = asCompleted(List.of(failed)).iterator().next();
            assertSame(error, assertThrows(IllegalArgumentException.class, () -> await(next)));
            for (var task : each(asCompleted(List.of(failed)))) {
                assertSame(error, task.exception());
            }
            var cancelled = createTask(sleep(LONG));
            cancelled.cancel();
            cancelledBy(asCompleted(List.of(cancelled)).iterator().next());
            assertEquals(0, currentTask().cancelling());
        });
    }

    @Test
    void ofNothingThereIsNothing() {
        inLoop(() -> {
            assertFalse(asCompleted(List.<Task<String>>of()).iterator().hasNext());
            for (var task : each(asCompleted(List.<Task<String>>of(), ofSeconds(1)))) {
                log.add(task);
            }
            assertEquals(List.of(), log);
        });
    }

    @Test
    void coroutinesOfOneRoundMayBeAwaitedByDifferentTasks() {
        inLoop(() -> {
            var readers = new ArrayList<Task<String>>();
            for (var next : asCompleted(List.of(later(5, "second"), later(2, "first")))) {
                readers.add(createTask(next));
            }
            assertEquals(List.of("first", "second"), await(gather(readers)));
        });
    }

    @Test
    void whoBeginsAgainGoesOnWhereTheLastOneStopped() {
        inLoop(() -> {
            var all = asCompleted(List.of(later(1, "a"), later(2, "b"), later(3, "c")));
            for (var next : all) {
                log.add(await(next));
                break;
            }
            for (var task : each(all)) {
                log.add(task.result());
            }
            assertEquals(List.of("a", "b", "c"), log);
            assertThrows(NoSuchElementException.class, () -> all.iterator().next());
            assertThrows(StopAsyncIteration.class, () -> all.aiter().anext().doAwait());
        });
    }

    @Test
    void afterTheTimeEachThatIsMissingIsRaisedAndNoneIsCancelled() {
        inVirtualTime(() -> {
            var start = getRunningLoop().time();
            var quick = createTask(sleep(ofSeconds(1), "quick"));
            var slow = List.of(createTask(sleep(ofSeconds(5), "slow")), createTask(sleep(ofSeconds(6), "slower")));
            var all = asCompleted(List.of(slow.get(0), quick, slow.get(1)), ofSeconds(3))
                    .iterator();
            assertEquals("quick", await(all.next()));
            timesOut(all.next());
            assertEquals(start.plusSeconds(3), getRunningLoop().time());
            timesOut(all.next());
            assertFalse(all.hasNext());
            assertEquals(0, slow.get(0).cancelling() + slow.get(1).cancelling());
            assertEquals(List.of("slow", "slower"), await(gather(slow)));
        });
    }

    @Test
    void whatWasThereBeforeTheTimeWasOverIsNotLost() {
        inVirtualTime(() -> {
            var quick = createTask(sleep(ofSeconds(1), "quick"));
            var never = createTask(sleep(LONG, "never"));
            var all = asCompleted(List.of(never, quick), ofSeconds(3));
            await(sleep(ofSeconds(9)));
            var rest = all.iterator();
            assertEquals("quick", await(rest.next()));
            timesOut(rest.next());
            never.cancel();
        });
    }

    @Test
    void eachRaisesTheTimeoutToo() {
        inVirtualTime(() -> {
            var never = createTask(sleep(LONG, "never"));
            assertThrows(TimeoutException.class, () -> {
                for (var task : each(asCompleted(List.of(never), ofSeconds(1)))) {
                    log.add(task);
                }
            });
            never.cancel();
            assertEquals(List.of(), log);
        });
    }

    @Test
    void whenAllAreThereTheTimeDoesNotMatter() {
        inVirtualTime(() -> {
            var all =
                    asCompleted(List.of(sleep(ofSeconds(1), "a")), ofSeconds(3)).iterator();
            await(sleep(ofSeconds(9)));
            assertEquals("a", await(all.next()));
        });
    }

    @Test
    void aReaderThatIsCancelledLosesNothing() {
        inLoop(() -> {
            Future<String> future = getRunningLoop().createFuture();
            var all = asCompleted(List.of(future, later(99, "late"))).iterator();
            var first = createTask(all.next());
            var second = createTask(all.next());
            iterations(1);
            future.setResult("early");
            iterations(1);
            // The first reader has been woken for the item, and has not taken it.
            first.cancel();
            cancelledBy(first);
            assertEquals("early", await(second));
        });
    }

    @Test
    void aFutureOfAnotherLoopIsRefused() {
        try (var other = newEventLoop()) {
            Future<String> foreign = other.createFuture();
            inLoop(() -> assertThrows(IllegalStateException.class, () -> asCompleted(List.of(foreign))));
        }
        assertThrows(IllegalStateException.class, () -> asCompleted(List.<Task<String>>of()));
    }
}
