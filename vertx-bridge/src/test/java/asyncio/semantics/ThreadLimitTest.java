package asyncio.semantics;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.asyncGenerator;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.each;
import static asyncio.Asyncio.gather;
import static asyncio.Asyncio.gatherOutcomes;
import static asyncio.Asyncio.getRunningLoop;
import static asyncio.Asyncio.newEventLoop;
import static asyncio.Asyncio.run;
import static asyncio.Asyncio.sleep;
import static asyncio.Asyncio.taskGroup;
import static asyncio.Asyncio.timeout;
import static asyncio.Asyncio.toThread;
import static asyncio.Asyncio.waitFor;
import static asyncio.Asyncio.with;
import static asyncio.semantics.VirtualTime.inVirtualTime;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import asyncio.AsyncGenerator;
import asyncio.Coroutine;
import asyncio.Event;
import asyncio.Future;
import asyncio.Task;
import asyncio.TaskGroup;
import asyncio.TaskOptions;
import asyncio.internal.fiber.Carrier;
import asyncio.internal.fiber.FiberLimit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * More Java bodies than there may be platform threads. On virtual threads nothing is limited: there the same programs
 * come to the same end, as far as they end at all.
 */
class ThreadLimitTest extends OnLoop {
    private static final boolean IS_LIMITED = Carrier.getChosen() == Carrier.PLATFORM;

    /** A quarter of them is kept for tasks that other tasks make, a sixteenth for tasks that these make. */
    private static final int LIMIT = 16;

    private final int usual = IS_LIMITED ? FiberLimit.getMax() : 0;
    private final Logged logged = new Logged();

    /** How many bodies have begun and not ended, and how many these were at most. */
    private int running;

    private int most;

    @BeforeEach
    void limit() {
        if (IS_LIMITED) {
            assertEquals(0, FiberLimit.getInUse());
            FiberLimit.set(LIMIT, LIMIT);
        }
    }

    @AfterEach
    void unlimit() {
        if (IS_LIMITED) {
            FiberLimit.set(Math.min(8_000, usual), usual);
            assertEquals(0, FiberLimit.getInUse());
        }
        logged.close();
    }

    private Coroutine<Integer> sleeper(int number, Duration time) {
        return async(() -> {
            log.add(number);
            most = Math.max(most, ++running);
            try {
                await(sleep(time));
            } finally {
                running--;
            }
            return number;
        });
    }

    private static <T> List<Task<T>> tasks(int number, IntFunction<Coroutine<T>> coroutine) {
        return IntStream.range(0, number)
                .mapToObj(i -> createTask(coroutine.apply(i)))
                .toList();
    }

    private static List<Integer> numbers(int number) {
        return IntStream.range(0, number).boxed().toList();
    }

    private static void assertRefused(Throwable error) {
        assertEquals(IllegalStateException.class, error.getClass());
        for (var words : List.of("Java 21", "suspend functions", "Semaphore", "-Dasyncio.carrier.threads=")) {
            assertTrue(error.getMessage().contains(words), error::getMessage);
        }
    }

    // ---- the order

    @Test
    void thoseThatFindNoThreadBeginInTheirOrderWhenOthersHaveEnded() {
        inVirtualTime(() -> {
            var results = await(gather(tasks(500, i -> sleeper(i, ofMillis(1 + i % 3)))));
            assertEquals(numbers(500), results);
        });
        assertEquals(numbers(500), log);
        // Main has one of them, and one is kept.
        assertEquals(IS_LIMITED ? LIMIT - 2 : 500, most);
    }

    @Test
    void belowTheLimitNothingIsDifferent() {
        inLoop(() -> {
            var tasks = tasks(LIMIT - 2, i -> sleeper(i, ZERO));
            await(sleep(ZERO));
            assertEquals(numbers(LIMIT - 2), log);
            await(gather(tasks));
        });
        assertEquals(List.of(), logged.lines);
    }

    @Test
    void thatOthersWaitIsSaidOnce() {
        inVirtualTime(() -> {
            await(gather(tasks(50, i -> sleeper(i, ofMillis(1)))));
            await(gather(tasks(50, i -> sleeper(i, ofMillis(1)))));
        });
        var lines = logged.with("platform threads that coroutines may hold are taken");
        assertEquals(IS_LIMITED ? 1 : 0, lines.size());
        assertEquals(lines, logged.lines);
    }

