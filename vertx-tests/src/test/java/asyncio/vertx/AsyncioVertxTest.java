package asyncio.vertx;

import static asyncio.Asyncio.*;
import static asyncio.vertx.AsyncioVertx.*;
import static asyncio.vertx.Deployed.failure;
import static asyncio.vertx.Deployed.get;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static org.junit.jupiter.api.Assertions.*;

import asyncio.Asyncio;
import asyncio.CancelledError;
import asyncio.ContextVar;
import asyncio.Coroutine;
import asyncio.EventLoop;
import asyncio.RunOptions;
import asyncio.TaskOptions;
import asyncio.TimeoutException;
import io.vertx.core.Context;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.ThreadingModel;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.net.NetSocket;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class AsyncioVertxTest {
    private final List<String> log = new CopyOnWriteArrayList<>();

    // ---- loops of contexts

    @Test
    void whatIsQueuedBeforeAVertxFutureEndsRunsBeforeTheTaskThatAwaitsIt() throws Exception {
        try (var deployed = new Deployed()) {
            var context = deployed.vertx.getOrCreateContext();
            Promise<String> promise = Promise.promise();
            Promise<Void> ended = Promise.promise();
            context.runOnContext(ignored -> AsyncioVertx.createTask(() -> {
                log.add(await(promise.future()));
                ended.complete();
            }));
            context.runOnContext(ignored -> context.runOnContext(waiting -> {
                getRunningLoop().callSoon(() -> log.add("queued before"));
                promise.complete("future");
                log.add("handler");
                getRunningLoop().callSoon(() -> log.add("queued after"));
            }));
            get(ended.future());
        }
        assertEquals(List.of("queued before", "future", "handler"), log.subList(0, 3));
    }

    @Test
    void aHandlerStartsCoroutinesWithoutInheriting() throws Exception {
        try (var deployed = new Deployed()) {
            get(deployed.vertx.deployVerticle(new VerticleBase() {
                @Override
                public Future<?> start() {
                    var context = this.context;
                    assertThrows(IllegalStateException.class, Asyncio::getRunningLoop);
                    var task = AsyncioVertx.createTask(() -> {
                        assertSame(context, Vertx.currentContext());
                        await(vertx.timer(1));
                        assertSame(context, Vertx.currentContext());
                        return 1;
                    });
                    // From here on what Vert.x calls on this context is code of its loop.
                    assertSame(loop(context), getRunningLoop());
                    assertSame(loop(context), task.getLoop());
                    assertNull(currentTask());
                    assertEquals(Set.of(task), allTasks());
                    getRunningLoop().callSoon(() -> log.add("soon"));
                    getRunningLoop().callLater(ofMillis(1), () -> log.add("later"));
                    Future<Integer> whole = toVertxFuture(async(() -> {
                        await(sleep(ofMillis(5)));
                        return 1 + await(task);
                    }));
                    return whole.onSuccess(value -> log.add("value " + value));
                }
            }));
        }
        assertEquals(List.of("soon", "later", "value 2"), log);
    }

    @Test
    void thereIsOneLoopForAContextAndItsDuplicates() throws Exception {
        try (var deployed = new Deployed()) {
            var context = deployed.vertx.getOrCreateContext();
            var duplicate = ((ContextInternal) context).duplicate();
            assertSame(loop(context), loop(duplicate));
            assertSame(loop(context), loop(context));
            assertEquals(
                    7,
                    runCoroutineThreadsafe(sleep(ofMillis(1), 7), loop(context)).get());
        }
    }

    @Test
    void aLoopOfAContextIsNeitherRunNorStoppedByHand() throws Exception {
        try (var deployed = new Deployed()) {
            EventLoop loop = loop(deployed.vertx.getOrCreateContext());
            assertTrue(loop.isRunning());
            for (var error : List.of(
                    assertThrows(IllegalStateException.class, loop::runForever),
                    assertThrows(IllegalStateException.class, () -> loop.runUntilComplete(sleep(ofMillis(1)))),
                    assertThrows(IllegalStateException.class, loop::stop))) {
                assertTrue(error.getMessage().contains("runs already"), error.getMessage());
                assertTrue(error.getMessage().contains("undeployed"), error.getMessage());
            }
            assertTrue(assertThrows(IllegalStateException.class, loop::close)
                    .getMessage()
                    .contains("closeLoop"));
        }
    }

    @Test
    void closeLoopEndsItsTasksAndAnotherOneMayFollow() throws Exception {
        try (var deployed = new Deployed()) {
            var context = deployed.vertx.getOrCreateContext();
            var first = loop(context);
            var begun = new CountDownLatch(1);
            var result = runCoroutineThreadsafe(
                    async(() -> {
                        begun.countDown();
                        try {
                            await(sleep(ofHours(1)));
                        } finally {
                            await(sleep(ofMillis(1)));
                            log.add("ended");
                        }
                    }),
                    first);
            begun.await();
            get(closeLoop(context));
            assertEquals(List.of("ended"), log);
            assertTrue(first.isClosed());
            assertTrue(result.isDone());
            assertEquals(
                    5,
                    runCoroutineThreadsafe(sleep(ofMillis(1), 5), loop(context)).get());
            assertNotSame(first, loop(context));
        }
    }

    @Test
    void whileALoopEndsItTakesNoTasksOfHandlers() throws Exception {
        try (var deployed = new Deployed()) {
            var context = deployed.vertx.getOrCreateContext();
            var loop = loop(context);
            var refused = new CountDownLatch(1);
            var begun = new CountDownLatch(1);
            runCoroutineThreadsafe(
                    async(() -> {
                        begun.countDown();
                        try {
                            await(sleep(ofHours(1)));
                        } finally {
                            await(Asyncio.createTask(sleep(ofMillis(1))));
                            context.runOnContext(ignored -> {
                                try {
                                    AsyncioVertx.createTask(() -> log.add("never"));
                                } catch (IllegalStateException error) {
                                    log.add(error.getMessage());
                                    refused.countDown();
                                }
                            });
                            await(vertxTimer(deployed, refused));
                        }
                    }),
                    loop);
            begun.await();
            get(closeLoop(context));
            assertEquals(1, log.size());
            assertTrue(log.get(0).contains("takes no more tasks"), log.get(0));
        }
    }

    private static Future<?> vertxTimer(Deployed deployed, CountDownLatch latch) {
        return deployed.vertx.executeBlocking(() -> {
            latch.await();
            return null;
        });
    }

    @Test
    void workerContextsAreRefused() throws Exception {
        try (var deployed = new Deployed()) {
            get(deployed.vertx.deployVerticle(
                    new VerticleBase() {
                        @Override
                        public Future<?> start() {
                            var error =
                                    assertThrows(IllegalStateException.class, () -> AsyncioVertx.createTask(() -> 1));
                            assertTrue(error.getMessage().contains("WORKER"), error.getMessage());
                            // There a thread may block.
                            assertEquals(3, Asyncio.<Integer>run(sleep(ofMillis(1), 3)));
                            return Future.succeededFuture();
                        }
                    },
                    new DeploymentOptions().setThreadingModel(ThreadingModel.WORKER)));
        }
    }

    @Test
    void eagerTasksBeginInTheHandler() throws Exception {
        try (var deployed = new Deployed()) {
            deployed.inHandler(() -> {
                var loop = loop();
                var task = loop.createTask(
                        async(() -> {
                            log.add("begun on " + (Vertx.currentContext() == null ? "nothing" : "a context"));
                            await(sleep(ofMillis(1)));
                            return 1;
                        }),
                        TaskOptions.NONE.withEagerStart(true));
                log.add("made");
                return toVertxFuture(task);
            });
            assertEquals(List.of("begun on a context", "made"), log);
        }
    }

    @Test
    void anErrorOfACallbackIsReportedAndTheLoopGoesOn() throws Exception {
        try (var deployed = new Deployed()) {
            var context = deployed.vertx.getOrCreateContext();
            var loop = loop(context);
            var reported = new CountDownLatch(1);
            loop.setExceptionHandler((where, report) -> {
                log.add(report.exception().getMessage());
                reported.countDown();
            });
            loop.callSoonThreadsafe(() -> {
                throw new IOException("callback");
            });
            reported.await();
            assertEquals(1, runCoroutineThreadsafe(sleep(ofMillis(1), 1), loop).get());
            assertEquals(List.of("callback"), log);
        }
    }

    @Test
    void aKeyboardInterruptGoesToTheContextAndTheLoopGoesOn() throws Exception {
        try (var deployed = new Deployed()) {
            var context = deployed.vertx.getOrCreateContext();
            var told = Promise.<Throwable>promise();
            context.exceptionHandler(told::complete);
            var loop = loop(context);
            loop.callSoonThreadsafe(() -> {
                throw new asyncio.KeyboardInterrupt("raised by hand", null);
            });
            assertEquals("raised by hand", get(told.future()).getMessage());
            assertEquals(1, runCoroutineThreadsafe(sleep(ofMillis(1), 1), loop).get());
        }
    }

    /** What the logger "asyncio" says meanwhile, until {@code enough} is among it. */
    private static List<String> logged(String enough, Callable<?> action) throws Exception {
        var messages = new CopyOnWriteArrayList<String>();
        var found = new CountDownLatch(1);
        var handler = new Handler() {
            @Override
            public void publish(LogRecord entry) {
                messages.add(entry.getMessage());
                if (entry.getMessage().contains(enough)) found.countDown();
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        var logger = Logger.getLogger("asyncio");
        logger.addHandler(handler);
        try {
            action.call();
            assertTrue(found.await(60, TimeUnit.SECONDS), () -> "no \"" + enough + "\" in " + messages);
        } finally {
            logger.removeHandler(handler);
        }
        return messages;
    }

    @Test
    void reportsAreMadeAsOnOtherLoops() throws Exception {
        try (var deployed = new Deployed()) {
            var loop = loop(deployed.vertx.getOrCreateContext());
            runCoroutineThreadsafe(async(() -> loop.setBlockedLoopDuration(ofMillis(50))), loop)
                    .get();
            var blocked = logged(
                    "The event loop has been blocked",
                    () -> runCoroutineThreadsafe(async(() -> Thread.sleep(500)), loop)
                            .get());
            assertTrue(blocked.get(0).contains("AsyncioVertxTest"), blocked.toString());

            runCoroutineThreadsafe(async(() -> loop.setDebug(true)), loop).get();
            logged(
                    "took",
                    () -> runCoroutineThreadsafe(async(() -> Thread.sleep(200)), loop)
                            .get());

            logged("exception was never retrieved", () -> {
                runCoroutineThreadsafe(
                                async(() -> {
                                    getRunningLoop().createTask(async(() -> {
                                        throw new IOException("lost");
                                    }));
                                }),
                                loop)
                        .get();
                return get(closeLoop(deployed.vertx.getOrCreateContext()));
            });
        }
    }

    // ---- what the wrong call says

    @Test
    void inAHandlerTheWrongCallSaysTheRightRecipe() throws Exception {
        try (var deployed = new Deployed()) {
            for (Runnable wrong : List.<Runnable>of(
                    () -> await(sleep(ofMillis(1))),
                    () -> await(Promise.promise().future()),
                    () -> Asyncio.run(sleep(ofMillis(1))),
                    () -> Asyncio.createTask(sleep(ofMillis(1))))) {
                var message = deployed.inHandler(() ->
                        assertThrows(IllegalStateException.class, wrong::run).getMessage());
                assertTrue(message.contains("AsyncioVertx.createTask(() -> …)"), message);
                assertTrue(message.contains("AsyncioVerticle"), message);
            }
            var onLoop = deployed.inHandler(() -> {
                loop();
                return List.of(
                        assertThrows(IllegalStateException.class, () -> await(sleep(ofMillis(1))))
                                .getMessage(),
                        assertThrows(IllegalStateException.class, () -> Asyncio.run(sleep(ofMillis(1))))
                                .getMessage());
            });
            for (var message : onLoop) assertTrue(message.contains("createTask(…)"), message);
        }
    }

    // ---- futures

    @Test
    void anAwaitOfAFutureOfVertxGivesItsResultOrRaisesItsFailure() throws Exception {
        try (var deployed = new Deployed()) {
            var vertx = deployed.vertx;
            AsyncioVertx.run(vertx, () -> {
                assertEquals(1, await(Future.succeededFuture(1)));
                assertNull(await(Future.<String>succeededFuture()));
                assertEquals(2, await(vertx.timer(1).map(2)));
                assertThrows(IOException.class, () -> await(Future.failedFuture(new IOException("done"))));
                try {
                    await(
                            vertx.timer(1).compose(ignored -> Future.failedFuture(new IOException("later"))),
                            IOException.class);
                    fail();
                } catch (IOException expected) {
                    assertEquals("later", expected.getMessage());
                }
                assertEquals(
                        List.of(1, 2),
                        await(gather(List.of(
                                wrapFuture(Future.succeededFuture(1)),
                                wrapFuture(vertx.timer(1).map(2))))));
                assertThrows(
                        TimeoutException.class,
                        () -> await(waitFor(wrapFuture(Promise.promise().future()), ofMillis(1))));
            });
        }
    }

    @Test
    void aCompletedFutureOfVertxIsTakenWithoutLettingOthersRun() throws Exception {
        try (var deployed = new Deployed()) {
            AsyncioVertx.run(deployed.vertx, () -> {
                getRunningLoop().callSoon(() -> log.add("others"));
                await(Future.succeededFuture());
                log.add("went on");
            });
        }
        assertEquals(List.of("went on", "others"), log);
    }

    @Test
    void aCancelledAwaitCancelsATimer() throws Exception {
        try (var deployed = new Deployed()) {
            var vertx = deployed.vertx;
            AsyncioVertx.run(vertx, () -> {
                var timer = vertx.timer(1, java.util.concurrent.TimeUnit.HOURS);
                var task = Asyncio.createTask(async(() -> AsyncioVertx.await(timer)));
                await(sleep(ofMillis(1)));
                task.cancel();
                assertThrows(CancelledError.class, () -> await(task));
                assertFalse(timer.cancel());
            });
        }
    }

    private static final class Resource implements AutoCloseable {
        private final Promise<Void> closed = Promise.promise();

        @Override
        public void close() {
            closed.complete();
        }
    }

    @Test
    void aLockThatComesAfterTheCancellationIsReleased() throws Exception {
        try (var deployed = new Deployed()) {
            var shared = deployed.vertx.sharedData();
            AsyncioVertx.run(deployed.vertx, () -> {
                var first = await(shared.getLocalLock("lock"));
                var late = wrapFuture(shared.getLocalLock("lock"));
                assertThrows(TimeoutException.class, () -> await(waitFor(late, ofMillis(1))));
                first.release();
                await(shared.getLocalLockWithTimeout("lock", 20_000)).release();
            });
        }
    }

    @Test
    void anAbandonedResultIsClosed() throws Exception {
        try (var deployed = new Deployed()) {
            var vertx = deployed.vertx;
            var resource = new Resource();
            AsyncioVertx.run(vertx, () -> {
                var opening = Promise.<Resource>promise();
                assertThrows(TimeoutException.class, () -> await(waitFor(wrapFuture(opening.future()), ofMillis(1))));
                opening.complete(resource);
                await(resource.closed.future());

                var server = await(vertx.createNetServer()
                        .connectHandler(socket -> socket.closeHandler(ignored -> log.add("closed")))
                        .listen(0, "127.0.0.1"));
                var client = vertx.createNetClient();
                var socket = await(client.connect(server.actualPort(), "127.0.0.1"));
                var late = Promise.<NetSocket>promise();
                var closed = Promise.<Void>promise();
                socket.closeHandler(ignored -> closed.complete());
                var task = Asyncio.createTask(async(() -> AsyncioVertx.await(late.future())));
                await(sleep(ofMillis(1)));
                task.cancel();
                await(Asyncio.wait(List.of(task)));
                late.complete(socket);
                await(closed.future());
                await(client.close());
            });
        }
    }

    @Test
    void aResultThatComesAfterTheLoopIsClosedToo() throws Exception {
        try (var deployed = new Deployed()) {
            var opening = Promise.<Resource>promise();
            var resource = new Resource();
            AsyncioVertx.run(deployed.vertx, () -> {
                Asyncio.createTask(async(() -> AsyncioVertx.await(opening.future())));
                await(sleep(ofMillis(1)));
            });
            opening.complete(resource);
            get(resource.closed.future());
        }
    }

    @Test
    void aCancelledTaskFailsTheFutureOfVertx() throws Exception {
        try (var deployed = new Deployed()) {
            var future = deployed.inHandler(() -> {
                var task = AsyncioVertx.createTask(() -> await(sleep(ofHours(1))));
                Future<Void> twin = toVertxFuture(task);
                task.cancel("enough");
                return twin;
            });
            assertEquals("enough", failure(CancelledError.class, future).getMessage());
            assertEquals(1, get(deployed.inHandler(() -> toVertxFuture(async(() -> 1)))));
            failure(
                    IOException.class,
                    deployed.inHandler(() -> toVertxFuture(async(() -> {
                        await(sleep(ofMillis(1)));
                        throw new IOException("body");
                    }))));
        }
    }

    // ---- contexts

    @Test
    void aTaskKeepsTheDuplicatedContextOfTheHandlerThatMadeIt() throws Exception {
        try (var deployed = new Deployed()) {
            var root = (ContextInternal) deployed.vertx.getOrCreateContext();
            var results = new HashMap<String, Future<String>>();
            for (var name : List.of("a", "b")) {
                var duplicate = root.duplicate();
                results.put(
                        name,
                        Future.future(promise -> duplicate.runOnContext(ignored -> {
                            Vertx.currentContext()
                                    .putLocal(
                                            ContextInternal.LOCAL_MAP, new java.util.concurrent.ConcurrentHashMap<>());
                            duplicate.getLocal(ContextInternal.LOCAL_MAP).put("name", name);
                            AsyncioVertx.createTask(() -> {
                                        for (var i = 0; i < 3; i++) {
                                            assertSame(duplicate, Vertx.currentContext());
                                            await(deployed.vertx.timer(1));
                                            await(sleep(ofMillis(1)));
                                        }
                                        assertSame(duplicate, await(Asyncio.createTask(async(Vertx::currentContext))));
                                        var called = Promise.<Context>promise();
                                        deployed.vertx.setTimer(1, id -> called.complete(Vertx.currentContext()));
                                        assertSame(duplicate, await(called.future()));
                                        return (String) duplicate
                                                .getLocal(ContextInternal.LOCAL_MAP)
                                                .get("name");
                                    })
                                    .addDoneCallback(task -> {
                                        assertSame(duplicate, Vertx.currentContext());
                                        if (task.exception() != null) promise.fail(task.exception());
                                        else promise.complete(task.result());
                                    });
                        })));
            }
            for (var name : List.of("a", "b")) assertEquals(name, get(results.get(name)));
        }
    }

    private static final ContextVar<String> REQUEST = ContextVar.create("request", "none");

    @Test
    void aContextVarThatAHandlerSetsIsKeptWithTheRequest() throws Exception {
        try (var deployed = new Deployed()) {
            var root = (ContextInternal) deployed.vertx.getOrCreateContext();
            loop(root);
            for (var name : List.of("a", "b")) {
                var duplicate = root.duplicate();
                var seen = Promise.<String>promise();
                duplicate.runOnContext(ignored -> {
                    assertEquals("none", REQUEST.get());
                    REQUEST.set(name);
                    duplicate.runOnContext(again -> {
                        var task = AsyncioVertx.createTask(() -> {
                            await(sleep(ofMillis(1)));
                            var before = REQUEST.get();
                            REQUEST.set("changed");
                            return before;
                        });
                        task.addDoneCallback(done -> seen.complete(done.result() + " " + REQUEST.get()));
                    });
                });
                assertEquals(name + " " + name, get(seen.future()));
            }
            assertEquals("none", get(Future.<String>future(p -> root.runOnContext(v -> p.complete(REQUEST.get())))));
        }
    }

    @Test
    void runTakesAVertxOfTheUsers() throws Exception {
        try (var deployed = new Deployed()) {
            var vertx = deployed.vertx;
            Coroutine<Integer> main = async(() -> {
                assertSame(vertx, Vertx.currentContext().owner());
                assertSame(getRunningLoop(), loop());
                var context = Vertx.currentContext();
                var called = Promise.<Boolean>promise();
                vertx.setTimer(1, ignored -> {
                    Asyncio.createTask(async(() -> called.complete(Vertx.currentContext() == context)));
                });
                assertTrue(await(called.future()));
                return 1;
            });
            assertEquals(1, AsyncioVertx.run(vertx, main));
            assertEquals(2, Asyncio.run(sleep(ofMillis(1), 2), RunOptions.loopFrom(loopFactory(vertx))));
            assertThrows(
                    IOException.class,
                    () -> AsyncioVertx.run(vertx, () -> {
                        throw new IOException("main");
                    }));
        }
    }

    @Test
    void nothingKeepsTheLoopOfAnUndeployedVerticle() throws Exception {
        try (var deployed = new Deployed()) {
            var loop = new WeakReference<>(deployAndUndeploy(deployed.vertx));
            for (var i = 0; i < 100 && loop.get() != null; i++) {
                System.gc();
                Thread.sleep(20);
            }
            assertNull(loop.get());
        }
    }

    private static EventLoop deployAndUndeploy(Vertx vertx) throws Exception {
        var verticle = new AsyncioVerticle() {
            private EventLoop mine;

            @Override
            public void start() {
                mine = loop();
                createTask(() -> await(sleep(ofHours(1))));
                await(sleep(ofMillis(1)));
            }
        };
        get(vertx.deployVerticle(verticle));
        get(vertx.undeploy(verticle.deploymentID()));
        return verticle.mine;
    }
}
