package asyncio.semantics;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.gather;
import static asyncio.Asyncio.gatherOutcomes;
import static asyncio.Asyncio.getRunningLoop;
import static asyncio.Asyncio.newEventLoop;
import static asyncio.Asyncio.run;
import static asyncio.Asyncio.sleep;
import static asyncio.Asyncio.toThread;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import asyncio.Awaitable;
import asyncio.ContextVar;
import asyncio.Coroutine;
import asyncio.ExceptionContext;
import asyncio.Future;
import asyncio.Handle;
import asyncio.KeyboardInterrupt;
import asyncio.Task;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Exceptions: how they travel, and who hears of those that nobody takes. */
class ExceptionsTest extends OnLoop {

    private static Coroutine<Void> failing(Throwable error) {
        return async(() -> {
            await(sleep(ZERO));
            if (error instanceof Exception e) {
                throw e;
            }
            throw (Error) error;
        });
    }

    // ---- how they travel

    @Test
    void theSameObjectComesOutOfEveryKindOfAwait() {
        inLoop(() -> {
            var error = new IllegalArgumentException("boom");
            var task = createTask(failing(error));
            Future<Void> future = getRunningLoop().createFuture();
            future.setException(error);
            var stage = new CompletableFuture<Void>();
            stage.completeExceptionally(error);
            var ways = List.<Awaitable<?>>of(
                    failing(error),
                    async(() -> await(async(() -> await(failing(error))))),
                    task,
                    task,
                    future,
                    gather(failing(error)),
                    gather(gather(task)),
                    asyncio.Asyncio.wrapFuture(stage),
                    asyncio.Asyncio.wrapFuture(stage.thenApply(value -> value)),
                    toThread(() -> {
                        throw error;
                    }),
                    getRunningLoop().runInExecutor(null, () -> {
                        throw error;
                    }));
            for (var way : ways) {
                assertSame(error, assertThrows(IllegalArgumentException.class, () -> await(way)));
            }
            assertSame(error, task.exception());
            assertSame(error, assertThrows(IllegalArgumentException.class, task::result));
            assertSame(error, await(gatherOutcomes(task)).get(0).exception());
        });
    }

    @Test
    void aCheckedExceptionCanBeCaughtWhereTheAwaitDeclaresIt() {
        inLoop(() -> {
            var error = new FileNotFoundException("no such file");
            try {
                await(failing(error), IOException.class);
            } catch (IOException e) {
                log.add(e);
            }
            try {
                await(createTask(failing(error)), FileNotFoundException.class);
            } catch (FileNotFoundException e) {
                log.add(e);
            }
            try {
                await(gather(failing(error)), IOException.class);
            } catch (IOException e) {
                log.add(e);
            }
            assertEquals(List.of(error, error, error), log);
        });
    }

    @Test
    void aCheckedExceptionThatIsNotDeclaredComesOutAsItIs() {
        var error = new IOException("boom");
        assertSame(error, assertThrows(IOException.class, () -> run(() -> await(failing(error)))));
    }

    @Test
    void errorsOfJavaAreStoredInTheTaskLikeExceptions() {
        inLoop(() -> {
            for (var error :
                    List.of(new AssertionError("a"), new StackOverflowError(), new NoClassDefFoundError("b"))) {
                var task = createTask(failing(error));
                assertSame(error, assertThrows(error.getClass(), () -> await(task)));
            }
        });
    }

    @Test
    void finallyBlocksUnwindInsideOut() {
        inLoop(() -> {
            var error = new IllegalArgumentException("boom");
            assertThrows(
                    IllegalArgumentException.class,
                    () -> await(async(() -> {
                        try {
                            await(async(() -> {
                                try {
                                    await(failing(error));
                                } finally {
                                    log.add("inner");
                                }
                            }));
                        } finally {
                            await(sleep(ZERO));
                            log.add("outer");
                        }
                    })));
            assertEquals(List.of("inner", "outer"), log);
        });
    }

