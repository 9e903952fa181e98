package asyncio.semantics;

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
import static asyncio.Asyncio.toThread;
import static asyncio.Asyncio.with;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofMillis;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import asyncio.Action;
import asyncio.AsyncGenerator;
import asyncio.Coroutine;
import asyncio.Event;
import asyncio.Future;
import asyncio.GeneratorExit;
import asyncio.Lock;
import asyncio.StopAsyncIteration;
import asyncio.StopIteration;
import asyncio.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Coroutines driven with send, raise and close. */
class ManualDriverTest extends OnLoop {

    /** Yields what it is sent, plus one, until it is sent null; then returns "end". */
    private Coroutine<String> adder() {
        return async(() -> {
            Integer next = Coroutine.yield("ready");
            while (next != null) {
                next = Coroutine.yield(next + 1);
            }
            return "end";
        });
    }

    /** Suspended at a yield; notes how it goes on. */
    private Coroutine<Void> noting() {
        return async(() -> {
            try {
                log.add("sent " + Coroutine.yield(null));
            } catch (GeneratorExit e) {
                log.add("closed");
                throw e;
            } finally {
                log.add("finally");
            }
        });
    }

    private static Object endOf(Action lastStep) {
        return assertThrows(StopIteration.class, lastStep::run).value();
    }

    private static void refused(Action call, String... advice) {
        var refusal = assertThrows(IllegalStateException.class, call::run);
        for (var words : advice) {
            assertTrue(
                    String.valueOf(refusal.getMessage()).contains(words),
                    () -> "should say '" + words + "': " + refusal.getMessage());
        }
    }

    // ---- every state

    @Test
    void valuesGoBothWays() {
        var adder = adder();
        assertEquals("ready", adder.send(null));
        assertEquals(2, adder.send(1));
        assertEquals(42, adder.send(41));
        assertEquals("end", endOf(() -> adder.send(null)));
    }

    @Test
    void theFirstSendTakesNoValue() {
        var adder = adder();
        refused(() -> adder.send(1), "can't send a value to a just-started coroutine");
        assertEquals("ready", adder.send(null));
    }

    @Test
    void afterAFirstSendWithAValueItCanStillBeAwaited() {
        Coroutine<String> coroutine = async(() -> "value");
        refused(() -> coroutine.send(1), "can't send a value to a just-started coroutine");
        inLoop(() -> assertEquals("value", await(coroutine)));
    }

    @Test
    void raiseBeforeTheStartEndsItWithoutRunning() {
        var coroutine = noting();
        var error = new IllegalArgumentException();
        assertSame(error, assertThrows(IllegalArgumentException.class, () -> coroutine.raise(error)));
        refused(() -> coroutine.send(null), "cannot reuse already awaited coroutine");
        assertEquals(List.of(), log);
    }

    @Test
    void closeBeforeTheStartEndsItWithoutRunning() {
        var coroutine = noting();
        coroutine.close();
        coroutine.close();
        refused(() -> coroutine.send(null), "closed");
        assertEquals(List.of(), log);
    }

    @Test
    void closeRaisesGeneratorExitWhereItIsSuspended() {
        var coroutine = noting();
        coroutine.send(null);
        coroutine.close();
        assertEquals(List.of("closed", "finally"), log);
        coroutine.close();
        refused(() -> coroutine.send(null), "cannot reuse already awaited coroutine");
    }

    @Test
    void closeOfOneThatReturnsInsteadIsFine() {
        var coroutine = async(() -> {
            try {
                Coroutine.yield(null);
            } catch (GeneratorExit e) {
                return;
            }
        });
        coroutine.send(null);
        coroutine.close();
    }

    @Test
    void closeOfOneThatRaisesSomethingElsePassesItOn() {
        var coroutine = async(() -> {
            try {
                Coroutine.yield(null);
            } finally {
                throw new IllegalArgumentException("instead");
            }
        });
        coroutine.send(null);
        assertThrows(IllegalArgumentException.class, coroutine::close);
    }

