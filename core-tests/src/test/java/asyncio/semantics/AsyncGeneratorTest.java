package asyncio.semantics;

import static asyncio.Asyncio.aclosing;
import static asyncio.Asyncio.anext;
import static asyncio.Asyncio.async;
import static asyncio.Asyncio.asyncGenerator;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.currentTask;
import static asyncio.Asyncio.each;
import static asyncio.Asyncio.gather;
import static asyncio.Asyncio.getRunningLoop;
import static asyncio.Asyncio.newEventLoop;
import static asyncio.Asyncio.run;
import static asyncio.Asyncio.sleep;
import static asyncio.Asyncio.waitFor;
import static asyncio.Asyncio.with;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import asyncio.Action;
import asyncio.AsyncGenerator;
import asyncio.AsyncGenerator.Yielder;
import asyncio.CancelledError;
import asyncio.ContextVar;
import asyncio.Coroutine;
import asyncio.GeneratorExit;
import asyncio.StopAsyncIteration;
import asyncio.internal.fiber.FiberKind;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Async generators whose body is Java code. */
class AsyncGeneratorTest extends OnLoop {
    private static final ContextVar<String> VAR = ContextVar.create("var", "default");

    /** Gives the numbers below {@code n}, and notes its end. */
    private AsyncGenerator<Integer> numbers(int n) {
        return asyncGenerator(out -> {
            try {
                for (int i = 0; i < n; i++) {
                    out.yield(i);
                }
            } catch (GeneratorExit e) {
                log.add("closed");
                throw e;
            } finally {
                log.add("finally");
            }
        });
    }

    private static AsyncGenerator<Integer> endless() {
        return asyncGenerator(out -> {
            for (int i = 0; ; i++) {
                out.yield(i);
            }
        });
    }

    private static <T> List<T> all(AsyncGenerator<T> generator) {
        var items = new ArrayList<T>();
        each(generator).forEach(items::add);
        return items;
    }

    private static void refused(Action call, String... advice) {
        var refusal = assertThrows(IllegalStateException.class, call::run);
        for (var words : advice) {
            assertTrue(
                    String.valueOf(refusal.getMessage()).contains(words),
                    () -> "should say '" + words + "': " + refusal.getMessage());
        }
    }

    private static void atItsEnd(AsyncGenerator<?> generator) {
        assertThrows(StopAsyncIteration.class, () -> await(generator.anext()));
        assertThrows(StopAsyncIteration.class, () -> await(generator.asend("lost")));
        assertNull(await(generator.athrow(new IllegalArgumentException("lost"))));
        await(generator.aclose());
    }

    // ---- every state

    @Test
    void created() {
        inLoop(() -> {
            refused(() -> await(numbers(1).asend(1)), "can't send a value to a just-started async generator");
            var closed = numbers(1);
            await(closed.aclose());
            atItsEnd(closed);
            var thrown = numbers(1);
            assertThrows(IllegalArgumentException.class, () -> await(thrown.athrow(new IllegalArgumentException())));
            atItsEnd(thrown);
            assertEquals(List.of(), log);
        });
    }

    @Test
    void suspended() {
        inLoop(() -> {
            var closed = numbers(10);
            assertEquals(0, await(closed.anext()));
            assertEquals(1, await(closed.asend("not looked at")));
            await(closed.aclose());
            assertEquals(List.of("closed", "finally"), log);
            atItsEnd(closed);
            log.clear();
            var thrown = numbers(10);
            assertEquals(0, await(thrown.anext()));
            var error = new IllegalArgumentException();
            assertSame(error, assertThrows(IllegalArgumentException.class, () -> await(thrown.athrow(error))));
            assertEquals(List.of("finally"), log);
            atItsEnd(thrown);
        });
    }

    @Test
    void ended() {
        inLoop(() -> {
            var generator = numbers(2);
            assertEquals(List.of(0, 1), all(generator));
            atItsEnd(generator);
            assertEquals(List.of(), all(generator));
        });
    }

    @Test
    void running() {
        inLoop(() -> {
            var gate = asyncio.Event.create();
            AsyncGenerator<Integer> generator = asyncGenerator(out -> {
                await(gate.waitSet());
                out.yield(1);
            });
            var first = createTask(generator.anext());
            await(sleep(ZERO));
            refused(() -> await(generator.anext()), "anext(): asynchronous generator is already running");
            refused(() -> await(generator.asend(null)), "already running");
            refused(
                    () -> await(generator.athrow(new IllegalArgumentException())),
                    "athrow(): asynchronous generator is already running");
            refused(() -> await(generator.aclose()), "aclose(): asynchronous generator is already running");
            gate.set();
            assertEquals(1, await(first));
            atItsEndAfterOneMore(generator);
        });
    }