    @Test
    void theStackOfAnErrorShowsTheWholeChainOfAwaits() {
        inLoop(() -> {
            var error = assertThrows(IllegalStateException.class, () -> await(createTask(outerOfTheChain())));
            var methods = Stream.of(error.getStackTrace())
                    .map(StackTraceElement::getMethodName)
                    .toList();
            for (var name : List.of("innerOfTheChain", "middleOfTheChain", "outerOfTheChain")) {
                assertTrue(methods.stream().anyMatch(method -> method.contains(name)), () -> name + " in " + methods);
            }
        });
    }

    private static Coroutine<Void> outerOfTheChain() {
        return async(() -> await(middleOfTheChain()));
    }

    private static Coroutine<Void> middleOfTheChain() {
        return async(() -> await(innerOfTheChain()));
    }

    private static Coroutine<Void> innerOfTheChain() {
        return async(() -> {
            await(sleep(ZERO));
            throw new IllegalStateException("deep down");
        });
    }

    // ---- callbacks

    @Test
    void anErrorOfACallbackIsReportedAndTheBatchGoesOn() {
        var error = new IllegalArgumentException("boom");
        var handles = new ArrayList<Handle>();
        inLoopWithReports(() -> {
            var loop = getRunningLoop();
            handles.add(loop.callSoon(() -> throwIt(error)));
            loop.callSoon(() -> log.add("next of the batch"));
            handles.add(loop.callLater(ZERO, () -> throwIt(error)));
            handles.add(loop.callSoonThreadsafe(() -> throwIt(error)));
            iterations(3);
        });
        assertEquals(List.of("next of the batch"), log);
        assertEquals(3, reports.size());
        for (var report : reports) {
            assertTrue(report.message().startsWith("Exception in callback"), report.message());
            assertSame(error, report.exception());
            assertTrue(handles.contains(report.handle()));
            assertNull(report.future());
        }
        assertEquals(
                3, reports.stream().map(ExceptionContext::handle).distinct().count());
    }

    @Test
    void anErrorOfADoneCallbackIsReportedAndTheOthersRun() {
        var error = new IllegalArgumentException("boom");
        var futures = new ArrayList<Future<String>>();
        inLoopWithReports(() -> {
            Future<String> future = getRunningLoop().createFuture();
            futures.add(future);
            future.addDoneCallback(f -> throwIt(error));
            future.addDoneCallback(f -> log.add("next callback"));
            future.setResult("value");
            iterations(2);
            assertEquals("value", await(future));
        });
        assertEquals(List.of("next callback"), log);
        assertEquals(1, reports.size());
        assertTrue(reports.get(0).message().startsWith("Exception in callback"));
        assertSame(error, reports.get(0).exception());
    }

    private static void throwIt(RuntimeException error) {
        throw error;
    }

    @Test
    void theHandlerIsCalledInTheLoop() {
        run(() -> {
            var loop = getRunningLoop();
            loop.setExceptionHandler((l, context) -> log.add(l == loop && getRunningLoop() == loop));
            loop.callSoon(() -> throwIt(new IllegalArgumentException()));
            await(sleep(ZERO));
        });
        assertEquals(List.of(true), log);
    }

    // ---- never retrieved

    @Test
    void aFailedTaskThatNobodyAsksIsReportedByTheEnd() {
        var error = new IllegalArgumentException("boom");
        var tasks = new ArrayList<Task<Void>>();
        inLoopWithReports(() -> {
            tasks.add(getRunningLoop().createTask(failing(error), "the culprit"));
            iterations(4);
        });
        assertEquals(1, reports.size());
        var report = reports.get(0);
        assertTrue(report.message().startsWith("Task exception was never retrieved"), report.message());
        assertTrue(report.message().contains("the culprit"), report.message());
        assertSame(error, report.exception());
        assertSame(tasks.get(0), report.future());
        assertSame(tasks.get(0), report.task());
    }

