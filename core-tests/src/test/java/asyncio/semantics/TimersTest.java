package asyncio.semantics;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.gather;
import static asyncio.Asyncio.getRunningLoop;
import static asyncio.Asyncio.run;
import static asyncio.Asyncio.sleep;
import static asyncio.semantics.VirtualTime.inVirtualTime;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofDays;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofNanos;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import asyncio.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Timers and sleeps, in virtual time where time matters. */
class TimersTest extends OnLoop {

    @Test
    void timersFireByDeadlineAndNotByRegistration() {
        inVirtualTime(() -> {
            var loop = getRunningLoop();
            var start = loop.time();
            loop.callLater(
                    ofMillis(300),
                    () -> log.add("300 at " + loop.time().minus(start).toMillis()));
            loop.callLater(
                    ofMillis(150),
                    () -> log.add("150 at " + loop.time().minus(start).toMillis()));
            loop.callAt(
                    start.plusMillis(50),
                    () -> log.add("50 at " + loop.time().minus(start).toMillis()));
            loop.callAt(start, () -> log.add("0 at " + loop.time().minus(start).toMillis()));
            await(sleep(ofSeconds(1)));
            assertEquals(List.of("0 at 0", "50 at 50", "150 at 150", "300 at 300"), log);
        });
    }

    private record Setting(int delay, int age) {}

    @Test
    void aThousandTimersInRandomOrderSomeOfThemCalledOff() {
        inVirtualTime(() -> {
            var loop = getRunningLoop();
            var random = new Random(42);
            var start = loop.time();
            var expected = new ArrayList<Setting>();
            for (int i = 0; i < 1000; i++) {
                var set = new Setting(random.nextInt(200), i);
                var timer = loop.callAt(start.plusMillis(set.delay), () -> log.add(set));
                if (random.nextInt(3) == 0) {
                    timer.cancel();
                } else {
                    expected.add(set);
                }
            }
            expected.sort(Comparator.comparingInt(Setting::delay).thenComparingInt(Setting::age));
            await(sleep(ofSeconds(1)));
            assertEquals(expected, log);
        });
    }

    @Test
    void sleepsRunSideBySide() {
        inVirtualTime(() -> {
            var loop = getRunningLoop();
            var start = loop.time();
            assertEquals(
                    List.of("c", "a", "b"),
                    await(gather(sleep(ofSeconds(30), "c"), sleep(ofSeconds(10), "a"), sleep(ofSeconds(20), "b"))));
            assertEquals(ofSeconds(30), loop.time().minus(start));
        });
    }

    @Test
    void sleepersWakeInTheOrderOfTheirDeadlinesAndThenOfTheirAges() {
        inVirtualTime(() -> {
            var delays = List.of(3, 1, 2, 1, 3, 2);
            await(gather(IntStream.range(0, delays.size())
                    .mapToObj(n -> async(() -> {
                        await(sleep(ofSeconds(delays.get(n))));
                        log.add(delays.get(n) + "s of " + n);
                    }))
                    .toList()));
            assertEquals(List.of("1s of 1", "1s of 3", "2s of 2", "2s of 5", "3s of 0", "3s of 4"), log);
        });
    }

    @Test
    void sequentialSleepsAddUp() {
        inVirtualTime(() -> {
            var loop = getRunningLoop();
            var start = loop.time();
            for (int i = 0; i < 100; i++) {
                await(sleep(ofMillis(10)));
            }
            assertEquals(ofSeconds(1), loop.time().minus(start));
        });
    }

    @Test
    void sleepGivesItsResult() {
        inVirtualTime(() -> {
            assertEquals("result", await(sleep(ofSeconds(1), "result")));
            assertEquals("result", await(sleep(ZERO, "result")));
            assertEquals("result", await(createTask(sleep(ofSeconds(1), "result"))));
            assertEquals("result", await(createTask(sleep(ofSeconds(-1), "result"))));
            assertNull(await(sleep(ofSeconds(1))));
        });
    }

    @Test
    void aTimerTellsItsDeadlineBeforeAndAfter() {
        inVirtualTime(() -> {
            var loop = getRunningLoop();
            var start = loop.time();
            var later = loop.callLater(ofMillis(40), () -> log.add("fired"));
            var at = loop.callAt(start.plusSeconds(5), () -> log.add("never"));
            assertEquals(start.plusMillis(40), later.when());
            assertEquals(start.plusSeconds(5), at.when());
            at.cancel();
            assertEquals(start.plusSeconds(5), at.when());
            assertTrue(at.cancelled());
            await(sleep(ofSeconds(1)));
            assertEquals(start.plusMillis(40), later.when());
            assertFalse(later.cancelled());
            later.cancel();
            assertTrue(later.cancelled());
            await(sleep(ofSeconds(10)));
            assertEquals(List.of("fired"), log);
        });
    }