    private static void atItsEndAfterOneMore(AsyncGenerator<?> generator) {
        assertThrows(StopAsyncIteration.class, () -> await(generator.anext()));
        atItsEnd(generator);
    }

    @Test
    void itCannotAskItself() {
        inLoop(() -> {
            var self = new AtomicReference<AsyncGenerator<String>>();
            self.set(asyncGenerator(out -> {
                refused(() -> await(self.get().anext()), "already running");
                out.yield("went on");
            }));
            assertEquals(List.of("went on"), all(self.get()));
        });
    }

    @Test
    void callsAreCoroutinesThatRunOnce() {
        inLoop(() -> {
            var generator = numbers(3);
            var call = generator.anext();
            assertEquals(0, await(call));
            refused(() -> await(call), "cannot reuse already awaited coroutine");
            generator.anext().close();
            assertEquals(1, await(generator.anext()));
            // A call does nothing before it is awaited.
            var late = generator.aclose();
            assertEquals(2, await(generator.anext()));
            await(late);
        });
    }

    @Test
    void anextWithADefault() {
        inLoop(() -> {
            var generator = numbers(1);
            assertEquals(0, await(anext(generator, 99)));
            assertEquals(99, await(anext(generator, 99)));
        });
    }

    @Test
    void nullIsAnItemLikeAnyOther() {
        inLoop(() -> {
            AsyncGenerator<String> generator = asyncGenerator(out -> {
                out.yield(null);
                out.yield("a");
            });
            assertEquals(java.util.Arrays.asList(null, "a"), all(generator));
        });
    }

    // ---- the end, and errors

    @Test
    void whatTheBodyRaisesComesOutOnce() {
        inLoop(() -> {
            var error = new java.io.IOException("no");
            AsyncGenerator<Integer> generator = asyncGenerator(out -> {
                out.yield(1);
                throw error;
            });
            assertEquals(1, await(generator.anext()));
            assertSame(error, assertThrows(java.io.IOException.class, () -> await(generator.anext())));
            atItsEnd(generator);
        });
    }

    /** As a generator's StopIteration does in Python since PEP 479. */
    @Test
    void aStopAsyncIterationOfTheBodyIsNoEnd() {
        inLoop(() -> {
            AsyncGenerator<Integer> generator = asyncGenerator(out -> {
                await(numbers(0).anext());
            });
            var error = assertThrows(IllegalStateException.class, () -> await(generator.anext()));
            assertTrue(error.getMessage().contains("async generator raised StopAsyncIteration"));
            assertTrue(error.getCause() instanceof StopAsyncIteration);
            atItsEnd(generator);
        });
    }

    @Test
    void oneThatYieldsWhileItIsClosedIsRefused() {
        inLoop(() -> {
            AsyncGenerator<Integer> generator = asyncGenerator(out -> {
                try {
                    out.yield(1);
                } catch (GeneratorExit e) {
                    out.yield(2);
                    out.yield(3);
                }
            });
            assertEquals(1, await(generator.anext()));
            refused(() -> await(generator.aclose()), "async generator ignored GeneratorExit");
            assertEquals(3, await(generator.anext()));
            atItsEndAfterOneMore(generator);
        });
    }

    /** CPython has its {@code finally} blocks run when it is collected. */
    @Test
    void oneThatIgnoredACloseIsClosedWithItsLoop() {
        inLoop(() -> {
            AsyncGenerator<Integer> generator = asyncGenerator(out -> {
                try {
                    out.yield(1);
                } catch (GeneratorExit e) {
                    try {
                        out.yield(2);
                    } finally {
                        log.add("finally");
                    }
                }
            });
            assertEquals(1, await(generator.anext()));
            refused(() -> await(generator.aclose()), "async generator ignored GeneratorExit");
            assertThrows(StopAsyncIteration.class, () -> await(generator.aclose()));
            assertThrows(StopAsyncIteration.class, () -> await(generator.athrow(new IllegalArgumentException())));
            assertEquals(List.of(), log);
        });
        assertEquals(List.of("finally"), log);
    }

