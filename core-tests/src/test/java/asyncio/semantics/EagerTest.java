package asyncio.semantics;

import static asyncio.Asyncio.allTasks;
import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createEagerTaskFactory;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.currentTask;
import static asyncio.Asyncio.eagerTaskFactory;
import static asyncio.Asyncio.gather;
import static asyncio.Asyncio.getRunningLoop;
import static asyncio.Asyncio.newEventLoop;
import static asyncio.Asyncio.run;
import static asyncio.Asyncio.sleep;
import static asyncio.Asyncio.taskGroup;
import static asyncio.Asyncio.with;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import asyncio.Asyncio;
import asyncio.CancelledError;
import asyncio.ContextVar;
import asyncio.Coroutine;
import asyncio.EventLoop;
import asyncio.Future;
import asyncio.KeyboardInterrupt;
import asyncio.Task;
import asyncio.TaskFactory;
import asyncio.TaskOptions;
import asyncio.internal.run.EventLoopImpl;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Tasks whose first step runs inside of createTask. */
class EagerTest extends OnLoop {
    private static final TaskOptions EAGER = TaskOptions.eager();

    private static final ContextVar<String> VAR = ContextVar.create("var", "default");

    private Coroutine<String> logging(String name, int iterations) {
        return async(() -> {
            log.add(name + " starts");
            iterations(iterations);
            log.add(name + " ends");
            return name;
        });
    }

    // ---- the first step

    @Test
    void oneThatNeverSuspendsIsDoneAndWasNeverQueued() {
        inLoop(() -> {
            var task = createTask(logging("a", 0), EAGER);
            assertTrue(task.done());
            assertEquals("a", task.result());
            assertNull(task.getCoro());
            assertEquals(1, allTasks().size());
        });
        assertEquals(List.of("a starts", "a ends"), log);
    }

    @Test
    void oneThatSuspendsIsATaskLikeAnyOther() {
        inLoop(() -> {
            var coroutine = logging("a", 1);
            var task = createTask(coroutine, EAGER);
            log.add("created");
            assertFalse(task.done());
            assertSame(coroutine, task.getCoro());
            assertTrue(allTasks().contains(task));
            assertEquals("a", await(task));
            assertSame(coroutine, task.getCoro());
        });
        assertEquals(List.of("a starts", "created", "a ends"), log);
    }

    @Test
    void itTakesAsManyIterationsAsInAsyncio() {
        inLoop(() -> {
            var ticker = Ticker.start();
            assertEquals(0, ticker.during(createTask(instant(1), EAGER)));
            // One for the sleep, one for the task that waits for the task.
            assertEquals(2, ticker.during(createTask(later(1, 1), EAGER)));
            getRunningLoop().setTaskFactory(eagerTaskFactory());
            assertEquals(0, ticker.during(gather(instant(1), instant(2))));
            assertEquals(
                    2,
                    ticker.during(async(() -> with(taskGroup(), group -> {
                        group.createTask(instant(1));
                    }))));
            ticker.stop();
        });
    }

    @Test
    void itIsTheCurrentTaskDuringItsStep() {
        inLoop(() -> {
            var main = currentTask();
            var seen = new AtomicReference<Task<?>>();
            var task = createTask(
                    async(() -> {
                        seen.set(currentTask());
                        assertTrue(allTasks().contains(currentTask()));
                        assertTrue(allTasks().contains(main));
                        await(sleep(ZERO));
                        assertSame(seen.get(), currentTask());
                    }),
                    EAGER);
            assertSame(task, seen.get());
            assertSame(main, currentTask());
            await(task);
        });
    }

    @Test
    void inACallback() {
        inLoop(() -> {
            var task = new AtomicReference<Task<String>>();
            getRunningLoop().callSoon(() -> {
                task.set(createTask(logging("a", 1), EAGER));
                log.add("created");
                log.add(currentTask());
            });
            iterations(1);
            assertEquals("a", await(task.get()));
        });
        assertEquals(java.util.Arrays.asList("a starts", "created", null, "a ends"), log);
    }

    /** Between two iterations the loop's thread does something else: it serves Vert.x. */
    @Test
    void inACallbackOfTheHost() {
        inLoop(() -> {
            Future<Task<String>> created = getRunningLoop().createFuture();
            ((EventLoopImpl) getRunningLoop()).getHost().post(() -> {
                var task = EagerTest.<String>create(logging("a", 1), created.getLoop());
                log.add("created");
                created.setResult(task);
            });
            assertEquals("a", await(await(created)));
        });
        assertEquals(List.of("a starts", "created", "a ends"), log);
    }

    private static <T> Task<T> create(Coroutine<T> coroutine, EventLoop loop) {
        return loop.createTask(coroutine, EAGER);
    }

    @Test
    void theyNestDeeply() {
        inLoop(() -> assertEquals(190, nest(190)));
    }

    /** No stack overflows: from some depth on they are queued. */
    @Test
    void theyNestWithoutEnd() {
        inLoop(() -> {
            getRunningLoop().setTaskFactory(eagerTaskFactory());
            assertEquals(2000, await(gathering(2000)));
        });
    }