    @Test
    void theirNumberGrowsWhereNoneEnds() {
        if (!IS_LIMITED) {
            return;
        }
        FiberLimit.set(LIMIT, 100);
        inVirtualTime(() -> {
            var event = Event.create();
            var tasks = tasks(
                    50,
                    i -> async(() -> {
                        log.add(getRunningLoop().time().toSeconds());
                        if (i < 49) {
                            await(event.waitSet());
                        } else {
                            event.set();
                        }
                    }));
            await(gather(tasks));
        });
        var times = log.stream().map(time -> (Long) time).toList();
        assertEquals(14, times.stream().filter(time -> time == 0).count());
        assertEquals(18, times.stream().filter(time -> time <= 1).count());
        assertEquals(23, times.stream().filter(time -> time <= 2).count());
        assertEquals(6, times.get(49));
        assertEquals(1, logged.lines.size());
        assertTrue(logged.lines.get(0).contains("more threads are made, 100 at most"), logged.lines::toString);
        // And falls again.
        inVirtualTime(() -> await(gather(tasks(50, i -> sleeper(i, ofMillis(1))))));
        assertEquals(14, most);
    }

    @Test
    void whatTasksWaitForComesBeforeOtherTasks() {
        inVirtualTime(() -> {
            var results = await(gather(tasks(
                    100,
                    i -> async(() -> {
                        await(sleep(ofMillis(1)));
                        var one = createTask(sleeper(i, ofMillis(1)));
                        var two = createTask(sleeper(i, ofMillis(2)));
                        return await(one) + await(two);
                    }))));
            assertEquals(numbers(100).stream().map(i -> 2 * i).toList(), results);
        });
        assertEquals(List.of(), logged.with("WARNING 1"));
    }

    @Test
    void theTasksOfAGroupInAnother() {
        var ended = new AtomicInteger();
        inVirtualTime(() -> with(taskGroup(), (TaskGroup outer) -> {
            for (int i = 0; i < 60; i++) {
                outer.createTask(async(() -> with(taskGroup(), (TaskGroup inner) -> {
                    for (int j = 0; j < 3; j++) {
                        inner.createTask(async(() -> {
                            await(sleep(ofMillis(1)));
                            ended.incrementAndGet();
                        }));
                    }
                })));
            }
        }));
        assertEquals(180, ended.get());
    }

    @Test
    void whatIsAwaitedDirectlyNeedsNoThreadOfItsOwn() {
        if (IS_LIMITED) {
            FiberLimit.set(1, 1);
        }
        inLoop(() -> {
            assertEquals(7, await(later(3, 7)));
            assertEquals(8, await(waitFor(later(3, 8), ofSeconds(100))));
            with(timeout(ofSeconds(100)), () -> assertEquals(9, await(later(3, 9))));
            assertEquals(10, await(Suspending.awaiting(instant(10))));
            assertEquals(List.of(1, 2), await(gather(sleep(ZERO, 1), sleep(ZERO, 2))));
        });
        assertEquals(List.of(), logged.lines);
    }

    @Test
    void anEagerTaskBeginsLaterToo() {
        inVirtualTime(() -> {
            var others = tasks(20, i -> sleeper(i, ofSeconds(1)));
            await(sleep(ZERO));
            log.clear();
            var eager = createTask(sleeper(100, ofSeconds(1)), TaskOptions.eager());
            assertEquals(IS_LIMITED ? List.of() : List.of(100), log);
            assertFalse(eager.done());
            assertEquals(100, await(eager));
            await(gather(others));
        });
    }

    @Test
    void aSuspendFunctionWaitsForTheThreadOfTheBodyThatItAwaits() {
        inVirtualTime(() -> {
            var others = tasks(20, i -> sleeper(i, ofSeconds(1)));
            await(sleep(ZERO));
            log.clear();
            for (var coroutine : List.of(
                    Suspending.awaiting(sleeper(100, ofSeconds(1))),
                    Suspending.awaitingInScope(sleeper(101, ofSeconds(1))))) {
                createTask(coroutine);
            }
            await(sleep(ZERO));
            assertEquals(IS_LIMITED ? List.of() : List.of(100, 101), log);
            await(gather(others));
            await(sleep(ofSeconds(2)));
            assertTrue(log.containsAll(List.of(100, 101)), log::toString);
            assertEquals(0, running);
        });
    }

