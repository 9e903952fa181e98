package asyncio.semantics;

import static asyncio.Asyncio.aclosing;
import static asyncio.Asyncio.async;
import static asyncio.Asyncio.asyncGenerator;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.currentTask;
import static asyncio.Asyncio.getRunningLoop;
import static asyncio.Asyncio.run;
import static asyncio.Asyncio.shield;
import static asyncio.Asyncio.sleep;
import static asyncio.Asyncio.taskGroup;
import static asyncio.Asyncio.timeout;
import static asyncio.Asyncio.with;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import asyncio.Action;
import asyncio.AsyncContextManager;
import asyncio.AsyncExitStack;
import asyncio.AsyncGenerator;
import asyncio.Asyncio;
import asyncio.Awaitable;
import asyncio.CancelledError;
import asyncio.Coroutine;
import asyncio.ExceptionGroup;
import asyncio.KeyboardInterrupt;
import asyncio.Lock;
import asyncio.TaskGroup;
import asyncio.TimeoutException;
import asyncio.WithBlock;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Every place of the library where an exception is raised while another one is on its way. Both are seen in the end: in
 * what comes out, or in a report. (Where a {@code finally} of the user's own raises, Java itself forgets the first.)
 */
class TwoExceptionsTest extends OnLoop {
    private final RuntimeException first = new IllegalArgumentException("first");
    private final RuntimeException second = new ArithmeticException("second");

    /** Runs {@code body} as a program: what it ends with, or what it reports, leads to both exceptions. */
    private Throwable bothSurvive(Action body) {
        var error = assertThrows(Throwable.class, () -> inLoopWithReports(body));
        var seen = allOf(error);
        for (var report : reports) {
            seen.addAll(allOf(report.exception()));
        }
        assertTrue(seen.contains(first), () -> "the first is lost: " + error + " " + reports);
        assertTrue(seen.contains(second), () -> "the second is lost: " + error + " " + reports);
        return error;
    }

    /** It, its causes and suppressed exceptions, at any depth. */
    private static Set<Throwable> allOf(Throwable error) {
        Set<Throwable> all = Collections.newSetFromMap(new IdentityHashMap<>());
        addAll(error, all);
        return all;
    }

    private static void addAll(Throwable error, Set<Throwable> all) {
        if (error != null && all.add(error)) {
            addAll(error.getCause(), all);
            for (var suppressed : error.getSuppressed()) {
                addAll(suppressed, all);
            }
        }
    }

    private static <T> Coroutine<T> raising(Throwable error) {
        return async(() -> {
            throw TwoExceptionsTest.<RuntimeException>asItIs(error);
        });
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> E asItIs(Throwable error) throws E {
        throw (E) error;
    }

    /** A coroutine that raises {@code error} when it is cancelled. */
    private static Coroutine<Void> raisingWhenCancelled(RuntimeException error) {
        return async(() -> {
            try {
                await(sleep(ofSeconds(1000)));
            } catch (CancelledError e) {
                throw error;
            }
        });
    }

    /** A coroutine that takes its time to end when it is cancelled. */
    private static Coroutine<Void> slowToEnd() {
        return async(() -> {
            try {
                await(sleep(ofSeconds(1000)));
            } finally {
                await(sleep(ofMillis(20)));
            }
        });
    }

    /** A manager whose exit raises {@code error}, or gives {@code swallows} if that is null. */
    private record Exit(Throwable error, Boolean swallows) implements AsyncContextManager<Void> {
        @Override
        public Awaitable<Void> aenter() {
            return async(() -> null);
        }

        @Override
        public Awaitable<Boolean> aexit(Throwable ofBlock) {
            return error != null ? raising(error) : async(() -> swallows);
        }
    }

    private Action throwing(RuntimeException error) {
        return () -> {
            throw error;
        };
    }

    // ---- blocks

    @Test
    void anExitThatRaises() {
        var error = bothSurvive(() -> with(new Exit(second, null), throwing(first)::run));
        assertSame(second, error);
        assertEquals(List.of(first), List.of(error.getSuppressed()));
    }

    @Test
    void anExitThatRaisesWithTheFirstAsItsCause() {
        second.initCause(first);
        var error = bothSurvive(() -> with(new Exit(second, null), throwing(first)::run));
        assertEquals(List.of(), List.of(error.getSuppressed()), "no need to say it twice");
    }

    @Test
    void anExitThatRaisesTheSameAgain() {
        inLoop(() -> {
            var error = assertThrows(Throwable.class, () -> with(new Exit(first, null), throwing(first)::run));
            assertSame(first, error);
            assertEquals(List.of(), List.of(error.getSuppressed()));
        });
    }

    @Test
    void exitsThatRaiseInNestedBlocks() {
        var third = new UnsupportedOperationException("third");
        var error = bothSurvive(() ->
                with(new Exit(third, null), () -> with(new Exit(second, null), throwing(first)::run)));
        assertSame(third, error);
    }

    /** Python's None does not suppress either. */
    @Test
    void anExitThatGivesNullSwallowsNothing() {
        inLoop(() -> assertSame(
                first, assertThrows(RuntimeException.class, () -> with(new Exit(null, null), throwing(first)::run))));
    }

    @Test
    void anExitThatIsNoAwaitable() {
        var manager = new AsyncContextManager<Void>() {
            @Override
            public Awaitable<Void> aenter() {
                return async(() -> null);
            }

            @Override
            public Awaitable<Boolean> aexit(Throwable error) {
                return null;
            }

            @Override
            public String toString() {
                return "<manager>";
            }
        };
        inLoop(() -> {
            var error = assertThrows(IllegalStateException.class, () -> with(manager, throwing(first)::run));
            assertTrue(error.getMessage().startsWith("aexit of <manager> returned null"), error.getMessage());
            assertEquals(List.of(first), List.of(error.getSuppressed()));
        });
    }

    @Test
    void anExitThatIsCancelled() {
        inLoop(() -> {
            var task = createTask(async(() -> with(new Exit(new CancelledError("exit"), null), throwing(first)::run)));
            var cancelled = assertThrows(CancelledError.class, () -> await(task));
            assertEquals(List.of(first), List.of(cancelled.getSuppressed()));
        });
    }

    @Test
    void aLockThatTheBlockHasReleasedItself() {
        var lock = Lock.create();
        inLoop(() -> {
            var error = assertThrows(
                    IllegalStateException.class,
                    () -> with(lock, () -> {
                        lock.release();
                        throw first;
                    }));
            assertEquals(List.of(first), List.of(error.getSuppressed()));
        });
    }

    @Test
    void exitsOfAStack() {
        var error = bothSurvive(() -> with(AsyncExitStack.create(), (AsyncExitStack stack) -> {
            stack.callback(throwing(second));
            throw first;
        }));
        assertSame(second, error);
    }

    @Test
    void aGeneratorThatRaisesWhenItIsClosed() {
        bothSurvive(() -> with(
                aclosing(asyncGenerator(out -> {
                    try {
                        out.yield(1);
                    } finally {
                        throwing(second).run();
                    }
                })),
                (AsyncGenerator<Object> generator) -> {
                    await(generator.anext());
                    throw first;
                }));
    }

    // ---- timeouts

    @Test
    void aBlockThatMakesSomethingElseOfTheTimeout() {
        var error = assertThrows(
                RuntimeException.class,
                () -> inLoop(() -> with(timeout(ZERO), () -> {
                    try {
                        await(sleep(ofSeconds(1000)));
                    } catch (CancelledError e) {
                        first.initCause(e);
                        throw first;
                    }
                })));
        assertSame(first, error);
        assertTrue(allOf(first).stream().anyMatch(TimeoutException.class::isInstance));
    }

    // ---- task groups

    private ExceptionGroup groupOf(WithBlock<TaskGroup, ?> block) {
        return assertThrows(ExceptionGroup.class, () -> with(taskGroup(), block));
    }

    @Test
    void theBlockOfAGroupAndItsTask() {
        bothSurvive(() -> with(taskGroup(), (TaskGroup group) -> {
            group.createTask(raisingWhenCancelled(second));
            await(sleep(ZERO));
            throw first;
        }));
    }

    @Test
    void twoTasksOfAGroup() {
        bothSurvive(() -> with(taskGroup(), (TaskGroup group) -> {
            group.createTask(raisingWhenCancelled(second));
            await(sleep(ZERO));
            group.createTask(raising(first));
        }));
    }

    @Test
    void aBlockWhoseGroupIsCancelledByATimeoutWhileItEnds() {
        inLoop(() -> {
            var error = assertThrows(
                    ExceptionGroup.class,
                    () -> with(
                            timeout(ofMillis(10)),
                            () -> with(taskGroup(), (TaskGroup group) -> {
                                group.createTask(slowToEnd());
                                await(sleep(ZERO));
                                throw first;
                            })));
            assertEquals(List.of(first), error.exceptions());
            assertEquals(0, currentTask().cancelling());
        });
    }

    @Test
    void aBlockWhoseGroupIsCancelledFromOutsideWhileItEnds() {
        inLoop(() -> {
            var task = createTask(async(() -> {
                log.add(groupOf(group -> {
                            group.createTask(slowToEnd());
                            await(sleep(ZERO));
                            throw first;
                        })
                        .exceptions());
                log.add(currentTask().cancelling());
                await(sleep(ofSeconds(1000)));
            }));
            iterations(3);
            task.cancel();
            assertThrows(CancelledError.class, () -> await(task), "the request is not lost either");
        });
        assertEquals(List.of(List.of(first), 1), log);
    }

    @Test
    void aNestedGroupWhoseOuterOneFailsWhileItEnds() {
        inLoop(() -> {
            var error = groupOf(outer -> {
                outer.createTask(async(() -> {
                    iterations(4);
                    throw second;
                }));
                with(taskGroup(), (TaskGroup inner) -> {
                    inner.createTask(slowToEnd());
                    await(sleep(ZERO));
                    throw first;
                });
            });
            // In the order in which they came to the outer group.
            assertEquals(second, error.exceptions().get(0));
            assertEquals(List.of(first), ((ExceptionGroup) error.exceptions().get(1)).exceptions());
        });
    }

    /** CPython: the cancellation, with the exception as its context. */
    @Test
    void aBlockThatFailsAfterItsGroupWasCancelledAndThenTheTaskIsCancelledToo() {
        inLoop(() -> {
            var task = createTask(async(() -> with(taskGroup(), (TaskGroup group) -> {
                group.createTask(slowToEnd());
                await(sleep(ZERO));
                group.cancel();
                throw first;
            })));
            iterations(3);
            task.cancel();
            var cancelled = assertThrows(CancelledError.class, () -> await(task));
            assertTrue(allOf(cancelled).contains(first));
        });
    }

    @Test
    void aFatalErrorOfATaskAndAnErrorOfAnother() {
        var fatal = new KeyboardInterrupt("second", null);
        assertSame(
                fatal,
                assertThrows(
                        KeyboardInterrupt.class,
                        () -> inLoopWithReports(() -> with(taskGroup(), (TaskGroup group) -> {
                            group.createTask(raising(first));
                            group.createTask(raising(fatal));
                        }))));
        // A fatal error leaves the loop; the group ends while the program is cleaned up.
        assertTrue(reports.stream().anyMatch(it -> it.exception() == first), () -> "lost: " + reports);
    }

    @Test
    void aFatalErrorOfTheBlockAndAnErrorOfATask() {
        var fatal = new KeyboardInterrupt("second", null);
        var error = assertThrows(
                KeyboardInterrupt.class,
                () -> inLoopWithReports(() -> with(taskGroup(), (TaskGroup group) -> {
                    group.createTask(raisingWhenCancelled(first));
                    await(sleep(ZERO));
                    throw fatal;
                })));
        assertSame(fatal, error);
        assertEquals(List.of(first), reports.stream().map(it -> it.exception()).toList());
        assertTrue(
                reports.get(0).message().contains("goes no further"),
                reports.get(0).message());
    }

    // ---- what nobody awaits any more

    @Test
    void aShieldedTaskThatFailsAfterItsWaiterWasCancelled() {
        inLoopWithReports(() -> {
            var inner = createTask(async(() -> {
                iterations(5);
                throw first;
            }));
            var outer = createTask(async(() -> await(shield(inner))));
            iterations(2);
            outer.cancel();
            assertThrows(CancelledError.class, () -> await(outer));
            iterations(5);
        });
        assertEquals(List.of(first), reports.stream().map(it -> it.exception()).toList());
    }

    @Test
    void aTaskThatIsLeftWhenTheProgramFails() {
        bothSurvive(() -> {
            createTask(raisingWhenCancelled(second));
            await(sleep(ZERO));
            throw first;
        });
    }

    @Test
    void aGeneratorThatIsLeftWhenTheProgramFails() {
        var generator = asyncGenerator(out -> {
            try {
                out.yield(1);
            } finally {
                throwing(second).run();
            }
        });
        bothSurvive(() -> {
            await(generator.anext());
            throw first;
        });
        assertEquals(
                List.of(generator),
                reports.stream().map(it -> it.details().get("asyncgen")).toList());
    }

    @Test
    void aTaskThatIsLeftAndFailsFatally() {
        var fatal = new KeyboardInterrupt("second", null);
        var error = assertThrows(
                RuntimeException.class,
                () -> run(() -> {
                    createTask(async(() -> {
                        try {
                            await(sleep(ofSeconds(1000)));
                        } catch (CancelledError e) {
                            throw fatal;
                        }
                    }));
                    await(sleep(ZERO));
                    throw first;
                }));
        assertSame(first, error);
        assertEquals(List.of(fatal), List.of(error.getSuppressed()));
    }

    @Test
    void anExceptionHandlerThatRaises() {
        try (var logged = new Logged()) {
            run(() -> {
                getRunningLoop().setExceptionHandler((loop, context) -> {
                    throw second;
                });
                getRunningLoop().callSoon(() -> {
                    throw first;
                });
                await(sleep(ZERO));
            });
            var text = String.join("\n", logged.with("Unhandled error in exception handler"));
            assertTrue(text.contains("first"), text);
        }
    }

    /** CPython reports none of them either: the first one stands for all, and they are known by their futures. */
    @Test
    void ofAGatherTheFirstCountsAndTheOthersAreThereToBeAsked() {
        inLoop(() -> {
            var tasks = List.of(createTask(raising(first)), createTask(raising(second)));
            assertSame(first, assertThrows(RuntimeException.class, () -> await(Asyncio.gather(tasks))));
            assertSame(second, tasks.get(1).exception());
        });
    }
}
