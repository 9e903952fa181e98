package asyncio.semantics;

import static asyncio.Asyncio.allTasks;
import static asyncio.Asyncio.asCompleted;
import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.currentTask;
import static asyncio.Asyncio.getRunningLoop;
import static asyncio.Asyncio.shield;
import static asyncio.Asyncio.sleep;
import static asyncio.Asyncio.taskGroup;
import static asyncio.Asyncio.timeout;
import static asyncio.Asyncio.using;
import static asyncio.Asyncio.waitFor;
import static asyncio.Asyncio.with;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofMillis;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import asyncio.Action;
import asyncio.Asyncio;
import asyncio.Coroutine;
import asyncio.EventLoop;
import asyncio.ExceptionGroup;
import asyncio.ReturnWhen;
import asyncio.Task;
import asyncio.TimeoutException;
import asyncio.internal.loop.Scheduler;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * Timeouts, task groups and what waits for several, while the task that uses them is cancelled at every one of its
 * awaits: no request is lost or invented, and no task and no timer is left.
 */
@org.junit.jupiter.api.Timeout(value = 100, threadMode = org.junit.jupiter.api.Timeout.ThreadMode.SEPARATE_THREAD)
class CancelledBlocksTest {

    /** Makes the victim of {@code body}; it is cancelled if anybody asked for that in time, and knows who did. */
    private static void victim(EveryAwait.Stage stage, Action body) {
        var requests = new AtomicInteger();
        var victim = stage.victim(async(() -> {
            try {
                body.run();
            } finally {
                assertEquals(requests.get(), currentTask().cancelling());
            }
        }));
        stage.strikeBy(() -> {
            if (victim.cancel("struck")) {
                requests.incrementAndGet();
            }
        });
        stage.victimEnds(task -> {
            assertTrue(requests.get() == 0 || task.cancelled(), () -> "should have been cancelled: " + task);
            assertTrue(requests.get() > 0 || !task.cancelled(), () -> "should have succeeded: " + task);
            assertTrue(task.cancelled() || task.exception() == null, () -> "" + task);
        });
        stage.afterwards(() -> {
            // What was told to end may still be at it.
            await(sleep(ofMillis(20)));
            assertEquals(Set.of(currentTask()), allTasks());
            assertEquals(0, timersOf(getRunningLoop()));
        });
    }

    private static int timersOf(EventLoop loop) throws Exception {
        var timers = Scheduler.class.getDeclaredField("timers");
        timers.setAccessible(true);
        var size = timers.getType().getField("size");
        return size.getInt(timers.get(loop));
    }

    /** A coroutine that takes its time to end, also when it is cancelled. */
    private static Coroutine<String> work(int millis, int cleanup) {
        return async(() -> {
            try {
                await(sleep(ofMillis(millis)));
                return "done";
            } finally {
                await(sleep(ofMillis(cleanup)));
            }
        });
    }

    private static Coroutine<String> failing(int millis) {
        return async(() -> {
            await(sleep(ofMillis(millis)));
            throw new IllegalArgumentException("boom");
        });
    }

    // ---- timeouts

    @Test
    void aTimeoutThatIsNotReached() {
        EveryAwait.check(
                "timeout, in time",
                stage -> victim(stage, () -> {
                    assertEquals("done", using(timeout(ofMillis(50)), () -> await(work(3, 1))));
                    await(sleep(ofMillis(1)));
                }));
    }

    @Test
    void aTimeoutThatIsReached() {
        EveryAwait.check(
                "timeout, over time",
                stage -> victim(stage, () -> {
                    try {
                        with(timeout(ofMillis(3)), () -> await(work(50, 2)));
                    } catch (TimeoutException e) {
                        stage.note("timed out");
                    }
                    await(sleep(ofMillis(1)));
                }));
    }

    @Test
    void timeoutsInsideEachOther() {
        for (int inner = 2; inner <= 4; inner++) {
            var delay = ofMillis(inner);
            EveryAwait.check(
                    "timeout of " + inner + " in one of 3",
                    stage -> victim(stage, () -> {
                        try {
                            with(timeout(ofMillis(3)), () -> {
                                try {
                                    with(timeout(delay), () -> await(work(50, 1)));
                                } catch (TimeoutException e) {
                                    await(sleep(ofMillis(1)));
                                }
                            });
                        } catch (TimeoutException e) {
                            await(sleep(ofMillis(1)));
                        }
                        await(sleep(ofMillis(1)));
                    }));
        }
    }

    @Test
    void waitForOfACoroutine() {
        for (int limit : List.of(2, 50)) {
            EveryAwait.check(
                    "waitFor of a coroutine, " + limit,
                    stage -> victim(stage, () -> {
                        try {
                            await(waitFor(work(4, 1), ofMillis(limit)));
                        } catch (TimeoutException e) {
                            assertEquals(2, limit);
                        }
                        await(sleep(ofMillis(1)));
                    }));
        }
    }

    @Test
    void waitForOfATask() {
        for (int limit : List.of(2, 50)) {
            EveryAwait.check(
                    "waitFor of a task, " + limit,
                    stage -> victim(stage, () -> {
                        var task = createTask(work(4, 1));
                        try {
                            await(waitFor(task, ofMillis(limit)));
                        } catch (TimeoutException e) {
                            assertTrue(task.cancelled());
                        }
                        await(sleep(ofMillis(1)));
                    }));
        }
    }

