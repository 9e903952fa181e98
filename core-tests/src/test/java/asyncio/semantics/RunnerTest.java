package asyncio.semantics;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.asyncGenerator;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.currentTask;
import static asyncio.Asyncio.getRunningLoop;
import static asyncio.Asyncio.newEventLoop;
import static asyncio.Asyncio.run;
import static asyncio.Asyncio.sleep;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import asyncio.AsyncGenerator;
import asyncio.Awaitable;
import asyncio.CancelledError;
import asyncio.Context;
import asyncio.ContextVar;
import asyncio.EventLoop;
import asyncio.RunOptions;
import asyncio.Runner;
import asyncio.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Runners. */
class RunnerTest extends OnLoop {
    private static final ContextVar<String> VAR = ContextVar.create("var", "default");

    @Test
    void oneLoopAndOneContextForAllRuns() {
        try (var runner = Runner.create()) {
            var loop = runner.getLoop();
            assertSame(loop, runner.getLoop());
            assertSame(loop, runner.run(() -> {
                VAR.set("first");
                return getRunningLoop();
            }));
            assertEquals("first", runner.run(() -> VAR.get()));
            assertEquals("default", VAR.get());
        }
    }

    /** The context is copied when the loop is made, and not when the runner is. */
    @Test
    void theContextIsThatOfTheFirstUse() {
        Context.create().run(() -> {
            try (var runner = Runner.create();
                    var other = Runner.create()) {
                VAR.set("before the first use");
                runner.getLoop();
                VAR.set("after it");
                assertEquals("before the first use", runner.run(() -> VAR.get()));
                assertEquals("after it", other.run(() -> VAR.get()));
            }
        });
    }

    @Test
    void aRunInAContextOfItsOwn() {
        try (var runner = Runner.create()) {
            var context = Context.create();
            context.run(() -> VAR.set("given"));
            assertEquals(
                    "given",
                    runner.run(
                            async(() -> {
                                var seen = VAR.get();
                                VAR.set("set inside");
                                return seen;
                            }),
                            context));
            assertEquals("set inside", context.get(VAR));
            assertEquals("default", runner.run(() -> VAR.get()));
        }
    }

    @Test
    void tasksGoOnInTheNextRun() {
        try (var runner = Runner.create()) {
            var task = new AtomicReference<Task<String>>();
            runner.run(() -> task.set(createTask(later(5, "done"))));
            assertFalse(task.get().done());
            assertEquals("done", runner.run(() -> await(task.get())));
        }
    }

    @Test
    void closing() {
        var unused = Runner.create();
        unused.close();
        unused.close();
        assertThrows(IllegalStateException.class, unused::getLoop);
        var runner = Runner.create();
        var loop = runner.getLoop();
        runner.close();
        assertTrue(loop.isClosed());
        runner.close();
        for (asyncio.Action use : List.<asyncio.Action>of(
                runner::getLoop, () -> runner.run(instant(1)), () -> runner.runAwaitable(instant(1)))) {
            assertEquals(
                    "Runner is closed",
                    assertThrows(IllegalStateException.class, use::run).getMessage());
        }
    }

    @Test
    void aRefusedRunDoesNotUseTheCoroutineUp() {
        var runner = Runner.create();
        runner.close();
        var coroutine = instant(1);
        assertThrows(IllegalStateException.class, () -> runner.run(coroutine));
        assertEquals(1, run(coroutine));
    }

    @Test
    void insideOfALoopItIsRefused() {
        inLoop(() -> {
            try (var runner = Runner.create()) {
                var coroutine = instant(1);
                var refusal = assertThrows(IllegalStateException.class, () -> runner.run(coroutine));
                assertTrue(refusal.getMessage().contains("cannot be called from a running event loop"));
                assertTrue(refusal.getMessage().contains("createTask"));
                assertEquals(1, await(coroutine));
            }
        });
    }

    @Test
    void anErrorLeavesTheRunnerUsable() {
        try (var runner = Runner.create()) {
            assertThrows(
                    java.io.IOException.class,
                    () -> runner.run(() -> {
                        if (true) {
                            throw new java.io.IOException();
                        }
                    }));
            assertThrows(
                    CancelledError.class,
                    () -> runner.run(() -> {
                        currentTask().cancel();
                        await(sleep(ofSeconds(10)));
                    }));
            var claimed = instant(1);
            assertEquals(1, runner.run(claimed));
            assertThrows(IllegalStateException.class, () -> runner.run(claimed));
            assertEquals(2, runner.run(instant(2)));
        }
    }

