package asyncio.semantics;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.asyncGenerator;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.copyContext;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.currentTask;
import static asyncio.Asyncio.gather;
import static asyncio.Asyncio.getRunningLoop;
import static asyncio.Asyncio.run;
import static asyncio.Asyncio.runCoroutineThreadsafe;
import static asyncio.Asyncio.sleep;
import static asyncio.Asyncio.taskGroup;
import static asyncio.Asyncio.timeout;
import static asyncio.Asyncio.toThread;
import static asyncio.Asyncio.with;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import asyncio.AsyncGenerator;
import asyncio.Context;
import asyncio.ContextVar;
import asyncio.Coroutine;
import asyncio.Future;
import asyncio.Task;
import asyncio.TaskOptions;
import asyncio.Token;
import asyncio.internal.run.EventLoopImpl;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Context variables: where contexts are copied, where they are shared, and who sees what. */
class ContextTest extends OnLoop {
    private static final ContextVar<String> VAR = ContextVar.create("var", "default");
    private static final ContextVar<String> BARE = ContextVar.create("bare");

    private void note() {
        log.add(VAR.get());
    }

    /** Notes what it sees and sets something else. */
    private void noteAndSet(String value) {
        note();
        VAR.set(value);
    }

    // ---- variables and tokens

    @Test
    void aVariableWithoutAValue() {
        inLoop(() -> {
            assertEquals("default", VAR.get());
            assertEquals("given", VAR.get("given"));
            var refusal = assertThrows(NoSuchElementException.class, BARE::get);
            assertTrue(refusal.getMessage().contains("bare")
                    && refusal.getMessage().contains("set it first"));
            assertEquals("given", BARE.get("given"));
            assertNull(BARE.get(null));
            assertEquals("bare", BARE.name());
        });
    }

    @Test
    void nullIsAValue() {
        inLoop(() -> {
            VAR.set(null);
            assertNull(VAR.get());
            assertNull(VAR.get("given"));
            assertTrue(copyContext().contains(VAR));
        });
    }

    @Test
    void tokensTellNullFromNoValue() {
        inLoop(() -> {
            var first = VAR.set(null);
            assertFalse(first.hasOldValue());
            assertNull(first.oldValue());
            var second = VAR.set("two");
            assertTrue(second.hasOldValue());
            assertNull(second.oldValue());
            VAR.reset(second);
            assertNull(VAR.get());
            VAR.reset(first);
            assertEquals("default", VAR.get());
        });
    }

    @Test
    void tokensPutTheFormerValueBack() {
        inLoop(() -> {
            var first = VAR.set("one");
            assertNull(first.oldValue());
            assertFalse(first.hasOldValue());
            assertSame(VAR, first.variable());
            var second = VAR.set("two");
            assertEquals("one", second.oldValue());
            assertTrue(second.hasOldValue());
            VAR.reset(second);
            assertEquals("one", VAR.get());
            VAR.reset(first);
            assertEquals("default", VAR.get());
            assertFalse(copyContext().contains(VAR));
            try (var token = VAR.set("inside")) {
                assertEquals("inside", VAR.get());
            }
            assertEquals("default", VAR.get());
        });
    }

    @Test
    void aTokenCanBeUsedOnce() {
        inLoop(() -> {
            var token = VAR.set("one");
            VAR.reset(token);
            var refusal = assertThrows(IllegalStateException.class, () -> VAR.reset(token));
            assertTrue(refusal.getMessage().contains("has already been used once"));
        });
    }

    @Test
    void aTokenOfAnotherVariable() {
        inLoop(() -> {
            var token = BARE.set("one");
            var refusal = assertThrows(IllegalArgumentException.class, () -> VAR.reset(token));
            assertTrue(refusal.getMessage().contains("different ContextVar"));
            assertEquals("one", BARE.get());
        });
    }

    @Test
    void aTokenOfAnotherContext() {
        inLoop(() -> {
            var token = VAR.set("one");
            var inTask = createTask(async(() -> assertThrows(IllegalArgumentException.class, () -> VAR.reset(token))));
            assertTrue(await(inTask).getMessage().contains("different Context"));
            copyContext().run(() -> {
                assertThrows(IllegalArgumentException.class, () -> VAR.reset(token));
            });
            // The failed attempts have not used it up.
            VAR.reset(token);
            assertEquals("default", VAR.get());
        });
    }