    private int nest(int depth) {
        if (depth == 0) {
            return 0;
        }
        var task = createTask(async(() -> nest(depth - 1)), EAGER);
        assertTrue(task.done());
        return 1 + task.result();
    }

    private Coroutine<Integer> gathering(int depth) {
        return async(() ->
                depth == 0 ? 0 : 1 + await(gather(gathering(depth - 1))).get(0));
    }

    @Test
    void manyThatSuspendDeepDown() {
        inLoop(() -> assertEquals(300, await(suspendingNest(300))));
    }

    private Coroutine<Integer> suspendingNest(int depth) {
        return async(() -> {
            if (depth == 0) {
                await(sleep(ZERO));
                return 0;
            }
            return 1 + await(createTask(suspendingNest(depth - 1), EAGER));
        });
    }

    // ---- errors and cancellation

    @Test
    void anErrorIsStored() {
        inLoop(() -> {
            var error = new IllegalArgumentException("it");
            var task = createTask(
                    async(() -> {
                        throw error;
                    }),
                    EAGER);
            assertSame(error, task.exception());
        });
    }

    @Test
    void aFatalErrorIsRaisedFromCreateTask() {
        var interrupt = assertThrows(
                KeyboardInterrupt.class,
                () -> run(() -> {
                    try {
                        createTask(
                                async(() -> {
                                    throw new KeyboardInterrupt();
                                }),
                                EAGER);
                    } finally {
                        log.add("creator goes down with it");
                    }
                }));
        assertNotNull(interrupt);
        assertEquals(List.of("creator goes down with it"), log);
    }

    @Test
    void aCancellationAfterTheFirstStepIsRaisedAtItsAwait() {
        inLoop(() -> {
            var task = createTask(noting("a", sleep(ofSeconds(100))), EAGER);
            assertTrue(task.cancel("it"));
            assertFalse(task.done());
            cancelledBy(task);
            assertEquals(List.of("a cancelled: it"), log);
        });
    }

    @Test
    void oneThatCancelsItselfInItsFirstStep() {
        inLoop(() -> {
            var returning = createTask(
                    async(() -> {
                        currentTask().cancel();
                        return 1;
                    }),
                    EAGER);
            assertTrue(returning.cancelled());
            var awaiting = createTask(
                    async(() -> {
                        currentTask().cancel("it");
                        await(sleep(ZERO));
                    }),
                    EAGER);
            assertFalse(awaiting.done());
            assertEquals("it", cancelledBy(awaiting).getMessage());
        });
    }

    @Test
    void oneThatCancelsItsCreator() {
        inLoop(() -> {
            var creator = createTask(async(() -> {
                var me = currentTask();
                createTask(async(() -> me.cancel("by the child")), EAGER);
                log.add("goes on");
                await(sleep(ZERO));
            }));
            assertEquals("by the child", cancelledBy(creator).getMessage());
            assertEquals(List.of("goes on"), log);
        });
    }

    @Test
    void inATaskGroupAnEagerFailureCancelsTheBodyAtItsNextAwaitOnly() {
        inLoop(() -> {
            var group = assertThrows(
                    asyncio.ExceptionGroup.class,
                    () -> with(taskGroup(), tasks -> {
                        tasks.createTask(
                                async(() -> {
                                    throw new IllegalArgumentException("first");
                                }),
                                EAGER);
                        tasks.createTask(instant(1), EAGER);
                        log.add("body goes on");
                        await(sleep(ofSeconds(100)));
                    }));
            assertEquals(1, group.exceptions().size());
            assertEquals(List.of("body goes on"), log);
            assertEquals(0, currentTask().cancelling());
        });
    }

    // ---- contexts

    @Test
    void itHasAContextOfItsOwn() {
        inLoop(() -> {
            VAR.set("creator");
            var task = createTask(
                    async(() -> {
                        var seen = VAR.get();
                        VAR.set("child");
                        await(sleep(ZERO));
                        return seen + ", then " + VAR.get();
                    }),
                    EAGER);
            assertEquals("creator", VAR.get());
            assertEquals("creator, then child", await(task));
            assertEquals("creator", VAR.get());
            createTask(async(() -> VAR.set("instant child")), EAGER);
            assertEquals("creator", VAR.get());
        });
    }

    @Test
    void aGivenContextIsUsedItself() {
        inLoop(() -> {
            var context = Asyncio.copyContext();
            createTask(async(() -> VAR.set("child")), EAGER.withContext(context));
            assertEquals("child", context.get(VAR));
            assertEquals("default", VAR.get());
        });
    }

    // ---- where it cannot be

    @Test
    void beforeTheLoopRunsItIsQueued() {
        try (var loop = newEventLoop()) {
            var task = loop.createTask(logging("a", 0), EAGER);
            assertEquals(List.of(), log);
            loop.runUntilComplete(task);
            loop.setTaskFactory(eagerTaskFactory());
            var other = loop.createTask(logging("b", 0));
            assertFalse(other.done());
            loop.runUntilComplete(other);
        }
        assertEquals(List.of("a starts", "a ends", "b starts", "b ends"), log);
    }