    @Test
    void aFailedFutureThatNobodyAsksIsReportedByTheEnd() {
        var error = new IllegalArgumentException("boom");
        inLoopWithReports(() -> getRunningLoop().createFuture().setException(error));
        assertEquals(1, reports.size());
        assertTrue(reports.get(0).message().startsWith("Future exception was never retrieved"));
        assertSame(error, reports.get(0).exception());
    }

    @Test
    void aFailedTaskThatIsGarbageIsReportedWhileTheLoopRuns() {
        inLoopWithReports(() -> {
            createTask(failing(new IllegalArgumentException("boom")));
            iterations(4);
            until(() -> {
                System.gc();
                return !reports.isEmpty();
            });
        });
        assertEquals(1, reports.size());
        assertTrue(reports.get(0).message().startsWith("Task exception was never retrieved"));
    }

    @Test
    void whoeverLooksAtTheExceptionHasRetrievedIt() {
        inLoop(() -> {
            var awaited = createTask(failing(new IllegalArgumentException()));
            var asked = createTask(failing(new IllegalArgumentException()));
            var result = createTask(failing(new IllegalArgumentException()));
            var gathered = createTask(failing(new IllegalArgumentException()));
            var cancelledLater = createTask(failing(new IllegalArgumentException()));
            assertThrows(IllegalArgumentException.class, () -> await(awaited));
            await(gatherOutcomes(gathered));
            iterations(5);
            assertInstanceOf(IllegalArgumentException.class, asked.exception());
            assertThrows(IllegalArgumentException.class, result::result);
            cancelledLater.cancel();
        });
    }

    @Test
    void aCancelledTaskIsNoErrorThatSomebodyMustRetrieve() {
        inLoop(() -> {
            var task = createTask(sleep(ofSeconds(1000)));
            await(sleep(ZERO));
            task.cancel();
            iterations(3);
        });
    }

    @Test
    void anErrorOfMainIsNotReportedBesides() {
        var error = new IllegalArgumentException("boom");
        assertSame(error, assertThrows(IllegalArgumentException.class, () -> inLoop(() -> throwIt(error))));
        assertEquals(List.of(), reports);
    }

    // ---- shutdown

    @Test
    void aLeftoverThatFailsDuringTheShutdownIsReported() {
        var error = new IllegalArgumentException("in cleanup");
        var tasks = new ArrayList<Task<Void>>();
        inLoopWithReports(() -> {
            tasks.add(createTask(async(() -> {
                try {
                    await(sleep(ofSeconds(1000)));
                } finally {
                    throwIt(error);
                }
            })));
            await(sleep(ZERO));
        });
        assertEquals(1, reports.size());
        assertEquals(
                "unhandled exception during asyncio.run() shutdown",
                reports.get(0).message());
        assertSame(error, reports.get(0).exception());
        assertSame(tasks.get(0), reports.get(0).task());
    }

    @Test
    void aLeftoverThatSwallowsTheCancellationIsNoError() {
        inLoop(() -> {
            createTask(async(() -> cancelledBy(sleep(ofSeconds(1000)))));
            await(sleep(ZERO));
        });
    }

    // ---- handlers

    @Test
    void callExceptionHandlerGivesTheContextAsItIs() {
        inLoopWithReports(() -> {
            var context = ExceptionContext.of("mine").withDetail("detail", 42);
            getRunningLoop().callExceptionHandler(context);
            assertSame(context, reports.get(0));
        });
    }

    @Test
    void theDefaultHandlerLogsAnError() {
        var error = new IllegalArgumentException("boom");
        var records = logged(() -> run(() -> {
            assertNull(getRunningLoop().getExceptionHandler());
            getRunningLoop().callSoon(() -> throwIt(error));
            await(sleep(ZERO));
        }));
        assertEquals(1, records.size());
        assertEquals(Level.SEVERE, records.get(0).getLevel());
        assertSame(error, records.get(0).getThrown());
        assertTrue(records.get(0).getMessage().startsWith("Exception in callback"));
    }