    @Test
    void closeOfOneThatYieldsInsteadIsRefused() {
        var coroutine = async(() -> {
            while (true) {
                try {
                    Coroutine.yield(null);
                } catch (GeneratorExit e) {
                    log.add("ignored");
                    if (log.size() == 2) {
                        throw e;
                    }
                }
            }
        });
        coroutine.send(null);
        refused(coroutine::close, "ignored GeneratorExit");
        coroutine.close();
        assertEquals(List.of("ignored", "ignored"), log);
    }

    @Test
    void whatTheBodyRaisesComesOutOfTheSend() {
        var error = new java.io.IOException("no");
        var coroutine = async(() -> {
            Coroutine.yield(1);
            throw error;
        });
        assertEquals(1, coroutine.send(null));
        assertSame(error, assertThrows(java.io.IOException.class, () -> coroutine.send(null)));
        refused(() -> coroutine.send(null), "cannot reuse already awaited coroutine");
    }

    @Test
    void whatIsDrivenByHandCannotBeAwaited() {
        var coroutine = adder();
        coroutine.send(null);
        refused(() -> run(coroutine), "cannot reuse already awaited coroutine");
        coroutine.close();
    }

    @Test
    void whatATaskDrivesCannotBeDrivenByHand() {
        inLoop(() -> {
            var coroutine = later(3, 1);
            var task = createTask(coroutine);
            await(sleep(ZERO));
            refused(() -> coroutine.send(null), "cannot reuse already awaited coroutine");
            refused(coroutine::close, "cancel the task instead");
            assertEquals(1, await(task));
        });
    }

    @Test
    void itCannotDriveItself() {
        var self = new AtomicReference<Coroutine<Void>>();
        self.set(async(() -> {
            refused(() -> self.get().send(null), "coroutine already executing");
            refused(() -> self.get().close(), "coroutine already executing");
            log.add("went on");
        }));
        assertNull(endOf(() -> self.get().send(null)));
        assertEquals(List.of("went on"), log);
    }

    @Test
    void aPlainYieldOutsideOfAnyCoroutineIsRefused() {
        refused(() -> Coroutine.yield(1), "Coroutine.yield outside a coroutine");
        inLoop(() -> {
            getRunningLoop().callSoon(() -> {
                refused(() -> Coroutine.yield(1), "Coroutine.yield outside a coroutine", "callback");
                log.add("refused");
            });
            iterations(2);
            assertEquals(List.of("refused"), log);
        });
    }

    // ---- awaiting inside

    @Test
    void outsideOfALoopWhatNeedsOneIsRefusedInsideOfTheCoroutine() {
        for (Action needsLoop : List.<Action>of(
                () -> await(sleep(ofMillis(1))),
                () -> await(gather(instant(1))),
                () -> createTask(instant(1)),
                () -> getRunningLoop())) {
            var coroutine = async(() -> {
                var refusal = assertThrows(IllegalStateException.class, needsLoop::run);
                log.add(refusal.getMessage().toLowerCase(java.util.Locale.ROOT).contains("running event loop"));
            });
            endOf(() -> coroutine.send(null));
        }
        assertEquals(List.of(true, true, true, true), log);
    }

    @Test
    void sleepZeroIsABareYield() {
        var coroutine = later(2, "value");
        assertNull(coroutine.send(null));
        assertNull(coroutine.send("is not looked at"));
        assertEquals("value", endOf(() -> coroutine.send(null)));
    }

    @Test
    void itTellsTheFutureThatItWaitsFor() {
        inLoop(() -> {
            Future<String> future = getRunningLoop().createFuture();
            var coroutine = async(() -> "got " + await(future));
            assertSame(future, coroutine.send(null));
            future.setResult("it");
            assertEquals("got it", endOf(() -> coroutine.send(null)));
        });
    }