    @Test
    void aTimerThatIsDueIsCalledOffByACallbackOfItsOwnBatch() {
        inVirtualTime(() -> {
            var loop = getRunningLoop();
            var when = loop.time().plusSeconds(1);
            var timers = new ArrayList<asyncio.TimerHandle>();
            loop.callAt(when, () -> timers.get(0).cancel());
            timers.add(loop.callAt(when, () -> log.add("victim")));
            loop.callAt(when, () -> log.add("last"));
            await(sleep(ofSeconds(2)));
            assertEquals(List.of("last"), log);
        });
    }

    @Test
    void whatATimerSetsForNowRunsInTheNextIteration() {
        inVirtualTime(() -> {
            var loop = getRunningLoop();
            loop.callLater(ofSeconds(1), () -> {
                loop.callAt(loop.time(), () -> log.add("at now"));
                loop.callSoon(() -> log.add("soon"));
                log.add("timer");
            });
            loop.callLater(ofSeconds(1), () -> log.add("of the same deadline"));
            await(sleep(ofSeconds(2)));
            assertEquals(List.of("timer", "of the same deadline", "soon", "at now"), log);
        });
    }

    @Test
    void aTimerThatIsSetEarlierThanTheOthersIsNotLate() {
        inVirtualTime(() -> {
            var loop = getRunningLoop();
            var start = loop.time();
            var task = createTask(sleep(ofSeconds(100)));
            await(sleep(ofSeconds(10)));
            // The loop slept until the earlier of the two, and must now reckon with one before the task's.
            await(sleep(ofSeconds(5)));
            assertEquals(ofSeconds(15), loop.time().minus(start));
            await(task);
            assertEquals(ofSeconds(100), loop.time().minus(start));
        });
    }

    @Test
    void cancelledTimersKeepNobodyWaiting() {
        inVirtualTime(() -> {
            var loop = getRunningLoop();
            var start = loop.time();
            var timers = IntStream.range(0, 1000)
                    .mapToObj(n -> loop.callLater(ofSeconds(n), () -> log.add("never")))
                    .toList();
            timers.forEach(asyncio.TimerHandle::cancel);
            await(sleep(ofSeconds(2000)));
            assertEquals(ofSeconds(2000), loop.time().minus(start));
            assertEquals(List.of(), log);
        });
    }

    @Test
    void deadlinesBeyondAllRangesAreNever() {
        inVirtualTime(() -> {
            var loop = getRunningLoop();
            for (var delay : List.of(ofDays(365_000), ofSeconds(Long.MAX_VALUE), ofNanos(Long.MAX_VALUE))) {
                var timer = loop.callLater(delay, () -> log.add("far"));
                assertTrue(timer.when().compareTo(loop.time()) > 0);
                var at = loop.callAt(delay, () -> log.add("far"));
                assertEquals(delay, at.when());
                var task = createTask(sleep(delay));
                await(sleep(ofDays(1)));
                assertFalse(task.done());
                task.cancel();
            }
            assertEquals(List.of(), log);
        });
    }

    @Test
    void delaysBelowZeroAreDueAtOnce() {
        inVirtualTime(() -> {
            var loop = getRunningLoop();
            var start = loop.time();
            loop.callLater(ofSeconds(-5), () -> log.add("-5"));
            loop.callLater(ofSeconds(Long.MIN_VALUE), () -> log.add("very negative"));
            await(sleep(ofSeconds(-1)));
            assertEquals(List.of(), log, "not in this iteration, they come behind what is ready");
            await(sleep(ZERO));
            assertEquals(List.of("very negative", "-5"), log);
            assertEquals(start, loop.time());
        });
    }

    @Test
    void aTimerCanSetTheResultThatIsAwaited() {
        inVirtualTime(() -> {
            var loop = getRunningLoop();
            Future<Duration> future = loop.createFuture();
            var start = loop.time();
            loop.callLater(ofSeconds(7), () -> future.setResult(loop.time().minus(start)));
            assertEquals(ofSeconds(7), await(future));
        });
    }

    // ---- real time

    @Test
    void aTimerIsNeverEarlyByTheLoopsOwnClock() {
        inLoop(() -> {
            var loop = getRunningLoop();
            for (int i = 1; i <= 20; i++) {
                var deadline = loop.time().plusNanos(i * 100_000L);
                Future<Duration> fired = loop.createFuture();
                loop.callAt(deadline, () -> fired.setResult(loop.time()));
                assertTrue(await(fired).compareTo(deadline) >= 0);
            }
        });
    }

    @Test
    void theClockOfTheLoopNeverGoesBackwards() {
        inLoop(() -> {
            var loop = getRunningLoop();
            var last = loop.time();
            for (int i = 0; i < 1000; i++) {
                await(sleep(ZERO));
                var now = loop.time();
                assertTrue(now.compareTo(last) >= 0);
                last = now;
            }
        });
    }

    @Test
    void aTimerThatIsLeftDoesNotKeepRunFromEnding() {
        run(() -> {
            getRunningLoop().callLater(ofSeconds(10_000), () -> log.add("never"));
            createTask(sleep(ofSeconds(10_000)));
            await(sleep(ofMillis(1)));
        });
        assertEquals(List.of(), log);
    }
}