    @Test
    void oneThatSwallowsTheGeneratorExitIsClosedAllTheSame() {
        inLoop(() -> {
            AsyncGenerator<Integer> generator = asyncGenerator(out -> {
                try {
                    out.yield(1);
                } catch (GeneratorExit e) {
                    await(sleep(ZERO));
                }
            });
            await(generator.anext());
            await(generator.aclose());
            atItsEnd(generator);
        });
    }

    @Test
    void anErrorWhileItIsClosedComesOutOfTheClose() {
        inLoop(() -> {
            AsyncGenerator<Integer> generator = asyncGenerator(out -> {
                try {
                    out.yield(1);
                } finally {
                    throw new IllegalArgumentException("instead");
                }
            });
            await(generator.anext());
            assertThrows(IllegalArgumentException.class, () -> await(generator.aclose()));
            atItsEnd(generator);
        });
    }

    @Test
    void aclosingClosesWhateverHappens() {
        inLoop(() -> {
            var generator = numbers(10);
            with(aclosing(generator), items -> {
                for (int i : each(items)) {
                    if (i == 3) {
                        break;
                    }
                }
            });
            assertEquals(List.of("closed", "finally"), log);
            log.clear();
            var other = numbers(10);
            assertThrows(
                    IllegalArgumentException.class,
                    () -> with(aclosing(other), items -> {
                        if (await(items.anext()) == 0) {
                            throw new IllegalArgumentException();
                        }
                    }));
            assertEquals(List.of("closed", "finally"), log);
        });
    }

    // ---- tasks, cancellation, contexts

    @Test
    void itRunsInTheTaskAndTheContextOfWhoeverAsks() {
        inLoop(() -> {
            AsyncGenerator<String> generator = asyncGenerator(out -> {
                while (true) {
                    var before = VAR.get();
                    VAR.set("set by the generator");
                    await(sleep(ZERO));
                    out.yield(currentTask().getName() + " " + before);
                }
            });
            currentTask().setName("main");
            VAR.set("of main");
            assertEquals("main of main", await(generator.anext()));
            assertEquals("set by the generator", VAR.get());
            VAR.set("changed");
            assertEquals("other changed", await(createTask(generator.anext(), "other")));
            assertEquals("changed", VAR.get());
            assertEquals("main changed", await(generator.anext()));
        });
    }

    @Test
    void twoTasksTakeTurnsWhereNobodyWaits() {
        inLoop(() -> {
            var generator = endless();
            var taken = new ArrayList<Integer>();
            Action take = () -> {
                for (int i = 0; i < 50; i++) {
                    taken.add(await(generator.anext()));
                    await(sleep(ZERO));
                }
            };
            await(gather(async(take), async(take)));
            assertEquals(IntStream.range(0, 100).boxed().toList(), taken);
        });
    }

    @Test
    void aCancellationIsRaisedAtTheAwaitInside() {
        inLoop(() -> {
            AsyncGenerator<Integer> generator = asyncGenerator(out -> {
                for (int i = 0; ; i++) {
                    try {
                        await(sleep(ofSeconds(100)));
                    } catch (CancelledError e) {
                        log.add("cancelled " + e.getMessage());
                        if (i == 1) {
                            throw e;
                        }
                    }
                    out.yield(i);
                }
            });
            // The first one is swallowed: the item arrives.
            var first = createTask(generator.anext());
            await(sleep(ZERO));
            first.cancel("one");
            assertEquals(0, await(first));
            var second = createTask(generator.anext());
            await(sleep(ZERO));
            second.cancel("two");
            assertEquals("two", cancelledBy(second).getMessage());
            assertTrue(second.cancelled());
            assertEquals(List.of("cancelled one", "cancelled two"), log);
            atItsEnd(generator);
        });
    }

    @Test
    void aTimeoutAroundAnItem() {
        inLoop(() -> {
            AsyncGenerator<Integer> generator = asyncGenerator(out -> {
                out.yield(1);
                try {
                    await(sleep(ofSeconds(100)));
                } finally {
                    await(sleep(ZERO));
                    log.add("cleaned up");
                }
            });
            assertEquals(1, await(waitFor(generator.anext(), ofSeconds(10))));
            assertThrows(asyncio.TimeoutException.class, () -> await(waitFor(generator.anext(), ofMillis(1))));
            assertEquals(List.of("cleaned up"), log);
            atItsEnd(generator);
        });
    }