    @Test
    void drivenOnBeforeTheFutureIsDone() {
        inLoop(() -> {
            Future<String> future = getRunningLoop().createFuture();
            var coroutine = async(() -> await(future));
            coroutine.send(null);
            refused(() -> coroutine.send(null), "await wasn't used with future");
            future.cancel();
        });
    }

    @Test
    void theErrorOfTheFutureComesOutOfTheAwait() {
        inLoop(() -> {
            Future<String> future = getRunningLoop().createFuture();
            var coroutine = async(() -> {
                try {
                    return await(future);
                } catch (IllegalArgumentException e) {
                    return "caught " + e.getMessage();
                }
            });
            coroutine.send(null);
            future.setException(new IllegalArgumentException("it"));
            assertEquals("caught it", endOf(() -> coroutine.send(null)));
        });
    }

    @Test
    void raiseAtAnAwaitLeavesTheFutureAlone() {
        inLoop(() -> {
            Future<String> future = getRunningLoop().createFuture();
            var coroutine = async(() -> await(future));
            coroutine.send(null);
            assertThrows(IllegalArgumentException.class, () -> coroutine.raise(new IllegalArgumentException()));
            assertFalse(future.done());
        });
    }

    @Test
    void drivenByATaskThroughItsFutures() {
        inLoop(() -> {
            var lock = Lock.create();
            var event = Event.create();
            var coroutine = async(() -> {
                var me = currentTask();
                await(sleep(ofMillis(1)));
                assertEquals(2, await(later(2, 2)));
                assertEquals(List.of(1, 2), await(gather(later(3, 1), instant(2))));
                with(lock, () -> {
                    await(event.waitSet());
                });
                int sum = 0;
                for (int item : asyncio.Asyncio.each(asyncGenerator((asyncio.AsyncGenerator.Yielder<Integer> out) -> {
                    await(sleep(ZERO));
                    out.yield(1);
                    await(sleep(ZERO));
                    out.yield(2);
                }))) {
                    sum += item;
                }
                assertEquals(3, sum);
                assertSame(me, currentTask());
                return "end";
            });
            getRunningLoop().callLater(ofMillis(20), event::set);
            var me = currentTask();
            Object end = null;
            while (end == null) {
                try {
                    var waitsFor = coroutine.send(null);
                    assertSame(me, currentTask());
                    if (waitsFor == null) {
                        await(sleep(ZERO));
                    } else {
                        until(((Future<?>) waitsFor)::done);
                    }
                } catch (StopIteration stop) {
                    end = stop.value();
                }
            }
            assertEquals("end", end);
            assertFalse(lock.locked());
        });
    }

    @Test
    void inACallback() {
        inLoop(() -> {
            var adder = adder();
            getRunningLoop().callSoon(() -> log.add(adder.send(null)));
            getRunningLoop().callSoon(() -> log.add(adder.send(1)));
            getRunningLoop().callSoon(() -> log.add(currentTask()));
            iterations(2);
            assertEquals(3, adder.send(2));
            assertEquals(java.util.Arrays.asList("ready", 2, null), log);
            assertEquals("end", endOf(() -> adder.send(null)));
        });
    }

    @Test
    void theDriverMayBeReplacedBetweenTwoSteps() {
        inLoop(() -> {
            var coroutine = async(() -> {
                log.add(currentTask().getName());
                Coroutine.yield(null);
                log.add(currentTask().getName());
            });
            await(createTask(async(() -> log.add(coroutine.send(null))), "one"));
            await(createTask(async(() -> log.add(endOf(() -> coroutine.send(null)))), "two"));
            assertEquals(java.util.Arrays.asList("one", null, "two", null), log);
        });
    }

    @Test
    void aTaskTakesABareYieldAndNothingElse() {
        inLoop(() -> {
            var ticker = Ticker.start();
            var before = ticker.iterations();
            assertNull(Coroutine.<Object>yield(null));
            assertEquals(1, ticker.iterations() - before);
            ticker.stop();
            refused(() -> Coroutine.yield("rubbish"), "Task got bad yield: rubbish");
            await(sleep(ZERO));
        });
    }