    @Test
    void aHandlerThatThrowsIsReportedByTheDefaultOneAndTheLoopGoesOn() {
        var error = new IllegalStateException("of the handler");
        var records = logged(() -> run(() -> {
            getRunningLoop().setExceptionHandler((loop, context) -> {
                log.add(context.message());
                throw error;
            });
            getRunningLoop().callExceptionHandler(ExceptionContext.of("first"));
            getRunningLoop().callSoon(() -> throwIt(new IllegalArgumentException()));
            iterations(2);
            log.add("main goes on");
        }));
        assertEquals("first", log.get(0));
        assertEquals("main goes on", log.get(2));
        assertEquals(2, records.size());
        for (var record : records) {
            assertTrue(record.getMessage().startsWith("Unhandled error in exception handler"), record.getMessage());
            assertSame(error, record.getThrown());
        }
    }

    @Test
    void aFatalErrorOfAHandlerLeavesTheLoop() {
        var fatal = new KeyboardInterrupt();
        try (var loop = newEventLoop()) {
            loop.setExceptionHandler((l, context) -> {
                throw fatal;
            });
            loop.callSoon(() -> throwIt(new IllegalArgumentException()));
            assertSame(fatal, assertThrows(KeyboardInterrupt.class, loop::runForever));
        }
    }

    /** What the logger named asyncio says meanwhile, of warnings and errors. */
    private static List<LogRecord> logged(Runnable code) {
        var records = new ArrayList<LogRecord>();
        var listener = new java.util.logging.Handler() {
            @Override
            public synchronized void publish(LogRecord record) {
                if (record.getLevel().intValue() >= Level.WARNING.intValue()) {
                    records.add(record);
                }
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        var logger = Logger.getLogger("asyncio");
        logger.addHandler(listener);
        logger.setUseParentHandlers(false);
        try {
            code.run();
        } finally {
            logger.removeHandler(listener);
            logger.setUseParentHandlers(true);
        }
        return records;
    }

    /** A request's id in a context variable must not be missing in the very report of its failure. */
    @Test
    void theReportComesInTheContextOfTheTask() {
        var request = ContextVar.<String>create("request");
        run(() -> {
            request.set("none");
            getRunningLoop().setExceptionHandler((loop, context) -> log.add(request.get()));
            createTask(async(() -> {
                request.set("java");
                throw new IllegalArgumentException("boom");
            }));
            iterations(2);
            until(() -> {
                System.gc();
                return log.size() == 1;
            });
            createTask(async(() -> {
                request.set("later");
                await(sleep(ZERO));
                request.set("at the end of the loop");
                throw new IllegalArgumentException("boom");
            }));
            iterations(3);
        });
        assertEquals(List.of("java", "at the end of the loop"), log);
    }

    /** A future has no context, in Python either. */
    @Test
    void thatOfAFutureDoesNot() {
        var request = ContextVar.<String>create("request");
        run(() -> {
            getRunningLoop().setExceptionHandler((loop, context) -> log.add(request.get("no context")));
            request.set("main");
            getRunningLoop().createFuture().setException(new IllegalArgumentException("boom"));
        });
        assertEquals(List.of("no context"), log);
    }

    /** Whoever has the garbage collected, a loop that waits hears of it. */
    @Test
    void aFailedTaskThatIsGarbageIsReportedWhileTheLoopWaits() {
        run(() -> {
            var reported = getRunningLoop().<Void>createFuture();
            getRunningLoop().setExceptionHandler((loop, context) -> reported.setResult(null));
            createTask(failing(new IllegalArgumentException("boom")));
            iterations(4);
            var collecting = new Thread(() -> {
                while (!Thread.currentThread().isInterrupted()) {
                    System.gc();
                    LockSupport.parkNanos(10_000_000);
                }
            });
            collecting.start();
            try {
                await(reported);
            } finally {
                collecting.interrupt();
            }
        });
    }
}