    @Test
    void severalLoopsShareTheThreads() throws InterruptedException {
        var isFull = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        var other = new Thread(() -> run(() -> {
            var tasks = tasks(
                    100,
                    i -> async(() -> {
                        await(toThread(() -> goOn.await()));
                        return i;
                    }));
            await(sleep(ZERO));
            isFull.countDown();
            assertEquals(numbers(100), await(gather(tasks)));
            synchronized (log) {
                log.add("other");
            }
        }));
        other.start();
        isFull.await();
        var mine = new Thread(() -> run(() -> {
            goOn.countDown();
            await(gather(tasks(100, i -> later(3, i))));
            synchronized (log) {
                log.add("mine");
            }
        }));
        mine.start();
        if (IS_LIMITED) {
            // It cannot begin before another thread lets the first loop go on.
            while (logged.with("are taken").isEmpty()) {
                Thread.onSpinWait();
            }
            goOn.countDown();
        }
        mine.join();
        other.join();
        assertEquals(2, log.size());
    }

    // ---- cancellation

    /** Takes all threads, until this event is set. */
    private Event takeAll(List<Task<Void>> holders) {
        var event = Event.create();
        for (int i = 0; i < LIMIT; i++) {
            holders.add(createTask(async(() -> {
                await(event.waitSet());
            })));
        }
        await(sleep(ZERO));
        return event;
    }

    @Test
    void aBodyThatIsCancelledBeforeItBeginsNeverRuns() {
        inLoop(() -> {
            var holders = new ArrayList<Task<Void>>();
            var event = takeAll(holders);
            var cancelled = createTask(sleeper(1, ZERO));
            var next = createTask(sleeper(2, ZERO));
            if (IS_LIMITED) {
                iterations(3);
            }
            assertTrue(cancelled.cancel("not any more"));
            assertFalse(cancelled.done());
            assertEquals(1, cancelled.cancelling());
            await(sleep(ZERO));
            assertTrue(cancelled.cancelled());
            assertEquals("not any more", cancelledBy(cancelled).getMessage());
            event.set();
            assertEquals(2, await(next));
            await(gather(holders));
        });
        assertEquals(List.of(2), log);
    }

    @Test
    void soDoesOneThatWasJustToBegin() {
        inLoop(() -> {
            var holders = new ArrayList<Task<Void>>();
            var event = takeAll(holders);
            var cancelled = createTask(sleeper(1, ZERO));
            var next = createTask(sleeper(2, ZERO));
            if (IS_LIMITED) {
                iterations(3);
                // The holders end in the next iteration, and the others have their turns in the one after that.
                event.set();
                getRunningLoop().callSoon(() -> cancelled.cancel());
                await(sleep(ZERO));
            } else {
                event.set();
                cancelled.cancel();
            }
            cancelledBy(cancelled);
            assertEquals(2, await(next));
            await(gather(holders));
        });
        assertEquals(List.of(2), log);
    }

    @Test
    void theEndOfTheRunCancelsThoseThatWait() {
        var tasks = new ArrayList<Task<Integer>>();
        inLoop(() -> {
            tasks.addAll(tasks(100, i -> sleeper(i, ofSeconds(1000))));
            await(sleep(ZERO));
        });
        assertTrue(tasks.stream().allMatch(Task::cancelled));
        assertEquals(IS_LIMITED ? LIMIT - 1 : 100, log.size());
    }

    @Test
    void aLoopThatIsClosedGivesThoseUpThatWait() {
        var tasks = new ArrayList<Task<Integer>>();
        try (var loop = newEventLoop()) {
            loop.setExceptionHandler((l, context) -> {});
            for (int i = 0; i < 100; i++) {
                tasks.add(loop.createTask(sleeper(i, ofSeconds(1000))));
            }
            loop.runUntilComplete(sleep(ZERO));
        }
        assertTrue(tasks.stream().allMatch(Task::cancelled));
        assertEquals(0, running);
        assertEquals(IS_LIMITED ? LIMIT - LIMIT / 4 : 100, log.size());
    }