    @Test
    void whatWasSentToOneIsNotSeenByAnother() {
        inLoop(() -> {
            Future<String> future = getRunningLoop().createFuture();
            var coroutine = async(() -> {
                Coroutine.yield(1);
                await(future);
            });
            coroutine.send(null);
            // Its value arrives; what follows is an await, which takes none.
            coroutine.send("first");
            future.setResult("");
            endOf(() -> coroutine.send("nobody's"));
            assertNull(Coroutine.<Object>yield(null));
        });
    }

    // ---- nesting

    @Test
    void oneDrivesAnotherToAnyDepth() {
        assertEquals(190, endOf(() -> nest(190).send(null)));
        inLoop(() -> assertEquals(190, endOf(() -> nest(190).send(null))));
    }

    @Test
    void butNotWithoutEnd() throws Exception {
        Action nestTooDeeply = () -> refused(() -> deeper().send(null), "nested too deeply");
        nestTooDeeply.run();
        inLoop(nestTooDeeply);
    }

    private static Coroutine<Void> deeper() {
        return async(() -> {
            deeper().send(null);
        });
    }

    private Coroutine<Integer> nest(int depth) {
        return async(() ->
                depth == 0 ? 0 : 1 + (int) endOf(() -> nest(depth - 1).send(null)));
    }

    @Test
    void oneThatWasBegunOutsideIsDrivenInsideOfAnother() {
        var inner = adder();
        assertEquals("ready", inner.send(null));
        var outer = async(() -> {
            log.add(inner.send(1));
            Coroutine.yield(null);
            log.add(inner.send(2));
        });
        outer.send(null);
        endOf(() -> outer.send(null));
        assertEquals(4, inner.send(3));
        assertEquals(List.of(2, 3), log);
        inner.close();
    }

    @Test
    void oneThatWasBegunInsideOfAnotherIsDrivenOutside() {
        var inner = adder();
        var outer = async(() -> log.add(inner.send(null)));
        endOf(() -> outer.send(null));
        assertEquals(2, inner.send(1));
        assertEquals("end", endOf(() -> inner.send(null)));
    }

    @Test
    void oneThatWasBegunOutsideIsDrivenInALoop() {
        var adder = adder();
        adder.send(null);
        inLoop(() -> {
            assertEquals(2, adder.send(1));
            getRunningLoop().callSoon(() -> log.add(adder.send(2)));
            iterations(2);
            assertEquals(List.of(3), log);
        });
        assertEquals("end", endOf(() -> adder.send(null)));
    }

    @Test
    void aLoopCannotBeDrivenFromOutside() throws Exception {
        inLoop(() -> {
            var adder = adder();
            adder.send(null);
            var other = new FutureTask<>(() -> assertThrows(IllegalStateException.class, () -> adder.send(1)));
            new Thread(other).start();
            assertTrue(other.get().getMessage().contains("callSoonThreadsafe"));
            assertEquals(2, adder.send(1));
            adder.close();
        });
    }

    @Test
    void itMayRunALoopOfItsOwn() {
        var coroutine = async(() -> {
            Coroutine.yield(null);
            return run(() -> await(later(2, "inner")));
        });
        coroutine.send(null);
        assertEquals("inner", endOf(() -> coroutine.send(null)));
    }

    // ---- threads

    @Test
    void anyThreadMayTakeOver() throws Exception {
        var adder = adder();
        var first = new FutureTask<>(() -> adder.send(null));
        new Thread(first).start();
        assertEquals("ready", first.get());
        var second = new FutureTask<>(() -> adder.send(5));
        new Thread(second).start();
        assertEquals(6, second.get());
        assertEquals("end", endOf(() -> adder.send(null)));
    }