    /** An await of a coroutine stays in the context, whatever else runs meanwhile. */
    @Test
    void aTokenOutlivesAwaits() {
        inLoop(() -> {
            var others = gather(IntStream.range(0, 5)
                    .mapToObj(i -> async(() -> {
                        VAR.set("other " + i);
                        iterations(3);
                    }))
                    .toList());
            var token = VAR.set("one");
            iterations(2);
            await(async(() -> {
                VAR.set("two");
                iterations(2);
            }));
            assertEquals("two", VAR.get());
            VAR.reset(token);
            assertEquals("default", VAR.get());
            await(others);
        });
    }

    @Test
    void manyVariables() {
        inLoop(() -> {
            var vars = IntStream.range(0, 100)
                    .mapToObj(i -> ContextVar.<Integer>create("v" + i))
                    .toList();
            for (int i = 99; i >= 0; i--) {
                vars.get(i).set(i);
            }
            for (int i = 0; i < 100; i++) {
                assertEquals(i, vars.get(i).get());
            }
            assertEquals(100, copyContext().asMap().size());
        });
    }

    // ---- where it is copied

    @Test
    void callbacksHaveCopiesOfTheMomentOfTheirRegistration() {
        inLoop(() -> {
            var loop = getRunningLoop();
            Future<Void> future = loop.createFuture();
            VAR.set("soon");
            loop.callSoon(() -> noteAndSet("by soon"));
            VAR.set("threadsafe");
            loop.callSoonThreadsafe(() -> noteAndSet("by threadsafe"));
            VAR.set("done");
            future.addDoneCallback(f -> noteAndSet("by done"));
            VAR.set("later");
            loop.callLater(ZERO, () -> noteAndSet("by later"));
            VAR.set("at");
            loop.callAt(loop.time(), () -> noteAndSet("by at"));
            VAR.set("main");
            future.setResult(null);
            await(sleep(ofMillis(5)));
            assertEquals("main", VAR.get());
            log.sort(null);
            assertEquals(List.of("at", "done", "later", "soon", "threadsafe"), log);
        });
    }

    @Test
    void callbacksUseTheContextTheyAreGiven() {
        inLoop(() -> {
            var loop = getRunningLoop();
            var context = Context.create();
            context.run(() -> VAR.set("0"));
            Future<Void> future = loop.createFuture();
            Runnable count = () -> VAR.set(VAR.get() + "+");
            loop.callSoon(count::run, context);
            loop.callSoonThreadsafe(count::run, context);
            loop.callLater(ZERO, count::run, context);
            loop.callAt(loop.time(), count::run, context);
            future.addDoneCallback(f -> count.run(), context);
            future.setResult(null);
            assertSame(context, loop.callSoon(() -> {}, context).getContext());
            await(sleep(ofMillis(5)));
            assertEquals("0+++++", context.get(VAR));
            assertEquals("default", VAR.get());
        });
    }

    @Test
    void tasksOfEveryOriginHaveCopies() {
        inLoop(() -> {
            VAR.set("main");
            Coroutine<?>[] coroutines = new Coroutine<?>[3];
            Arrays.setAll(
                    coroutines,
                    i -> async(() -> {
                        noteAndSet("child");
                        await(sleep(ZERO));
                        assertEquals("child", VAR.get());
                    }));
            await(createTask(coroutines[0]));
            await(gather(coroutines[1]));
            with(taskGroup(), group -> {
                group.createTask(coroutines[2]);
            });
            assertEquals("main", VAR.get());
            assertEquals(List.of("main", "main", "main"), log);
        });
    }

    @Test
    void aTaskGivesItsContext() {
        inLoop(() -> {
            VAR.set("main");
            var task = createTask(async(() -> {
                VAR.set("child");
                assertSame(currentTask().getContext(), currentTask().getContext());
                iterations(2);
                return VAR.get();
            }));
            assertEquals("main", task.getContext().get(VAR));
            await(sleep(ZERO));
            assertEquals("child", task.getContext().get(VAR));
            task.getContext().run(() -> VAR.set("from outside"));
            assertEquals("from outside", await(task));
            assertEquals("main", currentTask().getContext().get(VAR));
        });
    }