    @Test
    void anItemDoesNotCostAnIteration() {
        inLoop(() -> {
            var ticker = Ticker.start();
            var generator = endless();
            assertEquals(0, ticker.during(generator.anext()));
            assertEquals(0, ticker.during(generator.anext()));
            assertEquals(0, ticker.during(generator.aclose()));
            AsyncGenerator<Integer> waiting = asyncGenerator(out -> {
                await(sleep(ZERO));
                out.yield(1);
            });
            assertEquals(1, ticker.during(waiting.anext()));
            ticker.stop();
        });
    }

    // ---- nesting

    @Test
    void oneDelegatesToAnother() {
        inLoop(() -> assertEquals(IntStream.range(0, 50).boxed().toList(), all(nested(50))));
    }

    private AsyncGenerator<Integer> nested(int depth) {
        return asyncGenerator(out -> {
            if (depth > 1) {
                for (int i : each(nested(depth - 1))) {
                    out.yield(i);
                }
            }
            if (depth % 2 == 0) {
                await(sleep(ZERO));
            }
            out.yield(depth - 1);
        });
    }

    @Test
    void yieldBelongsIntoTheBody() {
        inLoop(() -> {
            AsyncGenerator<Integer> generator = asyncGenerator(out -> {
                await(createTask(async(() -> {
                    refused(() -> out.yield(1), "yield belongs into the generator's own body");
                })));
                var callback = getRunningLoop().createFuture();
                getRunningLoop().callSoon(() -> {
                    refused(() -> out.yield(1), "yield outside a coroutine", "callback");
                    callback.setResult(null);
                });
                await(callback);
                // A coroutine that the body awaits is a part of it.
                await(async(() -> {
                    out.yield(7);
                }));
            });
            assertEquals(List.of(7), all(generator));
        });
    }

    @Test
    void theYielderIsOfNoUseAfterwards() {
        inLoop(() -> {
            var leaked = new AtomicReference<Yielder<Integer>>();
            AsyncGenerator<Integer> generator = asyncGenerator(leaked::set);
            assertEquals(List.of(), all(generator));
            refused(() -> leaked.get().yield(1), "yield belongs into the generator's own body");
        });
        var leaked = new AtomicReference<Yielder<Integer>>();
        AsyncGenerator<Integer> generator = asyncGenerator(leaked::set);
        run(() -> all(generator));
        refused(() -> leaked.get().yield(1), "yield outside a coroutine");
    }

    @Test
    void itMayDriveCoroutinesByHandAndBeDriven() {
        inLoop(() -> {
            AsyncGenerator<Object> generator = asyncGenerator(out -> {
                Coroutine<Void> coroutine = async(() -> {
                    Coroutine.yield("from inside");
                });
                out.yield(coroutine.send(null));
                coroutine.close();
                out.yield(Coroutine.yield("to the driver"));
            });
            assertEquals("from inside", await(generator.anext()));
            var call = generator.anext();
            assertEquals("to the driver", call.send(null));
            assertEquals(
                    "sent",
                    assertThrows(asyncio.StopIteration.class, () -> call.send("sent"))
                            .value());
        });
    }

    @Test
    void outsideOfALoopItCanBeDrivenByHand() {
        var generator = numbers(2);
        for (int i = 0; i < 2; i++) {
            var call = generator.anext();
            assertEquals(
                    i,
                    assertThrows(asyncio.StopIteration.class, () -> call.send(null))
                            .value());
        }
        assertThrows(StopAsyncIteration.class, () -> generator.anext().send(null));
    }

    // ---- many

    @Test
    void aHundredThousandItems() {
        int n = FiberKind.getChosen() == FiberKind.LOOP ? 100_000 : 10_000;
        inLoop(() -> {
            long sum = 0;
            for (int i : each(numbers(n))) {
                sum += i;
            }
            assertEquals((long) n * (n - 1) / 2, sum);
        });
    }

    @Test
    void manyGenerators() {
        inLoop(() -> {
            var generators = IntStream.range(0, 500).mapToObj(i -> numbers(2)).toList();
            for (int round = 0; round < 2; round++) {
                for (var generator : generators) {
                    assertEquals(round, await(generator.anext()));
                }
            }
        });
        assertEquals(500, log.stream().filter("closed"::equals).count());
    }

    // ---- abandoned, and at the end of the loop

    @Test
    void oneThatBecameGarbageIsClosedByATaskOfItsOwn() {
        inLoop(() -> {
            var main = currentTask();
            var closers = new ArrayList<Object>();
            abandon(closers);
            for (int i = 0; i < 200 && closers.size() < 2; i++) {
                System.gc();
                await(sleep(ofMillis(10)));
            }
            assertEquals(2, closers.size());
            assertFalse(closers.contains(main));
        });
    }