    @Test
    void waitForWithoutTime() {
        EveryAwait.check(
                "waitFor, no time",
                stage -> victim(stage, () -> {
                    var task = createTask(work(50, 3));
                    try {
                        await(sleep(ofMillis(1)));
                        await(waitFor(task, ZERO));
                    } catch (TimeoutException e) {
                        assertTrue(task.cancelled());
                    } finally {
                        assertTrue(task.done() || task.cancelling() > 0 || task.cancel());
                    }
                    await(sleep(ofMillis(1)));
                }));
    }

    // ---- groups

    @Test
    void aGroupThatSucceeds() {
        EveryAwait.check(
                "taskGroup",
                stage -> victim(stage, () -> {
                    var tasks = new ArrayList<Task<?>>();
                    try {
                        with(taskGroup(), group -> {
                            tasks.add(group.createTask(work(3, 2)));
                            tasks.add(group.createTask(async(() -> {
                                await(sleep(ofMillis(2)));
                                tasks.add(group.createTask(work(2, 1)));
                            })));
                            await(sleep(ofMillis(1)));
                        });
                    } finally {
                        assertTrue(tasks.stream().allMatch(Task::done), tasks::toString);
                    }
                    await(sleep(ofMillis(1)));
                }));
    }

    @Test
    void aGroupOfWhichAChildFails() {
        for (int body : List.of(0, 50)) {
            EveryAwait.check(
                    "taskGroup, failing child, body " + body,
                    stage -> victim(stage, () -> {
                        var tasks = new ArrayList<Task<?>>();
                        try {
                            with(taskGroup(), group -> {
                                tasks.add(group.createTask(work(50, 3)));
                                tasks.add(group.createTask(failing(2)));
                                if (body > 0) {
                                    await(work(body, 1));
                                }
                            });
                        } catch (ExceptionGroup e) {
                            assertEquals(1, e.exceptions().size());
                        } finally {
                            assertTrue(tasks.stream().allMatch(Task::done), tasks::toString);
                        }
                        // Here the cancellation is raised that the failure went before.
                        await(sleep(ofMillis(1)));
                    }));
        }
    }

    @Test
    void aGroupThatIsCancelled() {
        for (int body : List.of(0, 50)) {
            EveryAwait.check(
                    "taskGroup, cancel, body " + body,
                    stage -> victim(stage, () -> {
                        with(taskGroup(), group -> {
                            group.createTask(work(50, 3));
                            group.createTask(async(() -> {
                                await(sleep(ofMillis(2)));
                                group.cancel();
                            }));
                            if (body > 0) {
                                await(work(body, 2));
                            }
                        });
                        await(sleep(ofMillis(1)));
                    }));
        }
    }

    @Test
    void groupsInsideEachOther() {
        EveryAwait.check(
                "taskGroup in taskGroup",
                stage -> victim(stage, () -> {
                    try {
                        with(taskGroup(), outer -> {
                            outer.createTask(failing(3));
                            with(taskGroup(), inner -> {
                                inner.createTask(work(50, 1));
                                inner.createTask(failing(3));
                                await(sleep(ofMillis(1)));
                            });
                        });
                    } catch (ExceptionGroup e) {
                        assertTrue(e.exceptions().size() <= 2);
                    }
                    await(sleep(ofMillis(1)));
                }));
    }

    @Test
    void aGroupInATimeoutInAGroup() {
        EveryAwait.check(
                "taskGroup in timeout in taskGroup",
                stage -> victim(stage, () -> {
                    try {
                        with(taskGroup(), outer -> {
                            outer.createTask(work(2, 1));
                            with(
                                    timeout(ofMillis(3)),
                                    () -> with(taskGroup(), inner -> {
                                        inner.createTask(work(50, 2));
                                    }));
                        });
                    } catch (ExceptionGroup e) {
                        assertEquals(
                                TimeoutException.class, e.exceptions().get(0).getClass());
                    }
                    await(sleep(ofMillis(1)));
                }));
    }

    // ---- what waits for several

    @Test
    void waitForSomeOfThem() {
        for (var returnWhen : ReturnWhen.values()) {
            for (var limit : Arrays.asList(null, ofMillis(3))) {
                EveryAwait.check("wait, " + returnWhen + ", " + limit, stage -> {
                    var tasks = List.of(stage.other("a", work(2, 0)), stage.other("b", work(5, 1)));
                    victim(stage, () -> {
                        await(Asyncio.wait(tasks, limit, returnWhen));
                        await(sleep(ofMillis(1)));
                    });
                });
            }
        }
    }

    @Test
    void whatIsShielded() {
        EveryAwait.check("shield", stage -> {
            var inner = stage.other("inner", work(4, 1));
            victim(stage, () -> {
                assertEquals("done", await(shield(inner)));
                await(sleep(ofMillis(1)));
            });
            stage.afterwards(() -> assertEquals(0, inner.cancelling()));
        });
    }

    @Test
    void readersOfAsCompleted() {
        for (var limit : Arrays.asList(null, ofMillis(30))) {
            EveryAwait.check("asCompleted, " + limit, stage -> {
                var all = asCompleted(List.of(stage.other("a", work(2, 0)), stage.other("b", work(4, 0))), limit)
                        .iterator();
                var mine = all.next();
                var others = all.next();
                victim(stage, () -> {
                    await(mine);
                    await(sleep(ofMillis(1)));
                });
                stage.other("reader", async(() -> assertEquals("done", await(others))));
            });
        }
    }
}
