package asyncio.semantics;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.currentTask;
import static asyncio.Asyncio.gather;
import static asyncio.Asyncio.getRunningLoop;
import static asyncio.Asyncio.sleep;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofNanos;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import asyncio.Coroutine;
import asyncio.Future;
import asyncio.Semaphore;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What runs when: batches, the order within them, and how many iterations an await takes. */
class StepsTest extends OnLoop {

    // ---- batches

    @Test
    void aBatchIsWhatWasReadyAtItsStart() {
        inLoop(() -> {
            var loop = getRunningLoop();
            loop.callSoon(() -> {
                log.add("first");
                loop.callSoon(() -> log.add("of first"));
            });
            loop.callSoon(() -> {
                log.add("second");
                loop.callSoon(() -> log.add("of second"));
            });
            await(sleep(ZERO));
            log.add("main");
            await(sleep(ZERO));
            assertEquals(List.of("first", "second", "main", "of first", "of second"), log);
        });
    }

    @Test
    void whatIsReadyRunsBeforeTimersThatAreDueAndTimersByDeadline() {
        inLoop(() -> {
            var loop = getRunningLoop();
            var now = loop.time();
            loop.callLater(ZERO, () -> log.add("later 0"));
            loop.callAt(now.minusSeconds(1), () -> log.add("at a past time"));
            loop.callAt(now.minusSeconds(2), () -> log.add("at a time long past"));
            loop.callSoon(() -> log.add("soon 1"));
            Future<Void> future = loop.createFuture();
            future.addDoneCallback(f -> log.add("callback of a future"));
            future.setResult(null);
            createTask(async(() -> log.add("task")));
            loop.callSoon(() -> log.add("soon 2"));
            iterations(2);
            assertEquals(
                    List.of(
                            "soon 1",
                            "callback of a future",
                            "task",
                            "soon 2",
                            "at a time long past",
                            "at a past time",
                            "later 0"),
                    log);
        });
    }

    @Test
    void timersOfOneDeadlineRunInTheOrderInWhichTheyWereSet() {
        inLoop(() -> {
            var loop = getRunningLoop();
            var when = loop.time().plusMillis(5);
            var expected = new ArrayList<Object>();
            for (int i = 0; i < 100; i++) {
                int n = i;
                loop.callAt(when, () -> log.add(n));
                expected.add(n);
            }
            await(sleep(ofMillis(20)));
            assertEquals(expected, log);
        });
    }

    @Test
    void timersOfOneDeadlineStayInOrderWhenOthersAreCalledOff() {
        inLoop(() -> {
            var loop = getRunningLoop();
            var when = loop.time().plusMillis(5);
            var expected = new ArrayList<Object>();
            for (int i = 0; i < 100; i++) {
                int n = i;
                var timer = loop.callAt(when, () -> log.add(n));
                if (i % 3 == 0) {
                    loop.callSoon(timer::cancel);
                } else {
                    expected.add(n);
                }
            }
            await(sleep(ofMillis(20)));
            assertEquals(expected, log);
        });
    }

    @Test
    void anEndlessChainOfCallSoonStarvesNeitherTimersNorOtherThreads() {
        inLoop(() -> {
            var loop = getRunningLoop();
            var ticker = Ticker.start();
            Future<String> byTimer = loop.createFuture();
            Future<String> byThread = loop.createFuture();
            loop.callLater(ofMillis(5), () -> byTimer.setResult("timer"));
            new Thread(() -> loop.callSoonThreadsafe(() -> byThread.setResult("thread"))).start();
            assertEquals(List.of("timer", "thread"), await(gather(byTimer, byThread)));
            ticker.stop();
        });
    }

    @Test
    void anEndlessChainOfSleepZeroStarvesNeitherTimersNorOtherThreads() {
        inLoop(() -> {
            var loop = getRunningLoop();
            var spinner = createTask(async(() -> {
                while (true) {
                    await(sleep(ZERO));
                }
            }));
            Future<String> byTimer = loop.createFuture();
            Future<String> byThread = loop.createFuture();
            loop.callLater(ofMillis(5), () -> byTimer.setResult("timer"));
            new Thread(() -> loop.callSoonThreadsafe(() -> byThread.setResult("thread"))).start();
            assertEquals(List.of("timer", "thread"), await(gather(byTimer, byThread)));
            spinner.cancel();
        });
    }

    // ---- what suspends and what does not