    @Test
    void anInterruptCancelsMainAndTheNextRunIsUndisturbed() throws Exception {
        var thread = new Thread(() -> {
            try (var runner = Runner.create()) {
                var me = Thread.currentThread();
                try {
                    runner.run(() -> {
                        getRunningLoop().callSoon(me::interrupt);
                        await(sleep(ofSeconds(100)));
                    });
                } catch (CancelledError e) {
                    log.add("cancelled");
                }
                log.add("interrupted " + Thread.interrupted());
                log.add(runner.run(later(2, "next run")));
            }
        });
        thread.start();
        thread.join();
        assertEquals(List.of("cancelled", "interrupted true", "next run"), log);
    }

    @Test
    void debugMode() {
        for (boolean debug : new boolean[] {true, false}) {
            try (var runner = Runner.create(RunOptions.NONE.withDebug(debug))) {
                assertEquals(debug, runner.run(() -> getRunningLoop().getDebug()));
            }
            assertEquals(debug, run(async(() -> getRunningLoop().getDebug()), RunOptions.NONE.withDebug(debug)));
        }
    }

    @Test
    void aLoopFactoryIsAskedOnce() {
        var made = new ArrayList<EventLoop>();
        try (var runner = Runner.create(RunOptions.loopFrom(() -> {
            made.add(newEventLoop());
            return made.get(0);
        }))) {
            assertEquals(List.of(), made);
            assertSame(runner.getLoop(), made.get(0));
            assertSame(made.get(0), runner.run(() -> getRunningLoop()));
            assertEquals(1, made.size());
        }
        assertTrue(made.get(0).isClosed());
    }

    @Test
    void aLoopFactoryThatGivesNothing() {
        try (var runner = Runner.create(RunOptions.loopFrom(() -> null))) {
            var refusal = assertThrows(IllegalArgumentException.class, runner::getLoop);
            assertTrue(refusal.getMessage().contains("newEventLoop"));
        }
    }

    @Test
    void aLoopFactoryThatFails() {
        try (var runner = Runner.create(RunOptions.loopFrom(() -> {
            throw new UnsupportedOperationException();
        }))) {
            assertThrows(UnsupportedOperationException.class, () -> runner.run(instant(1)));
        }
    }

    /** First the tasks, then the async generators, then the executor. */
    @Test
    void whatIsLeftEndsInAsynciosOrder() {
        try (var runner = Runner.create()) {
            runner.run(() -> {
                AsyncGenerator<Integer> generator = asyncGenerator(out -> {
                    try {
                        out.yield(1);
                    } finally {
                        await(getRunningLoop().runInExecutor(null, () -> {}));
                        log.add("generator");
                    }
                });
                await(generator.anext());
                createTask(async(() -> {
                    try {
                        await(sleep(ofSeconds(100)));
                    } finally {
                        iterations(3);
                        log.add("task");
                    }
                }));
                getRunningLoop().runInExecutor(null, () -> {
                    Thread.sleep(50);
                    jobs.add("ended");
                });
                iterations(1);
            });
            assertEquals(List.of(), log);
        }
        assertEquals(List.of("task", "generator"), log);
        assertEquals(1, jobs.size());
    }

    private final List<String> jobs = java.util.Collections.synchronizedList(new ArrayList<>());

    @Test
    void anErrorOfALeftoverIsReported() {
        var error = new IllegalArgumentException();
        try (var runner = Runner.create()) {
            runner.getLoop().setExceptionHandler((loop, context) -> reports.add(context));
            runner.run(() -> {
                createTask(async(() -> {
                    try {
                        await(sleep(ofSeconds(100)));
                    } catch (CancelledError e) {
                        throw error;
                    }
                }));
                iterations(1);
            });
        }
        assertEquals(1, reports.size());
        assertEquals(
                "unhandled exception during asyncio.run() shutdown",
                reports.get(0).message());
        assertSame(error, reports.get(0).exception());
    }

    @Test
    void anythingThatCanBeAwaited() {
        try (var runner = Runner.create()) {
            Awaitable<String> awaitable = () -> {
                iterations(2);
                return "awaited";
            };
            assertEquals("awaited", runner.runAwaitable(awaitable));
            assertEquals(1, runner.runAwaitable(instant(1)));
            var task = new AtomicReference<Task<Integer>>();
            runner.run(() -> task.set(createTask(later(3, 3))));
            assertEquals(3, runner.runAwaitable(task.get()));
        }
    }

    @Test
    void twoRunnersOneAfterTheOther() {
        try (var first = Runner.create();
                var second = Runner.create()) {
            assertEquals(1, first.run(instant(1)));
            assertEquals(2, second.run(instant(2)));
            assertNotSame(first.getLoop(), second.getLoop());
            assertEquals(3, first.run(later(2, 3)));
        }
    }
}