    @Test
    void virtualThreadsMayDrive() throws Exception {
        assumeTrue(Runtime.version().feature() >= 21);
        var adder = adder();
        assertEquals("ready", adder.send(null));
        assertEquals(2, inVirtualThread(() -> adder.send(1)));
        assertEquals(3, adder.send(2));
        var other = adder();
        assertEquals("ready", inVirtualThread(() -> other.send(null)));
        assertEquals(2, other.send(1));
        assertEquals("end", inVirtualThread(() -> endOf(() -> other.send(null))));
        adder.close();
    }

    private static <T> T inVirtualThread(java.util.concurrent.Callable<T> code) throws Exception {
        var task = new FutureTask<>(code);
        Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, task);
        return task.get();
    }

    @Test
    void twoThreadsAtOnceAreRefused() throws Exception {
        var running = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        var coroutine = async(() -> {
            running.countDown();
            go.await();
            Coroutine.yield(1);
        });
        var other = new FutureTask<>(() -> coroutine.send(null));
        new Thread(other).start();
        running.await();
        refused(() -> coroutine.send(null), "coroutine already executing");
        go.countDown();
        assertEquals(1, other.get());
        coroutine.close();
    }

    // ---- what nobody drives any more

    @Test
    void whatBecameGarbageIsClosed() throws Exception {
        var closed = new CountDownLatch(10);
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < 10; i++) {
            abandoned(closed, threads).send(null);
        }
        collect(closed);
        for (var thread : threads) {
            assertEndedSoon(thread);
        }
    }

    private static Coroutine<Void> abandoned(CountDownLatch closed, List<Thread> threads) {
        return async(() -> {
            threads.add(Thread.currentThread());
            try {
                Coroutine.yield(null);
            } finally {
                closed.countDown();
            }
        });
    }

    private static void collect(CountDownLatch latch) throws InterruptedException {
        for (int i = 0; i < 200 && latch.getCount() > 0; i++) {
            System.gc();
            latch.await(10, java.util.concurrent.TimeUnit.MILLISECONDS);
        }
        assertEquals(0, latch.getCount());
    }

    /** Of pooled threads nothing is left of the body; they end some time after. */
    private static void assertEndedSoon(Thread thread) throws InterruptedException {
        if (!thread.getName().startsWith("asyncio-fiber")) {
            thread.join(5_000);
            assertFalse(thread.isAlive());
        }
    }

    @Test
    void whatBecameGarbageInALoopIsClosedByTheLoop() {
        inLoop(() -> {
            var closed = new CountDownLatch(1);
            abandoned(closed, new ArrayList<>()).send(null);
            for (int i = 0; i < 200 && closed.getCount() > 0; i++) {
                System.gc();
                await(sleep(ofMillis(10)));
            }
            assertEquals(0, closed.getCount());
        });
    }

    @Test
    void whatIsLeftIsClosedWithItsLoop() {
        var kept = new AtomicReference<Coroutine<Void>>();
        inLoop(() -> {
            kept.set(noting());
            kept.get().send(null);
        });
        assertEquals(List.of("closed", "finally"), log);
        refused(() -> kept.get().send(null), "cannot reuse already awaited coroutine");
    }

    @Test
    void aLoopThatStandsStillMayDrive() {
        try (var loop = newEventLoop()) {
            Task<String> task = loop.createTask(async(() -> {
                var adder = adder();
                adder.send(null);
                return "" + adder.send(1);
            }));
            assertEquals("2", loop.runUntilComplete(task));
        }
    }

    // ---- StopIteration of a body: to a driver it would look like a return

    private static void isRefused(String message, StopIteration end, Action call) {
        var error = assertThrows(IllegalStateException.class, call::run);
        assertEquals(message, error.getMessage());
        assertSame(end, error.getCause());
    }

    private static Coroutine<String> ending(StopIteration end) {
        return async(() -> {
            throw end;
        });
    }

    @Test
    void aStopIterationOfABodyIsNoReturn() {
        var end = new StopIteration("z");
        isRefused("coroutine raised StopIteration", end, () -> ending(end).send(null));
        var later = async(() -> {
            Coroutine.yield(1);
            throw end;
        });
        later.send(null);
        isRefused("coroutine raised StopIteration", end, () -> later.send(null));
        var thrown = noting();
        thrown.send(null);
        isRefused("coroutine raised StopIteration", end, () -> thrown.raise(end));
    }

    @Test
    void aForgottenCatchOfADriverIsNoReturn() {
        var inner = instant("inner");
        var outer = async(() -> {
            inner.send(null);
            return "outer";
        });
        refused(() -> outer.send(null), "coroutine raised StopIteration");
    }

    @Test
    void aStopIterationOfATaskOrOfWhatIsAwaited() {
        var end = new StopIteration("z");
        inLoop(() -> {
            isRefused("coroutine raised StopIteration", end, () -> await(ending(end)));
            isRefused("coroutine raised StopIteration", end, () -> await(createTask(ending(end))));
            var generator = asyncGenerator(out -> {
                throw end;
            });
            isRefused(
                    "async generator raised StopIteration: it ends when its body does",
                    end,
                    () -> await(generator.anext()));
        });
    }

    @Test
    void aStopIterationInAFuture() {
        var end = new StopIteration("w");
        inLoop(() -> {
            var future = getRunningLoop().createFuture();
            future.setException(end);
            var error = future.exception();
            assertEquals(IllegalStateException.class, error.getClass());
            assertEquals(
                    "StopIteration interacts badly with generators and cannot be raised into a Future",
                    error.getMessage());
            assertSame(end, error.getCause());
        });
    }

    // ---- async generators

    private static AsyncGenerator<Integer> numbers(List<Object> log) {
        return asyncGenerator(out -> {
            try {
                for (int i = 1; i <= 3; i++) {
                    out.yield(i);
                }
            } finally {
                log.add("closed");
            }
        });
    }

    private static Object drive(Coroutine<?> coroutine) {
        return endOf(() -> coroutine.send(null));
    }

    @Test
    void aGeneratorIsGoneThroughByCoroutinesThatAreEachDrivenByHand() {
        var numbers = numbers(log);
        assertEquals(1, drive(async(() -> await(numbers.anext()))));
        assertEquals(2, drive(async(() -> await(numbers.anext()))));
        assertEquals(3, drive(numbers.anext()));
        assertThrows(
                StopAsyncIteration.class,
                () -> async(() -> await(numbers.anext())).send(null));
        assertEquals(List.of("closed"), log);
    }

    @Test
    void aGeneratorInAGeneratorGoesAlong() {
        var numbers = numbers(log);
        AsyncGenerator<Integer> tens = asyncGenerator(out -> {
            for (int number : each(numbers)) {
                out.yield(10 * number);
            }
        });
        assertEquals(10, drive(tens.anext()));
        assertEquals(20, drive(async(() -> await(tens.anext()))));
        assertEquals(3, drive(async(() -> await(numbers.anext()))));
        drive(async(() -> await(tens.aclose())));
    }

    @Test
    void aGeneratorThatWasBegunByHandGoesOnInALoopAndIsClosedWithIt() {
        var numbers = numbers(log);
        assertEquals(1, drive(async(() -> await(numbers.anext()))));
        inLoop(() -> {
            assertEquals(2, await(numbers.anext()));
            assertEquals(List.of(), log);
        });
        assertEquals(List.of("closed"), log);
    }

    @Test
    void aGeneratorOfALoopStaysThere() {
        var numbers = numbers(log);
        inLoop(() -> {
            await(numbers.anext());
            var other =
                    new FutureTask<>(() -> async(() -> await(numbers.anext())).send(null));
            await(toThread(other::run));
            var refusal = assertThrows(java.util.concurrent.ExecutionException.class, other::get);
            assertTrue(refusal.getCause().getMessage().contains("begun in another event loop"), refusal::toString);
        });
    }
}
