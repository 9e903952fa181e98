package asyncio.semantics;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.getRunningLoop;
import static asyncio.Asyncio.newEventLoop;
import static asyncio.Asyncio.run;
import static asyncio.Asyncio.sleep;
import static asyncio.Asyncio.waitFor;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import asyncio.Action;
import asyncio.Coroutine;
import asyncio.EventLoop;
import asyncio.ExceptionContext;
import asyncio.RunOptions;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What debug mode tells, and that nothing of it is told without. */
class DebugModeTest extends OnLoop {
    private final Logged logged = new Logged();

    @AfterEach
    void close() {
        logged.close();
    }

    private void inDebugMode(Action body) {
        run(
                async(() -> {
                    getRunningLoop().setExceptionHandler((loop, context) -> reports.add(context));
                    body.run();
                }),
                RunOptions.debugging());
    }

    @SuppressWarnings("unchecked")
    private static String origin(ExceptionContext report) {
        var frames = (List<StackTraceElement>) report.details().get("sourceTraceback");
        return frames == null ? null : frames.get(0).getMethodName();
    }

    private static void collectUntil(BooleanSupplier condition) {
        long deadline = System.nanoTime() + 60_000_000_000L;
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline);
            System.gc();
            await(sleep(ofMillis(1)));
        }
    }

    // ---- where things were made

    @Test
    @SuppressWarnings("unchecked")
    void aCallFromAHandlerOfVertxShowsTheHandlerOnly() {
        var vertx = Vertx.vertx();
        try {
            inDebugMode(() -> {
                var loop = getRunningLoop();
                vertx.runOnContext(nothing -> loop.callSoonThreadsafe(() -> {
                    throw new IllegalArgumentException("no");
                }));
                until(() -> !reports.isEmpty());
                var frames = (List<StackTraceElement>) reports.get(0).details().get("sourceTraceback");
                assertEquals(
                        Set.of(DebugModeTest.class.getName()),
                        frames.stream().map(StackTraceElement::getClassName).collect(Collectors.toSet()));
            });
        } finally {
            vertx.close();
        }
    }

    private static void makeFailingTask() {
        createTask(async(() -> {
            throw new IllegalArgumentException("no");
        }));
    }

    private static void makeFailingFuture() {
        getRunningLoop().createFuture().setException(new IllegalArgumentException("no"));
    }

    private static void makeFailingCallback() {
        getRunningLoop().callSoon(() -> {
            throw new IllegalArgumentException("no");
        });
    }

    private static void makeFailingTimer() {
        getRunningLoop().callLater(ofMillis(1), () -> {
            throw new IllegalArgumentException("no");
        });
    }

    @Test
    void aReportSaysWhereItsTaskWasMade() {
        inDebugMode(() -> {
            makeFailingTask();
            iterations(2);
        });
        assertEquals(1, reports.size());
        assertTrue(reports.get(0).message().startsWith("Task exception was never retrieved"));
        assertEquals("makeFailingTask", origin(reports.get(0)));
    }

    @Test
    void alsoWhenTheTaskIsGarbage() {
        inDebugMode(() -> {
            makeFailingTask();
            makeFailingFuture();
            iterations(2);
            collectUntil(() -> reports.size() == 2);
            assertNull(reports.get(0).task());
            assertEquals(
                    List.of("makeFailingFuture", "makeFailingTask"),
                    reports.stream().map(DebugModeTest::origin).sorted().toList());
        });
    }

    @Test
    void aReportSaysWhereItsCallbackWasMade() {
        inDebugMode(() -> {
            makeFailingCallback();
            makeFailingTimer();
            until(() -> reports.size() == 2);
        });
        assertEquals("makeFailingCallback", origin(reports.get(0)));
        assertEquals("makeFailingTimer", origin(reports.get(1)));
    }

    @Test
    void theDefaultHandlerPrintsIt() {
        run(
                async(() -> {
                    makeFailingTask();
                    iterations(2);
                }),
                RunOptions.debugging());
        var report = logged.with("never retrieved").get(0);
        assertTrue(report.contains("\ncreated at:\n\tat asyncio.semantics.DebugModeTest.makeFailingTask("), report);
    }

    @Test
    void textsSayIt() {
        inDebugMode(() -> {
            var place = " created at DebugModeTest.java:";
            var task = createTask(sleep(ofSeconds(1000)));
            assertTrue(task.toString().contains(place), task::toString);
            var future = getRunningLoop().createFuture();
            assertTrue(future.toString().contains(place), future::toString);
            var handle = getRunningLoop().callSoon(() -> {});
            assertTrue(handle.toString().contains(place), handle::toString);
            var timer = getRunningLoop().callLater(ofSeconds(1), () -> {});
            assertTrue(timer.toString().contains(place), timer::toString);
            getRunningLoop().setDebug(false);
            assertFalse(task.toString().contains(place), task::toString);
            task.cancel();
        });
    }

    @Test
    void withoutDebugModeNothingOfThis() {
        inLoopWithReports(() -> {
            assertFalse(getRunningLoop().getDebug());
            makeFailingTask();
            var task = createTask(sleep(ZERO));
            assertFalse(task.toString().contains("created"), task::toString);
            getRunningLoop().setSlowCallbackDuration(ZERO);
            iterations(3);
        });
        assertEquals(1, reports.size());
        assertNull(origin(reports.get(0)));
        assertEquals(List.of(), logged.lines);
    }

    // ---- coroutines that nobody awaited

    private static void forgetCoroutine() {
        sleep(ofSeconds(1));
    }

    @Test
    void aForgottenCoroutineIsReportedWhenItIsGarbage() {
        inDebugMode(() -> {
            forgetCoroutine();
            collectUntil(() -> !reports.isEmpty());
        });
        assertEquals(1, reports.size());
        var message = reports.get(0).message();
        assertTrue(
                message.startsWith(
                        "Coroutine 'Asyncio.sleep', made at asyncio.semantics.DebugModeTest.forgetCoroutine("),
                message);
        assertTrue(message.endsWith(" was never awaited, and so never ran"), message);
        assertEquals("forgetCoroutine", origin(reports.get(0)));
    }

    @Test
    void orWhenTheLoopCloses() {
        var held = new Coroutine<?>[1];
        inDebugMode(() -> {
            held[0] = async(() -> {});
            forgetCoroutine();
        });
        // Whoever holds the other one may still await it.
        assertEquals(1, reports.size(), reports::toString);
        assertTrue(reports.get(0).message().startsWith("Coroutine 'Asyncio.sleep'"), reports::toString);
        held[0].close();
    }

    @Test
    void whatWasAwaitedOrMadeATaskOrClosedIsNot() {
        inDebugMode(() -> {
            await(async(() -> {}));
            await(sleep(ZERO));
            await(createTask(instant(1)));
            await(asyncio.Asyncio.gather(instant(1), instant(2)));
            await(Suspending.awaiting(instant(3)));
            async(() -> {}).close();
            instant(1).close();
            try {
                instant(1).send(null);
            } catch (asyncio.StopIteration e) {
                assertEquals(1, e.value());
            }
        });
        assertEquals(List.of(), reports);
    }

    // ---- slow steps

    private void assertSlow(String what, Consumer<EventLoop> begin) {
        inDebugMode(() -> {
            getRunningLoop().setSlowCallbackDuration(ofMillis(20));
            begin.accept(getRunningLoop());
            iterations(3);
        });
        // On a busy machine other turns may be slow, too.
        var expected = "WARNING Executing <" + what + ".* took \\d\\.\\d\\d\\d seconds";
        assertEquals(
                1,
                logged.with("Executing ").stream()
                        .filter(line -> line.matches(expected))
                        .count(),
                logged.lines::toString);
    }

    private static void block() {
        try {
            Thread.sleep(40);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aSlowStepOfATask() {
        assertSlow("Task .*name='slow'", loop -> loop.createTask(async(DebugModeTest::block), "slow"));
    }

    @Test
    void aSlowCallback() {
        assertSlow("Handle .*created at DebugModeTest.java", loop -> loop.callSoon(DebugModeTest::block));
    }

    @Test
    void aSlowDoneCallback() {
        assertSlow("DoneCallback", loop -> {
            var future = loop.createFuture();
            future.addDoneCallback(f -> block());
            future.setResult(null);
        });
    }

    // ---- loops

    @Test
    void aLoopThatNobodyClosedIsReported() {
        forgetLoop();
        inLoop(() -> collectUntil(
                () -> !logged.with("An event loop was never closed").isEmpty()));
    }

    private static void forgetLoop() {
        newEventLoop();
    }

    // ---- outside of a running loop

    private static Object makeFutureIn(EventLoop loop) {
        return loop.createFuture();
    }

    private static Object makeTaskIn(EventLoop loop) {
        return loop.createTask(async(() -> {}));
    }

    @Test
    void whereThingsWereMadeBeforeTheLoopRuns() {
        try (var loop = newEventLoop()) {
            loop.setDebug(true);
            loop.setExceptionHandler((it, context) -> reports.add(context));
            assertTrue(makeFutureIn(loop).toString().contains(" created at DebugModeTest.java:"));
            assertTrue(makeTaskIn(loop).toString().contains(" created at DebugModeTest.java:"));
            loop.createTask(failing());
            loop.runUntilComplete(sleep(ofMillis(1)));
        }
        assertEquals("whereThingsWereMadeBeforeTheLoopRuns", origin(reports.get(0)));
    }

    private static Coroutine<Void> failing() {
        return async(() -> {
            throw new IllegalArgumentException("no");
        });
    }

    // ---- what is garbage, without waiting for a garbage collection

    @Test
    void aFailureAndAForgottenCoroutineAreReportedSoonThoughTheLoopWaits() {
        inDebugMode(() -> {
            var reported = getRunningLoop().<Void>createFuture();
            getRunningLoop().setExceptionHandler((loop, context) -> {
                reports.add(context);
                if (reports.size() == 2) {
                    reported.setResult(null);
                }
            });
            makeFailingTask();
            forget();
            await(sleep(ZERO));
            await(waitFor(reported, ofSeconds(60)));
        });
    }

    private static void forget() {
        var forgotten = async(() -> {});
        assertFalse(forgotten.toString().isEmpty());
    }
}