    @Test
    void threadsOfToThreadHaveACopy() {
        inLoop(() -> {
            VAR.set("main");
            assertEquals("main", await(toThread(() -> {
                var seen = VAR.get();
                VAR.set("thread");
                return seen;
            })));
            assertEquals("main", VAR.get());
            // The copy is made when it is awaited, as with the body of any coroutine.
            var later = toThread(() -> VAR.get());
            VAR.set("changed");
            assertEquals("changed", await(later));
        });
    }

    @Test
    void threadsOfRunInExecutorHaveNone() {
        inLoop(() -> {
            VAR.set("main");
            assertEquals("default", await(getRunningLoop().runInExecutor(null, () -> VAR.get())));
        });
    }

    @Test
    void runCoroutineThreadsafeUsesAContextOfTheCaller() throws Exception {
        inLoop(() -> {
            VAR.set("main");
            var loop = getRunningLoop();
            assertEquals("thread", await(toThread(() -> {
                VAR.set("thread");
                return runCoroutineThreadsafe(async(() -> VAR.get()), loop).get();
            })));
        });
    }

    @Test
    void theMainTaskHasACopyOfTheCallersContext() throws Exception {
        var thread = new FutureTask<>(() -> {
            VAR.set("caller");
            var seen = run(() -> {
                var inside = VAR.get();
                VAR.set("main");
                return inside;
            });
            return List.of(seen, VAR.get());
        });
        new Thread(thread).start();
        assertEquals(List.of("caller", "caller"), thread.get());
        assertEquals("default", VAR.get());
    }

    @Test
    void aThreadWithoutALoopHasOneOfItsOwn() throws Exception {
        var thread = new FutureTask<>(() -> {
            var token = VAR.set("thread");
            assertEquals("thread", copyContext().get(VAR));
            VAR.reset(token);
            return VAR.get();
        });
        new Thread(thread).start();
        assertEquals("default", thread.get());
    }

    /** Between two iterations, when the loop's thread serves Vert.x, no task's context is there. */
    @Test
    void aCallbackOfTheHostHasNothingOfTheLoops() {
        inLoop(() -> {
            VAR.set("main");
            Future<String> seen = getRunningLoop().createFuture();
            var loop = getRunningLoop();
            ((EventLoopImpl) loop).getHost().post(() -> {
                var value = VAR.get();
                try (var token = VAR.set("host")) {
                    loop.callSoon(() -> seen.setResult(value + ", " + VAR.get()));
                }
            });
            assertEquals("default, host", await(seen));
            assertEquals("main", VAR.get());
        });
    }

    // ---- where it is shared

    @Test
    void blocksAndAwaitsShareIt() {
        inLoop(() -> {
            await(async(() -> VAR.set("awaited")));
            assertEquals("awaited", VAR.get());
            with(timeout(ofSeconds(10)), () -> {
                VAR.set("in a block");
                await(sleep(ZERO));
            });
            assertEquals("in a block", VAR.get());
        });
    }

    @Test
    void generatorsRunInTheContextOfWhoeverIterates() {
        inLoop(() -> {
            AsyncGenerator<String> generator = asyncGenerator(out -> {
                while (true) {
                    await(sleep(ZERO));
                    out.yield(VAR.get());
                }
            });
            VAR.set("main");
            assertEquals("main", await(generator.anext()));
            assertEquals("child", await(createTask(async(() -> {
                VAR.set("child");
                return await(generator.anext());
            }))));
            assertEquals("main", await(generator.anext()));
            await(generator.aclose());
        });
    }

    @Test
    void aCoroutineDrivenByHandSharesTheDriversContext() {
        var coroutine = async(() -> {
            while (true) {
                noteAndSet("coroutine");
                Coroutine.yield(null);
            }
        });
        inLoop(() -> {
            var own = async(() -> {
                noteAndSet("own");
                Coroutine.yield(null);
                note();
            });
            VAR.set("main");
            own.send(null);
            assertEquals("own", VAR.get());
            VAR.set("changed");
            assertThrows(asyncio.StopIteration.class, () -> own.send(null));
            assertEquals(List.of("main", "changed"), log);
        });
        log.clear();
        copyContext().run(() -> {
            VAR.set("thread");
            coroutine.send(null);
            assertEquals("coroutine", VAR.get());
            VAR.set("thread again");
            coroutine.send(null);
        });
        assertEquals(List.of("thread", "thread again"), log);
        assertEquals("default", VAR.get());
        coroutine.close();
    }

