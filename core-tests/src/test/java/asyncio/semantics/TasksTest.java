package asyncio.semantics;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.currentTask;
import static asyncio.Asyncio.getRunningLoop;
import static asyncio.Asyncio.run;
import static asyncio.Asyncio.sleep;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import asyncio.Asyncio;
import asyncio.CancelledError;
import asyncio.DoneCallback;
import asyncio.Future;
import asyncio.KeyboardInterrupt;
import asyncio.Task;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tasks, coroutines and futures by themselves. */
class TasksTest extends OnLoop {

    // ---- names

    @Test
    void tasksAreNumberedUnlessTheyAreNamed() {
        inLoop(() -> {
            var first = createTask(instant(1));
            var named = createTask(instant(2), "named");
            var second = createTask(instant(3));
            assertTrue(first.getName().matches("Task-\\d+"), first.getName());
            assertEquals("named", named.getName());
            assertEquals(
                    "the loop's",
                    getRunningLoop().createTask(instant(4), "the loop's").getName());
            assertEquals(numberOf(first) + 1, numberOf(second));
            second.setName("renamed");
            assertEquals("renamed", second.getName());
            assertTrue(second.toString().contains("renamed"), second.toString());
        });
    }

    private static int numberOf(Task<?> task) {
        return Integer.parseInt(task.getName().substring("Task-".length()));
    }

    @Test
    void aTaskKnowsItsCoroutineAndItsLoop() {
        inLoop(() -> {
            var coroutine = instant(1);
            var task = createTask(coroutine);
            assertSame(coroutine, task.getCoro());
            assertSame(getRunningLoop(), task.getLoop());
            assertSame(getRunningLoop(), getRunningLoop().createFuture().getLoop());
        });
    }

    @Test
    void theTextOfATaskTellsItsState() {
        inLoop(() -> {
            var task = createTask(sleep(ofSeconds(1000)), "sleeper");
            assertTrue(task.toString().contains("pending"), task.toString());
            await(sleep(ZERO));
            task.cancel();
            assertTrue(task.toString().contains("cancelling"), task.toString());
            cancelledBy(task);
            assertTrue(task.toString().contains("cancelled"), task.toString());
            var done = createTask(instant(1));
            await(done);
            assertTrue(done.toString().contains("finished"), done.toString());
        });
    }

    // ---- results

    @Test
    void aTaskMayBeAwaitedManyTimesByMany() {
        inLoop(() -> {
            var task = createTask(later(2, new Object()));
            var others = List.of(createTask(async(() -> await(task))), createTask(async(() -> await(task))));
            var result = await(task);
            assertSame(result, await(task));
            for (var other : others) {
                assertSame(result, await(other));
            }
            assertSame(result, task.result());
            assertNull(task.exception());
        });
    }

    @Test
    void laterAwaitsOfOneFunctionAreDifferentCoroutines() {
        assertNotSame(instant(1), instant(1));
    }

    @Test
    void aCoroutineRunsOnlyWhenItIsAwaited() {
        inLoop(() -> {
            var first = async(() -> log.add("first"));
            var second = async(() -> log.add("second"));
            iterations(3);
            assertEquals(List.of(), log);
            await(second);
            await(first);
            assertEquals(List.of("second", "first"), log);
        });
    }

    @Test
    void aResultThatIsAFutureIsAResult() {
        inLoop(() -> {
            Future<String> inner = getRunningLoop().createFuture();
            inner.setResult("inner");
            assertSame(inner, await(createTask(async(() -> inner))));
        });
    }

    // ---- callbacks

    @Test
    void aCallbackGetsTheTaskAndMayBeRemoved() {
        inLoop(() -> {
            var task = createTask(instant("value"));
            DoneCallback<Future<String>> removed = f -> log.add("removed");
            DoneCallback<Future<String>> kept = f -> log.add(f == task ? f.result() : "another");
            task.addDoneCallback(removed);
            task.addDoneCallback(kept);
            task.addDoneCallback(removed);
            assertEquals(2, task.removeDoneCallback(removed));
            assertEquals(0, task.removeDoneCallback(removed));
            iterations(3);
            assertEquals(List.of("value"), log);
            assertEquals(0, task.removeDoneCallback(kept), "it is gone after it ran");
        });
    }