    @Test
    void aTimeoutCountsTheTimeThatItsTaskWaits() {
        inVirtualTime(() -> {
            var holders = new ArrayList<Task<Void>>();
            var event = takeAll(holders);
            Coroutine<Integer> slow = sleeper(1, ofSeconds(100));
            assertThrows(asyncio.TimeoutException.class, () -> await(waitFor(createTask(slow), ofSeconds(3))));
            assertEquals(ofSeconds(3), getRunningLoop().time());
            event.set();
            await(gather(holders));
        });
        assertEquals(IS_LIMITED ? List.of() : List.of(1), log);
    }

    // ---- driven by hand

    @Test
    void whatIsDrivenByHandCannotWaitAndIsRefused() {
        inLoop(() -> {
            var holders = new ArrayList<Task<Void>>();
            var event = takeAll(holders);
            if (IS_LIMITED) {
                // What is driven by hand may have the last of all threads.
                FiberLimit.set(FiberLimit.getInUse(), FiberLimit.getInUse());
            }
            Coroutine<Integer> coroutine = sleeper(1, ZERO);
            if (IS_LIMITED) {
                assertRefused(assertThrows(IllegalStateException.class, () -> coroutine.send(null)));
                assertEquals(List.of(), log);
            }
            event.set();
            await(gather(holders));
            log.clear();
            Coroutine<Integer> another = sleeper(2, ZERO);
            another.send(null);
            assertEquals(List.of(2), log);
            another.close();
        });
    }

    // ---- async generators

    private AsyncGenerator<Integer> counting(AtomicInteger closed) {
        return asyncGenerator(out -> {
            try {
                for (int i = 0; ; i++) {
                    out.yield(i);
                }
            } finally {
                closed.incrementAndGet();
            }
        });
    }

    @Test
    void aGeneratorThatHasNotBegunHoldsNoThread() {
        inLoop(() -> {
            int before = IS_LIMITED ? FiberLimit.getInUse() : 0;
            var generators = IntStream.range(0, 100)
                    .mapToObj(i -> counting(new AtomicInteger()))
                    .toList();
            assertEquals(before, IS_LIMITED ? FiberLimit.getInUse() : 0);
            assertEquals(100, generators.size());
        });
    }

    @Test
    void theFirstItemOfAGeneratorWaitsForAThread() {
        inLoop(() -> {
            var closed = new AtomicInteger();
            var holders = new ArrayList<Task<Void>>();
            var event = takeAll(holders);
            var generator = counting(closed);
            var first = createTask(Suspending.awaiting(generator.anext()));
            iterations(3);
            assertEquals(!IS_LIMITED, first.done());
            if (IS_LIMITED) {
                // It has not begun, and another may ask for its first item.
                first.cancel("no");
                assertEquals("no", cancelledBy(first).getMessage());
                first = createTask(Suspending.awaiting(generator.anext()));
                iterations(3);
                assertThrows(IllegalStateException.class, () -> await(generator.anext()));
            }
            event.set();
            assertEquals(0, await(first));
            assertEquals(1, await(generator.anext()));
            await(generator.aclose());
            assertEquals(1, closed.get());
            await(gather(holders));
        });
    }

    @Test
    void aBodyWaitsForTheThreadOfItsGenerator() {
        inVirtualTime(() -> {
            var sums = await(gather(tasks(
                    100,
                    i -> async(() -> {
                        int sum = 0;
                        await(sleep(ofMillis(1)));
                        for (int item : each(AsyncItems.upTo(i % 5))) {
                            sum += item;
                        }
                        return sum;
                    }))));
            assertEquals(100, sums.size());
            for (int i = 0; i < 100; i++) {
                assertEquals(i % 5 * (i % 5 - 1) / 2, sums.get(i));
            }
        });
    }

    private static final class AsyncItems {
        static AsyncGenerator<Integer> upTo(int end) {
            return asyncGenerator(out -> {
                for (int i = 0; i < end; i++) {
                    await(sleep(ofMillis(1)));
                    out.yield(i);
                }
            });
        }
    }