    // ---- Context

    @Test
    void aContextRunsCode() throws Exception {
        var context = Context.create();
        assertEquals("inside", context.<String>run(() -> {
            VAR.set("inside");
            return VAR.get();
        }));
        assertEquals("default", VAR.get());
        assertEquals("inside", context.get(VAR));
        assertEquals(Map.of(VAR, "inside"), context.asMap());
        var copy = context.copy();
        copy.run(() -> VAR.set("copy"));
        assertEquals("inside", context.get(VAR));
        assertThrows(NoSuchElementException.class, () -> context.get(BARE));
        assertNull(context.get(BARE, null));
        assertThrows(UnsupportedOperationException.class, () -> context.asMap().clear());
        assertThrows(
                java.io.IOException.class,
                () -> context.run(() -> {
                    VAR.set("before the error");
                    if (true) {
                        throw new java.io.IOException();
                    }
                }));
        assertEquals("before the error", context.get(VAR));
        assertEquals("default", VAR.get());
    }

    @Test
    void aContextCannotBeEnteredTwice() {
        var context = Context.create();
        context.run(() -> {
            var refusal = assertThrows(IllegalStateException.class, () -> context.run(() -> {}));
            assertTrue(refusal.getMessage().contains("already entered")
                    && refusal.getMessage().contains("copy()"));
        });
        context.run(() -> {});
    }

    @Test
    void codeInAContextMayAwait() {
        inLoop(() -> {
            VAR.set("main");
            var context = copyContext();
            var other = createTask(async(() -> {
                VAR.set("other");
                iterations(5);
                return VAR.get();
            }));
            context.run(() -> {
                VAR.set("inside");
                iterations(3);
                assertEquals("inside", VAR.get());
                assertEquals("inside", await(createTask(async(() -> VAR.get()))));
            });
            assertEquals("main", VAR.get());
            assertEquals("inside", context.get(VAR));
            assertEquals("other", await(other));
        });
    }

    @Test
    void aContextThatTwoTasksShare() {
        inLoop(() -> {
            var context = copyContext();
            var first = createTask(
                    async(() -> {
                        VAR.set("first");
                        iterations(2);
                        return VAR.get();
                    }),
                    TaskOptions.inContext(context));
            var second = createTask(
                    async(() -> {
                        var seen = VAR.get();
                        VAR.set("second");
                        return seen;
                    }),
                    TaskOptions.inContext(context));
            assertEquals("first", await(second));
            assertEquals("second", await(first));
            assertSame(context, first.getContext());
            assertEquals("default", VAR.get());
        });
    }

    /** A token's context is the object that was current, also where nobody had asked for it. */
    @Test
    void copiesAreNotTheContext() {
        inLoop(() -> {
            assertNotSame(copyContext(), copyContext());
            Token<String> token = VAR.set("one");
            var copy = copyContext();
            VAR.set("two");
            assertEquals("one", copy.get(VAR));
            VAR.reset(token);
            assertEquals("one", copy.get(VAR));
        });
    }

    @Test
    void aCreatorsContextAskedForByItsEagerChild() {
        inLoop(() -> {
            var creator = currentTask();
            VAR.set("creator");
            var context = new AtomicReference<Context>();
            Task<?> child = createTask(async(() -> context.set(creator.getContext())), TaskOptions.eager());
            assertTrue(child.done());
            VAR.set("changed");
            assertEquals("changed", context.get().get(VAR));
        });
    }

    @Test
    void runUntilCompleteCopiesTheContextOfItsCaller() {
        try (var loop = asyncio.Asyncio.newEventLoop();
                var token = VAR.set("caller's")) {
            Coroutine<String> main = async(() -> {
                var seen = VAR.get();
                VAR.set("main's");
                return seen;
            });

            assertEquals("caller's", loop.runUntilComplete(main));
            assertEquals("caller's", VAR.get());
            assertNull(token.oldValue());
        }
    }
}