    @Test
    void theseAwaitsDoNotSuspend() {
        inLoop(() -> {
            var loop = getRunningLoop();
            Future<Integer> done = loop.createFuture();
            done.setResult(1);
            var task = createTask(instant(1));
            await(task);
            var semaphore = Semaphore.create(2);
            var ticker = Ticker.start();
            assertEquals(0, ticker.during(instant(1)), "a coroutine by itself");
            assertEquals(0, ticker.during(async(() -> await(async(() -> await(instant(1)))))), "nested coroutines");
            assertEquals(0, ticker.during(done), "a finished future");
            assertEquals(0, ticker.during(task), "a finished task");
            assertEquals(0, ticker.during(gather()), "gather of nothing");
            assertEquals(0, ticker.during(gather(done, task)), "gather of what is finished");
            assertEquals(0, ticker.during(semaphore.acquire()), "a semaphore with permits");
            assertEquals(0, ticker.during(semaphore.acquire()), "a semaphore with a last permit");
            ticker.stop();
        });
    }

    @Test
    void theseAwaitsTakeThatManyIterations() {
        inLoop(() -> {
            var loop = getRunningLoop();
            var ticker = Ticker.start();
            assertEquals(1, ticker.during(sleep(ZERO)), "sleep(0)");
            assertEquals(1, ticker.during(sleep(ofSeconds(-3))), "sleep(-3)");
            assertEquals(2, ticker.during(sleep(ofNanos(1))), "one for the timer, one for the sleeper");
            assertEquals(2, ticker.during(createTask(instant(1))), "an instant task");
            assertEquals(3, ticker.during(createTask(later(1, 1))), "a task with one sleep(0)");
            assertEquals(3, ticker.during(gather(instant(1))), "gather of an instant coroutine");
            assertEquals(3, ticker.during(gather(instant(1), instant(2), instant(3))), "gather of three");
            Future<Integer> future = loop.createFuture();
            loop.callSoon(() -> future.setResult(1));
            assertEquals(2, ticker.during(future), "one until the callback runs, one to resume");
            ticker.stop();
        });
    }

    @Test
    void theWaiterResumesOneIterationAfterItsCause() {
        inLoop(() -> {
            var loop = getRunningLoop();
            var ticker = Ticker.start();

            Future<Void> future = loop.createFuture();
            var futureTask = createTask(resumedAt(ticker, future));
            iterations(1);
            future.setResult(null);
            assertEquals(ticker.iterations() + 1, await(futureTask), "setResult");

            Future<Void> failing = loop.createFuture();
            var failingTask = createTask(async(() -> {
                try {
                    await(failing);
                    return -1;
                } catch (IllegalArgumentException e) {
                    return ticker.iterations();
                }
            }));
            iterations(1);
            failing.setException(new IllegalArgumentException());
            assertEquals(ticker.iterations() + 1, await(failingTask), "setException");

            var semaphore = Semaphore.create(0);
            var semaphoreTask = createTask(resumedAt(ticker, semaphore.acquire()));
            iterations(1);
            semaphore.release();
            assertEquals(ticker.iterations() + 1, await(semaphoreTask), "release");
            ticker.stop();
        });
    }

    private static Coroutine<Integer> resumedAt(Ticker ticker, asyncio.Awaitable<?> awaitable) {
        return async(() -> {
            await(awaitable);
            return ticker.iterations();
        });
    }

    @Test
    void aTaskThatNeverSuspendsLetsNothingElseRun() {
        inLoop(() -> {
            var loop = getRunningLoop();
            loop.callSoon(() -> log.add("callback"));
            createTask(async(() -> log.add("task")));
            for (int i = 0; i < 10_000; i++) {
                await(instant(i));
            }
            assertEquals(List.of(), log);
            await(sleep(ZERO));
            assertEquals(List.of("callback", "task"), log);
        });
    }

    // ---- order of tasks

    @Test
    void tasksStartInOrderOfCreationAmongTheCallbacks() {
        inLoop(() -> {
            var loop = getRunningLoop();
            createTask(async(() -> log.add("task 1")));
            loop.callSoon(() -> log.add("callback 1"));
            createTask(async(() -> log.add("task 2")));
            loop.callSoon(() -> log.add("callback 2"));
            assertEquals(List.of(), log, "nothing starts before the creator suspends");
            await(sleep(ZERO));
            assertEquals(List.of("task 1", "callback 1", "task 2", "callback 2"), log);
        });
    }

    @Test
    void sleepZeroTakesTurnsAndOneThatEndsDropsOut() {
        inLoop(() -> {
            await(gather(turns("a", 3), turns("b", 1), turns("c", 2)));
            assertEquals(List.of("a0", "b0", "c0", "a1", "b ends", "c1", "a2", "c ends", "a ends"), log);
        });
    }

    private Coroutine<Void> turns(String name, int rounds) {
        return async(() -> {
            for (int i = 0; i < rounds; i++) {
                log.add(name + i);
                await(sleep(ZERO));
            }
            log.add(name + " ends");
        });
    }