    @Test
    void generatorsThatNobodyHoldsGiveTheirThreadsBack() {
        var closed = new AtomicInteger();
        inLoop(() -> {
            for (int i = 0; i < LIMIT + 8; i++) {
                leave(closed);
                await(sleep(ZERO));
            }
        });
        assertEquals(LIMIT + 8, closed.get());
    }

    private void leave(AtomicInteger closed) {
        for (int item : each(counting(closed))) {
            break;
        }
    }

    // ---- standstill

    private static final String STANDSTILL = "none has got one for 10 seconds";

    @Test
    void whereAllWaitForOneThatCannotBeginItIsRefused() {
        if (!IS_LIMITED) {
            return;
        }
        inVirtualTime(() -> {
            var event = Event.create();
            var tasks = tasks(
                    100,
                    i -> async(() -> {
                        if (i < 99) {
                            await(event.waitSet());
                        } else {
                            event.set();
                        }
                    }));
            assertRefused(assertThrows(IllegalStateException.class, () -> await(gather(tasks))));
            assertEquals(ofSeconds(10), getRunningLoop().time());
            assertEquals(1, tasks.stream().filter(Task::done).count());
            assertRefused(tasks.get(LIMIT - 2).exception());
            tasks.forEach(Task::cancel);
        });
        assertEquals(1, logged.with(STANDSTILL).size());
    }

    @Test
    void oneThatIsRefusedMayBeEnough() {
        if (!IS_LIMITED) {
            return;
        }
        inVirtualTime(() -> {
            // Each of the first waits for one of the last.
            var tasks = new ArrayList<Task<Integer>>();
            for (int i = 0; i < 2 * (LIMIT - 2); i++) {
                int number = i;
                tasks.add(createTask(async(
                        () -> number < LIMIT - 2 ? await(tasks.get(number + LIMIT - 2)) : Integer.valueOf(number))));
            }
            var outcomes = await(gatherOutcomes(tasks));
            for (int i = 0; i < outcomes.size(); i++) {
                if (i % (LIMIT - 2) == 0) {
                    assertRefused(outcomes.get(i).exception());
                } else {
                    assertEquals(i % (LIMIT - 2) + LIMIT - 2, outcomes.get(i).value());
                }
            }
            assertEquals(ofSeconds(10), getRunningLoop().time());
        });
    }

    @Test
    void whoeverIsToBeCalledFromOutsideIsNotRefused() {
        if (!IS_LIMITED) {
            return;
        }
        var begin = new CountDownLatch(1);
        var host = new SteppedHost();
        var loop = new asyncio.internal.loop.EventLoopImpl(host, Carrier.getChosen());
        try (loop) {
            loop.runUntilComplete(async(() -> {
                Future<Void> outside = getRunningLoop().createFuture();
                new Thread(() -> {
                            logged.await(STANDSTILL, 1);
                            loop.callSoonThreadsafe(() -> outside.setResult(null));
                        })
                        .start();
                var tasks = tasks(
                        100,
                        i -> async(() -> {
                            await(outside);
                            return i;
                        }));
                assertEquals(numbers(100), await(gather(tasks)));
            }));
        }
        assertEquals(1, logged.with(STANDSTILL).size());
    }

    @Test
    void whereTimersRunNobodyIsRefused() {
        if (!IS_LIMITED) {
            return;
        }
        inVirtualTime(() -> {
            var results = await(gather(tasks(30, i -> sleeper(i, ofSeconds(60)))));
            assertEquals(numbers(30), results);
            assertEquals(ofSeconds(180), getRunningLoop().time());
        });
        assertEquals(2, logged.with(STANDSTILL).size());
    }

    @Test
    void aTaskThatWaitsForAThreadSaysSo() {
        if (!IS_LIMITED) {
            return;
        }
        inLoop(() -> {
            var holders = new ArrayList<Task<Void>>();
            var event = takeAll(holders);
            var task = createTask(sleeper(1, ZERO), "late");
            iterations(2);
            assertEquals("<Task pending name='late' waitFor=<a free thread>>", task.toString());
            assertEquals(List.of(), task.stack());
            event.set();
            await(gather(holders));
            await(task);
        });
    }
}