    @Test
    void removingACallbackLeavesTheWaitersInTheirOrder() {
        inLoop(() -> {
            Future<String> future = getRunningLoop().createFuture();
            DoneCallback<Future<String>> callback = f -> log.add("callback");
            var first = createTask(noting("first", future));
            await(sleep(ZERO));
            future.addDoneCallback(callback);
            var second = createTask(noting("second", future));
            await(sleep(ZERO));
            assertEquals(1, future.removeDoneCallback(callback));
            future.setResult("value");
            await(first);
            await(second);
            assertEquals(List.of("first done", "second done"), log);
        });
    }

    @Test
    void aCallbackThatIsAddedByACallbackRunsOneIterationLater() {
        inLoop(() -> {
            Future<String> future = getRunningLoop().createFuture();
            future.addDoneCallback(f -> {
                f.addDoneCallback(g -> log.add("second"));
                getRunningLoop().callSoon(() -> log.add("soon"));
                log.add("first");
            });
            future.setResult("value");
            iterations(1);
            assertEquals(List.of("first"), log);
            iterations(1);
            assertEquals(List.of("first", "second", "soon"), log);
        });
    }

    // ---- errors that cancel

    @Test
    void aCancelledErrorAsTheExceptionOfAFutureCancelsItsWaiter() {
        inLoop(() -> {
            Future<String> future = getRunningLoop().createFuture();
            var task = createTask(noting("task", future));
            await(sleep(ZERO));
            future.setException(new CancelledError("as an exception"));
            assertEquals("as an exception", cancelledBy(task).getMessage());
            assertTrue(task.cancelled());
            assertFalse(future.cancelled());
        });
    }

    @Test
    void aFatalErrorWhileATaskIsCancelledIsStillFatal() {
        var fatal = new KeyboardInterrupt();
        assertSame(
                fatal,
                assertThrows(
                        KeyboardInterrupt.class,
                        () -> run(() -> {
                            var task = createTask(async(() -> {
                                cancelledBy(sleep(ofSeconds(1000)));
                                throw fatal;
                            }));
                            await(sleep(ZERO));
                            task.cancel();
                            await(sleep(ofSeconds(1000)));
                        })));
    }

    @Test
    void aStackOverflowEndsTheTaskAndNotTheLoop() {
        inLoop(() -> {
            var task = createTask(async(() -> endless(0)));
            assertThrows(StackOverflowError.class, () -> await(task));
            assertEquals("value", await(createTask(later(2, "value"))));
        });
    }

    private static int endless(int n) {
        return endless(n + 1) + 1;
    }

    @Test
    void currentTaskFollowsTheTaskThroughItsAwaits() {
        inLoop(() -> {
            var tasks = List.of("a", "b", "c").stream()
                    .map(name -> createTask(
                            async(() -> {
                                for (int i = 0; i < 5; i++) {
                                    assertEquals(name, currentTask().getName());
                                    await(sleep(i % 2 == 0 ? ZERO : java.time.Duration.ofNanos(1)));
                                }
                                return currentTask().getName();
                            }),
                            name))
                    .toList();
            for (var task : tasks) {
                assertEquals(task.getName(), await(task));
            }
        });
    }

    @Test
    void aGeneratorExitThatTheBodyRaisesIsAnErrorLikeAnyOther() {
        inLoop(() -> {
            var exit = new asyncio.GeneratorExit();
            var task = createTask(async(() -> {
                throw exit;
            }));

            assertSame(exit, assertThrows(asyncio.GeneratorExit.class, () -> await(task)));
            assertFalse(task.cancelled());
        });
    }

    @Test
    void theExceptionHandlerRunsInTheContextOfTheTask() {
        var variable = asyncio.ContextVar.create("variable", "default");
        inLoopWithReports(() -> {
            getRunningLoop().setExceptionHandler((loop, context) -> log.add(variable.get()));
            var task = createTask(async(() -> {
                variable.set("task's");
                throw new IllegalStateException("lost");
            }));
            await(Asyncio.wait(List.of(task)));
            getRunningLoop()
                    .callExceptionHandler(asyncio.ExceptionContext.of("report").withFuture(task));
            task.exception();
        });
        assertEquals(List.of("task's"), log);
    }
}