    @Test
    void tasksThatWaitForOneFutureResumeInTheOrderOfTheirAwaits() {
        inLoop(() -> {
            Future<String> future = getRunningLoop().createFuture();
            for (int i = 0; i < 5; i++) {
                createTask(noting("task " + i, future));
                if (i == 2) {
                    await(sleep(ZERO));
                    future.addDoneCallback(f -> log.add("callback"));
                }
            }
            await(sleep(ZERO));
            future.setResult("value");
            assertEquals(List.of(), log, "nobody runs inside setResult");
            await(sleep(ZERO));
            assertEquals(
                    List.of("task 0 done", "task 1 done", "task 2 done", "callback", "task 3 done", "task 4 done"),
                    log);
        });
    }

    @Test
    void callbacksOfAFutureRunInOrderOneIterationLater() {
        inLoop(() -> {
            var loop = getRunningLoop();
            Future<String> future = loop.createFuture();
            future.addDoneCallback(f -> log.add("1 " + f.result()));
            future.addDoneCallback(f -> log.add("2 " + (f == future)));
            loop.callSoon(() -> log.add("soon before"));
            future.setResult("value");
            loop.callSoon(() -> log.add("soon after"));
            future.addDoneCallback(f -> log.add("3 late"));
            assertEquals(List.of(), log);
            await(sleep(ZERO));
            assertEquals(List.of("soon before", "1 value", "2 true", "soon after", "3 late"), log);
        });
    }

    @Test
    void aTaskIsDoneWithinTheStepThatEndsItAndItsCallbacksFollowInTheNext() {
        inLoop(() -> {
            var loop = getRunningLoop();
            var task = createTask(instant("value"));
            task.addDoneCallback(t -> log.add("callback"));
            loop.callSoon(() -> log.add("same batch, done " + task.done()));
            loop.callSoon(() -> loop.callSoon(() -> log.add("next batch")));
            iterations(2);
            assertEquals(List.of("same batch, done true", "callback", "next batch"), log);
        });
    }

    @Test
    void currentTaskIsSetDuringStepsOnly() {
        inLoop(() -> {
            var loop = getRunningLoop();
            var main = currentTask();
            loop.callSoon(() -> log.add(currentTask() == null));
            var task = createTask(async(() -> {
                var me = currentTask();
                await(sleep(ZERO));
                assertSame(me, currentTask());
                return me;
            }));
            task.addDoneCallback(t -> log.add(currentTask() == null));
            assertSame(task, await(task));
            assertSame(main, currentTask());
            assertSame(
                    main, await(async(() -> currentTask())), "a coroutine that is awaited runs in its awaiter's task");
            assertEquals(List.of(true, true), log);
        });
    }

    @Test
    void getRunningLoopIsTheSameLoopEverywhereInIt() {
        inLoop(() -> {
            var loop = getRunningLoop();
            loop.callSoon(() -> log.add(getRunningLoop() == loop));
            loop.callLater(ZERO, () -> log.add(getRunningLoop() == loop));
            var task = createTask(async(() -> {
                log.add(getRunningLoop() == loop);
                await(sleep(ofMillis(1)));
                log.add(getRunningLoop() == loop);
            }));
            await(task);
            assertEquals(List.of(true, true, true, true), log);
        });
    }

    @Test
    void handlesThatAreCalledOffDoNotRunEvenInTheirOwnBatch() {
        inLoop(() -> {
            var loop = getRunningLoop();
            var early = loop.callSoon(() -> log.add("early"));
            early.cancel();
            early.cancel();
            assertTrue(early.cancelled());
            var handles = new ArrayList<asyncio.Handle>();
            loop.callSoon(() -> handles.get(0).cancel());
            handles.add(loop.callSoon(() -> log.add("victim")));
            var ran = loop.callSoon(() -> log.add("last"));
            assertFalse(ran.cancelled());
            await(sleep(ZERO));
            assertEquals(List.of("last"), log);
            ran.cancel();
            assertTrue(ran.cancelled(), "as in CPython it is cancelled also after it ran");
        });
    }

    @Test
    void aFiniteChainOfAwaitsKeepsItsStack() {
        inLoop(() -> assertEquals(200, await(depth(200))));
    }

    private static Coroutine<Integer> depth(int n) {
        return async(() -> {
            if (n == 0) {
                await(sleep(ZERO));
                return 0;
            }
            return 1 + await(depth(n - 1));
        });
    }

    @Test
    void thereIsNoCurrentTaskWithoutALoop() {
        assertNull(asyncio.spi.AsyncioProvider.get().currentTask());
    }
}
