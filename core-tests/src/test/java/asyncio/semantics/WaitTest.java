package asyncio.semantics;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.getRunningLoop;
import static asyncio.Asyncio.newEventLoop;
import static asyncio.Asyncio.sleep;
import static asyncio.semantics.VirtualTime.inVirtualTime;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import asyncio.Asyncio;
import asyncio.Coroutine;
import asyncio.DoneAndPending;
import asyncio.Future;
import asyncio.ReturnWhen;
import asyncio.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WaitTest extends OnLoop {
    private static final Duration LONG = ofSeconds(1000);

    private static Coroutine<String> failing(int iterations) {
        return async(() -> {
            iterations(iterations);
            throw new IllegalArgumentException("boom");
        });
    }

    @SuppressWarnings("unchecked")
    private static Collection<Future<?>> unchecked(Object futures) {
        return (Collection<Future<?>>) futures;
    }

    // ---- what it waits for

    @Test
    void forAllWhateverTheirOutcome() {
        inLoop(() -> {
            var victim = createTask(sleep(LONG, "slept"));
            var tasks = List.of(createTask(later(3, "slow")), createTask(failing(1)), victim);
            getRunningLoop().callSoon(victim::cancel);
            var all = await(Asyncio.wait(tasks));
            assertEquals(tasks, List.copyOf(all.done()));
            assertEquals(Set.of(), all.pending());
            assertInstanceOf(IllegalArgumentException.class, tasks.get(1).exception());
        });
    }

    @Test
    void forTheFirst() {
        inLoop(() -> {
            var tasks = List.of(
                    createTask(later(5, "slow")), createTask(later(2, "quick")), createTask(later(2, "same time")));
            var some = await(Asyncio.wait(tasks, ReturnWhen.FIRST_COMPLETED));
            assertEquals(tasks.subList(1, 3), List.copyOf(some.done()), "whatever is done when it returns");
            assertEquals(Set.of(tasks.get(0)), some.pending());
            assertEquals(0, tasks.get(0).cancelling());
            assertEquals(
                    Set.of(tasks.get(0)), await(Asyncio.wait(some.pending())).done());
        });
    }

    @Test
    void forTheFirstFailureOfWhichACancellationIsNone() {
        inLoop(() -> {
            var victim = createTask(sleep(LONG, "slept"));
            getRunningLoop().callSoon(victim::cancel);
            var tasks =
                    List.of(createTask(later(1, "ok")), victim, createTask(failing(3)), createTask(later(9, "late")));
            var some = await(Asyncio.wait(tasks, ReturnWhen.FIRST_EXCEPTION));
            assertEquals(tasks.subList(0, 3), List.copyOf(some.done()));
            assertEquals(Set.of(tasks.get(3)), some.pending());
            assertInstanceOf(IllegalArgumentException.class, tasks.get(2).exception());
            var rest = await(Asyncio.wait(List.of(tasks.get(0), tasks.get(3)), ReturnWhen.FIRST_EXCEPTION));
            assertEquals(2, rest.done().size());
        });
    }

    @Test
    void untilTheTimeIsOver() {
        inVirtualTime(() -> {
            var start = getRunningLoop().time();
            var tasks = List.of(createTask(sleep(ofSeconds(1), "quick")), createTask(sleep(ofSeconds(9), "slow")));
            var some = await(Asyncio.wait(tasks, ofSeconds(3)));
            assertEquals(start.plusSeconds(3), getRunningLoop().time());
            assertEquals(Set.of(tasks.get(0)), some.done());
            assertEquals(Set.of(tasks.get(1)), some.pending());
            assertEquals(0, tasks.get(1).cancelling());
            var first = await(Asyncio.wait(some.pending(), ofSeconds(3), ReturnWhen.FIRST_COMPLETED));
            assertEquals(Set.of(), first.done());
            assertEquals(Set.copyOf(tasks), await(Asyncio.wait(tasks, LONG)).done());
            assertEquals(start.plusSeconds(9), getRunningLoop().time());
        });
    }

    @Test
    void withoutTimeItLooksOnce() {
        inLoop(() -> {
            var ticker = Ticker.start();
            var pending = createTask(sleep(LONG));
            for (var limit : List.of(ZERO, ofSeconds(-1))) {
                assertEquals(2, ticker.during(Asyncio.wait(List.of(pending), limit)));
                assertEquals(
                        Set.of(pending),
                        await(Asyncio.wait(List.of(pending), limit)).pending());
            }
            pending.cancel();
        });
    }

    @Test
    void whatIsDoneAlreadyCostsTwoIterations() {
        inLoop(() -> {
            var ticker = Ticker.start();
            var task = createTask(instant("a"));
            await(task);
            assertEquals(2, ticker.during(Asyncio.wait(List.of(task))));
        });
    }

    @Test
    void theSetsAreInTheOrderOfTheArgumentsAndWithoutDuplicates() {
        inLoop(() -> {
            var tasks = new ArrayList<Task<Integer>>();
            for (int n = 0; n < 100; n++) {
                tasks.add(createTask(later((n * 7) % 5, n)));
            }
            var doubled = new ArrayList<>(tasks);
            doubled.addAll(tasks);
            var all = await(Asyncio.wait(doubled));
            assertEquals(tasks, List.copyOf(all.done()));
            all.pending().addAll(all.done());
            all.done().clear();
            assertEquals(tasks, List.copyOf(all.pending()), "the sets are the caller's");
        });
    }

    @Test
    void tasksStayTasksAndFuturesMayBeMixedWithThem() {
        inLoop(() -> {
            Future<String> future = getRunningLoop().createFuture();
            var task = createTask(instant("task"));
            getRunningLoop().callSoon(() -> future.setResult("future"));
            DoneAndPending<Future<String>> mixed = await(Asyncio.wait(List.of(future, task)));
            assertEquals(2, mixed.done().size());
            Set<Task<String>> tasks = await(Asyncio.wait(List.of(task))).done();
            assertEquals(Set.of(task), tasks);
        });
    }

    // ---- cancelled

    @Test
    void cancellingItLeavesTheTasksAlone() {
        inLoop(() -> {
            var task = createTask(later(9, "runs on"));
            var waiting = createTask(noting("waiting", Asyncio.wait(List.of(task), LONG)));
            iterations(2);
            waiting.cancel("enough");
            assertEquals("enough", cancelledBy(waiting).getMessage());
            assertFalse(task.done());
            assertEquals(0, task.cancelling());
            assertEquals("runs on", await(task));
        });
    }

    @Test
    void itLeavesNothingBehindAtItsFutures() {
        inVirtualTime(() -> {
            Future<String> future = getRunningLoop().createFuture();
            for (int n = 0; n < 1000; n++) {
                await(Asyncio.wait(List.of(future), ZERO));
            }
            var ticks = new int[1];
            future.addDoneCallback(f -> ticks[0]++);
            future.setResult("value");
            iterations(1);
            assertEquals(1, ticks[0]);
        });
    }

    @Test
    void whatFailedAndNobodyLookedAtIsStillReported() {
        var error = new IllegalArgumentException("unseen");
        inLoopWithReports(() -> {
            Future<String> future = getRunningLoop().createFuture();
            future.setException(error);
            await(Asyncio.wait(List.of(future), ReturnWhen.FIRST_EXCEPTION));
        });
        assertEquals(1, reports.size());
        assertSame(error, reports.get(0).exception());
    }

    // ---- misuse

    @Test
    void nothingToWaitForIsRefused() {
        inLoop(() -> {
            var refusal = assertThrows(IllegalArgumentException.class, () -> await(Asyncio.wait(List.<Task<?>>of())));
            assertTrue(refusal.getMessage().contains("empty"), refusal.getMessage());
        });
    }

    @Test
    void coroutinesAreRefusedAlsoWhereTheCompilerCannot() {
        inLoop(() -> {
            var coroutine = instant("a");
            var refusal = assertThrows(
                    IllegalArgumentException.class, () -> await(Asyncio.wait(unchecked(List.of(coroutine)))));
            assertTrue(refusal.getMessage().contains("createTask"), refusal.getMessage());
            assertEquals("a", await(coroutine));
            assertThrows(IllegalArgumentException.class, () -> await(Asyncio.wait(unchecked(List.of("no future")))));
        });
    }

    @Test
    void aFutureOfAnotherLoopIsRefused() {
        try (var other = newEventLoop()) {
            Future<String> foreign = other.createFuture();
            inLoop(() -> {
                var refusal = assertThrows(IllegalStateException.class, () -> await(Asyncio.wait(List.of(foreign))));
                assertTrue(refusal.getMessage().contains("different loop"), refusal.getMessage());
            });
        }
    }
}