    /** Where the stack is pinned, the first step cannot run at once: it is queued. */
    @Test
    void inAClassInitializer() {
        inLoop(() -> {
            assertEquals("value", await(Pinned.TASK));
            assertEquals(List.of(1, 2), await(Pinned.GATHERED));
            assertEquals(1, allTasks().size());
        });
    }

    private static final class Pinned {
        static final Task<String> TASK = createTask(later(1, "value"), EAGER);
        static final Future<? extends List<Integer>> GATHERED;

        static {
            getRunningLoop().setTaskFactory(eagerTaskFactory());
            GATHERED = gather(later(1, 1), instant(2));
        }
    }

    // ---- factories

    /** Notes what it was asked for. */
    private final class Noting implements TaskFactory {
        final List<TaskOptions> asked = new ArrayList<>();

        @Override
        public <T> Task<T> create(EventLoop loop, Coroutine<T> coroutine, TaskOptions options) {
            asked.add(options);
            return Task.create(loop, coroutine, options);
        }
    }

    @Test
    void aFactoryGetsWhatWasAskedFor() {
        inLoop(() -> {
            var factory = new Noting();
            getRunningLoop().setTaskFactory(factory);
            assertSame(factory, getRunningLoop().getTaskFactory());
            createTask(instant(1));
            createTask(instant(1), "name");
            createTask(instant(1), EAGER);
            await(gather(instant(1)));
            with(taskGroup(), group -> {
                group.createTask(instant(1), "in group");
            });
            assertEquals(
                    List.of(
                            TaskOptions.NONE,
                            TaskOptions.named("name"),
                            EAGER,
                            TaskOptions.NONE,
                            TaskOptions.named("in group")),
                    factory.asked);
            getRunningLoop().setTaskFactory(null);
            createTask(instant(1));
            assertEquals(5, factory.asked.size());
        });
    }

    @Test
    void anEagerFactoryOverAnother() {
        inLoop(() -> {
            var factory = new Noting();
            getRunningLoop().setTaskFactory(createEagerTaskFactory(factory));
            assertTrue(createTask(instant(1)).done());
            assertFalse(createTask(instant(1), EAGER.withEagerStart(false)).done());
            assertEquals(List.of(EAGER, EAGER.withEagerStart(false)), factory.asked);
            assertThrows(NullPointerException.class, () -> createEagerTaskFactory(null));
        });
    }

    /** What no task was made of never runs, and that is said. */
    private void assertForgotten(int coroutines) {
        assertEquals(coroutines, reports.size(), reports::toString);
        for (var report : reports) {
            assertEquals("Coroutine 'OnLoop.instant' was never awaited, and so never ran", report.message());
        }
    }

    private record Rubbish(Object gives) implements TaskFactory {
        @Override
        @SuppressWarnings("unchecked")
        public <T> Task<T> create(EventLoop loop, Coroutine<T> coroutine, TaskOptions options) {
            return (Task<T>) gives;
        }
    }

    @Test
    void aFactoryThatGivesNothing() {
        inLoopWithReports(() -> {
            getRunningLoop().setTaskFactory(new Rubbish(null));
            for (var call : List.<asyncio.Action>of(
                    () -> createTask(instant(1)),
                    () -> gather(instant(1)),
                    () -> with(taskGroup(), group -> {
                        group.createTask(instant(1));
                    }))) {
                var refusal = assertThrows(Exception.class, call::run);
                var cause = refusal instanceof asyncio.ExceptionGroup group
                        ? group.exceptions().get(0)
                        : refusal;
                assertTrue(cause instanceof IllegalStateException
                        && cause.getMessage().contains("Task.create"));
            }
            getRunningLoop().setTaskFactory(null);
        });
        assertForgotten(3);
    }

    @Test
    void aFactoryThatFails() {
        inLoopWithReports(() -> {
            getRunningLoop().setTaskFactory(new TaskFactory() {
                @Override
                public <T> Task<T> create(EventLoop loop, Coroutine<T> coroutine, TaskOptions options) {
                    throw new UnsupportedOperationException("no tasks today");
                }
            });
            assertThrows(UnsupportedOperationException.class, () -> createTask(instant(1)));
            assertThrows(UnsupportedOperationException.class, () -> gather(instant(1)));
            getRunningLoop().setTaskFactory(null);
            assertEquals(1, allTasks().size());
        });
        assertForgotten(2);
    }

    /** The main coroutine of a second run is a task of the factory's, too. */
    @Test
    void runnersAskTheFactory() {
        try (var runner = asyncio.Runner.create()) {
            var factory = new Noting();
            runner.getLoop().setTaskFactory(factory);
            assertEquals(1, runner.run(instant(1)));
            assertEquals(1, factory.asked.size());
            assertNotNull(factory.asked.get(0).context());
            runner.getLoop().setTaskFactory(eagerTaskFactory());
            assertEquals(2, runner.run(later(1, 2)));
            assertThrows(
                    CancelledError.class,
                    () -> runner.run(() -> {
                        currentTask().cancel();
                        await(sleep(ZERO));
                    }));
        }
    }
}