    private static void abandon(List<Object> closers) {
        for (int i = 0; i < 2; i++) {
            AsyncGenerator<Integer> generator = asyncGenerator(out -> {
                try {
                    out.yield(1);
                } finally {
                    await(sleep(ZERO));
                    closers.add(currentTask());
                }
            });
            for (int item : each(generator)) {
                break;
            }
        }
    }

    @Test
    void whatIsLeftIsClosedAtTheEndOfTheRun() {
        inLoop(() -> {
            var left = numbers(5);
            await(left.anext());
            AsyncGenerator<Integer> waiting = asyncGenerator(out -> {
                try {
                    out.yield(1);
                } finally {
                    await(sleep(ofMillis(1)));
                    log.add("waited");
                }
            });
            await(waiting.anext());
            log.add("main ends");
        });
        assertEquals(List.of("main ends", "closed", "finally", "waited"), log);
    }

    @Test
    void anErrorAtTheEndOfTheRunIsReported() {
        var error = new IllegalArgumentException("in finally");
        inLoopWithReports(() -> {
            AsyncGenerator<Integer> left = asyncGenerator(out -> {
                try {
                    out.yield(1);
                } finally {
                    throw error;
                }
            });
            await(left.anext());
            var other = numbers(5);
            await(other.anext());
        });
        assertEquals(List.of("closed", "finally"), log);
        assertEquals(1, reports.size());
        assertTrue(reports.get(0).message().contains("an error occurred during closing of asynchronous generator"));
        assertSame(error, reports.get(0).exception());
    }

    @Test
    void aLoopThatIsClosedByHandRunsTheirFinallyBlocks() {
        var loop = newEventLoop();
        loop.runUntilComplete(async(() -> await(numbers(5).anext())));
        loop.close();
        assertEquals(List.of("closed", "finally"), log);
    }

    @Test
    void shutdownAsyncgensClosesThemNow() {
        inLoop(() -> {
            var generator = numbers(5);
            await(generator.anext());
            await(getRunningLoop().shutdownAsyncgens());
            assertEquals(List.of("closed", "finally"), log);
            atItsEnd(generator);
            await(getRunningLoop().shutdownAsyncgens());
        });
    }

    @Test
    void anotherLoopCannotGoOnWithIt() {
        var generator = endless();
        try (var loop = newEventLoop()) {
            loop.runUntilComplete(generator.anext());
            run(() -> {
                refused(() -> await(generator.anext()), "begun in another event loop");
            });
            assertEquals(1, loop.<Integer>runUntilComplete(generator.anext()));
        }
    }

    @Test
    void whatOneRaisesWhileItsLoopClosesIsReportedAndDoesNotKeepTheOthersFromClosing() {
        var loop = newEventLoop();
        loop.setExceptionHandler((itself, context) -> reports.add(context));
        var failure = new AssertionError("in a finally block");
        AsyncGenerator<Integer> failing = asyncGenerator(out -> {
            try {
                out.yield(1);
            } finally {
                refuse(failure);
            }
        });
        AsyncGenerator<Integer> other = asyncGenerator(out -> {
            try {
                out.yield(2);
            } finally {
                log.add("closed");
            }
        });
        loop.runUntilComplete(failing.anext());
        loop.runUntilComplete(other.anext());

        loop.close();

        assertEquals(List.of("closed"), log);
        assertEquals(1, reports.size());
        assertSame(failure, reports.get(0).exception());
    }

    private static void refuse(Error error) {
        throw error;
    }

    // ---- pinned

    /** A class initializer cannot wait, and the generator does not suffer from that. */
    @Test
    void askedWhereNobodyCanWait() {
        inLoop(() -> {
            if (FiberKind.getChosen() == FiberKind.LOOP) {
                assertTrue(Pinned.refusal.getMessage().contains("await cannot suspend here"));
            }
            assertEquals(Pinned.taken, await(Pinned.GENERATOR.anext()));
            await(Pinned.GENERATOR.aclose());
        });
    }

    private static final class Pinned {
        static final AsyncGenerator<Integer> GENERATOR = endless();
        static final IllegalStateException refusal;
        static final int taken;

        static {
            IllegalStateException refused = new IllegalStateException((String) null);
            int items = 0;
            try {
                items = 1 + await(GENERATOR.anext());
            } catch (IllegalStateException pinned) {
                refused = pinned;
            }
            refusal = refused;
            taken = items;
        }
    }
}
