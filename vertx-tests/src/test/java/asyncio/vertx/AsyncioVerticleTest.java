package asyncio.vertx;

import static asyncio.Asyncio.*;
import static asyncio.vertx.AsyncioVertx.*;
import static asyncio.vertx.Deployed.failure;
import static asyncio.vertx.Deployed.get;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static org.junit.jupiter.api.Assertions.*;

import asyncio.CancelledError;
import asyncio.Event;
import asyncio.EventLoop;
import asyncio.internal.run.AttachedLoop;
import io.vertx.core.Context;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Promise;
import io.vertx.core.ThreadingModel;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import shop.Stubborn;

@Timeout(120)
class AsyncioVerticleTest {
    private final List<String> log = new CopyOnWriteArrayList<>();

    private static DeploymentOptions options() {
        return new DeploymentOptions();
    }

    /** The first program of docs/vertx.md: a server whose start awaits and whose handlers do. */
    private static class Web extends AsyncioVerticle {
        private int port;

        @Override
        public void start() {
            await(sleep(ofMillis(1)));
            var server = vertx.createHttpServer().requestHandler(request -> {
                // Before the handler returns: what comes then has to be asked for.
                var body = request.body();
                createTask(() -> {
                    await(sleep(ofMillis(1)));
                    await(request.response().end("hello " + await(body) + " from " + config().getString("name")));
                });
            });
            port = await(server.listen(0, "127.0.0.1")).actualPort();
        }
    }

    @Test
    void startAwaitsAndHandlersStartCoroutines() throws Exception {
        try (var deployed = new Deployed()) {
            var web = new Web();
            get(deployed.vertx.deployVerticle(web, options().setConfig(new JsonObject().put("name", "a"))));
            var client = deployed.vertx.createHttpClient();
            var answer = get(client.request(HttpMethod.POST, web.port, "127.0.0.1", "/")
                    .compose(request -> request.send("you"))
                    .compose(response -> response.body()));
            assertEquals("hello you from a", answer.toString());
            get(deployed.vertx.undeploy(web.deploymentID()));
            assertTrue(web.loop().isClosed());
        }
    }

    @Test
    void aFailingStartFailsTheDeployment() throws Exception {
        try (var deployed = new Deployed()) {
            var verticle = new AsyncioVerticle() {
                private EventLoop mine;

                @Override
                public void start() throws Exception {
                    mine = getRunningLoop();
                    createTask(this::background);
                    await(sleep(ofMillis(1)));
                    throw new IOException("no disk");
                }

                private void background() {
                    try {
                        await(sleep(ofHours(1)));
                    } finally {
                        await(sleep(ofMillis(1)));
                        log.add("background ended");
                    }
                }
            };
            var error = failure(IOException.class, deployed.vertx.deployVerticle(verticle));
            assertEquals("no disk", error.getMessage());
            assertEquals(List.of("background ended"), log);
            assertTrue(verticle.mine.isClosed());
            assertEquals(Set.of(), deployed.vertx.deploymentIDs());
        }
    }

    @Test
    void aBackgroundTaskThatFailsDuringTheStartFailsTheDeployment() throws Exception {
        try (var deployed = new Deployed()) {
            var error = failure(IOException.class, deployed.vertx.deployVerticle(new AsyncioVerticle() {
                @Override
                public void start() {
                    createTask(() -> {
                        await(sleep(ofMillis(1)));
                        throw new IOException("background");
                    });
                    try {
                        await(sleep(ofHours(1)));
                    } catch (CancelledError cancelled) {
                        log.add(cancelled.getMessage());
                        throw cancelled;
                    }
                }
            }));
            assertEquals("background", error.getMessage());
            assertEquals(List.of("A background task of the verticle has failed"), log);
        }
    }

    @Test
    void aFailureThatTheStartTakesIsItsOwnAffair() throws Exception {
        try (var deployed = new Deployed()) {
            get(deployed.vertx.deployVerticle(new AsyncioVerticle() {
                @Override
                public void start() {
                    loop().setExceptionHandler((loop, report) -> log.add(report.message()));
                    var task = createTask(async(() -> {
                        throw new IOException("expected");
                    }));
                    try {
                        await(task, IOException.class);
                    } catch (IOException expected) {
                        log.add("taken");
                    }
                    var outcomes = await(gatherOutcomes(createTask(async(() -> {
                        throw new IOException("expected, too");
                    }))));
                    log.add(outcomes.get(0).exception().getMessage());
                }
            }));
        }
        assertEquals(List.of("taken", "expected, too"), log);
    }

    @Test
    void aBackgroundTaskThatFailsLaterIsReportedAndCanEndTheVerticle() throws Exception {
        for (var undeploys : List.of(false, true)) {
            log.clear();
            try (var deployed = new Deployed()) {
                var reported = new CountDownLatch(1);
                var stopped = new CountDownLatch(1);
                var verticle = new AsyncioVerticle() {
                    @Override
                    public void start() {
                        loop().setExceptionHandler((loop, report) -> {
                            log.add(report.exception().getMessage());
                            reported.countDown();
                        });
                        vertx.eventBus()
                                .consumer(
                                        "fail",
                                        ignored -> createTask(() -> {
                                            await(sleep(ofMillis(1)));
                                            throw new IOException("later");
                                        }));
                    }

                    @Override
                    public void stop() {
                        log.add("stop");
                        stopped.countDown();
                    }

                    @Override
                    protected boolean undeploysOnFailure() {
                        return undeploys;
                    }
                };
                get(deployed.vertx.deployVerticle(verticle));
                deployed.vertx.eventBus().send("fail", "now");
                reported.await();
                if (undeploys) {
                    stopped.await();
                } else {
                    get(deployed.vertx.undeploy(verticle.deploymentID()));
                }
            }
            assertEquals(List.of("later", "stop"), log);
        }
    }

    @Test
    void undeployRunsStopThenCancelsTheTasksAndAwaitsThem() throws Exception {
        try (var deployed = new Deployed()) {
            var verticle = new AsyncioVerticle() {
                private EventLoop mine;

                @Override
                public void start() {
                    mine = loop();
                    var begun = Event.create();
                    createTask(() -> {
                        begun.set();
                        waitForEver("own");
                    });
                    getRunningLoop().createTask(async(() -> waitForEver("other")));
                    await(begun.waitSet());
                }

                private void waitForEver(String who) {
                    try {
                        await(sleep(ofHours(1)));
                    } finally {
                        await(vertx.timer(1));
                        log.add(who + " ended");
                    }
                }

                @Override
                public void stop() {
                    assertEquals(3, allTasks().size());
                    await(sleep(ofMillis(1)));
                    log.add("stop");
                }
            };
            get(deployed.vertx.deployVerticle(verticle));
            assertFalse(verticle.mine.isClosed());
            get(deployed.vertx.undeploy(verticle.deploymentID()));
            assertEquals("stop", log.get(0));
            assertEquals(Set.of("own ended", "other ended"), Set.copyOf(log.subList(1, 3)));
            assertTrue(verticle.mine.isClosed());
            assertThrows(IllegalStateException.class, () -> AsyncioVertx.loop(verticle.context));
        }
    }

    @Test
    void aTaskThatIgnoresItsCancellationIsReported() throws Exception {
        var before = AttachedLoop.getReportedAfter();
        AttachedLoop.setReportedAfter(ofMillis(20));
        try (var deployed = new Deployed();
                var logged = new Logged()) {
            var verticle = new AsyncioVerticle() {
                private EventLoop mine;
                private Event mayEnd;

                @Override
                public void start() {
                    mine = loop();
                    mayEnd = Event.create();
                    var begun = Event.create();
                    createTask(async(() -> Stubborn.waitFor(mayEnd, begun)), "stubborn");
                    createTask(() -> await(sleep(ofHours(1))));
                    await(begun.waitSet());
                }
            };
            get(deployed.vertx.deployVerticle(verticle));

            var undeployed = deployed.vertx.undeploy(verticle.deploymentID());
            var line = logged.await("'stubborn'");
            assertTrue(line.contains("\tat shop.Stubborn.waitFor(Stubborn.java:"), line);
            assertFalse(undeployed.isComplete());
            verticle.mine.callSoonThreadsafe(verticle.mayEnd::set);
            get(undeployed);

            assertEquals(1, logged.count("The end of the event loop waits for task"));
        } finally {
            AttachedLoop.setReportedAfter(before);
        }
    }

    @Test
    void aFailingStopFailsTheUndeploymentButTheTasksEnd() throws Exception {
        try (var deployed = new Deployed()) {
            var verticle = new AsyncioVerticle() {
                private EventLoop mine;

                @Override
                public void start() {
                    mine = loop();
                    createTask(() -> {
                        try {
                            await(sleep(ofHours(1)));
                        } finally {
                            log.add("ended");
                        }
                    });
                    await(sleep(ofMillis(1)));
                }

                @Override
                public void stop() throws IOException {
                    throw new IOException("stop");
                }
            };
            get(deployed.vertx.deployVerticle(verticle));
            failure(IOException.class, deployed.vertx.undeploy(verticle.deploymentID()));
            assertEquals(List.of("ended"), log);
            assertTrue(verticle.mine.isClosed());
        }
    }

    @Test
    void closingVertxDuringTheStartCancelsIt() throws Exception {
        var deployed = new Deployed();
        var begun = new CountDownLatch(1);
        var deployment = deployed.vertx.deployVerticle(new AsyncioVerticle() {
            @Override
            public void start() {
                begun.countDown();
                try {
                    await(sleep(ofHours(1)));
                } finally {
                    await(sleep(ofMillis(1)));
                    log.add("start ended");
                }
            }
        });
        begun.await();
        deployed.close();
        assertEquals(List.of("start ended"), log);
        failure(Exception.class, deployment);
    }

    @Test
    void closingVertxEndsTheVerticles() throws Exception {
        var deployed = new Deployed();
        get(deployed.vertx.deployVerticle(new AsyncioVerticle() {
            @Override
            public void start() {
                createTask(() -> {
                    try {
                        await(sleep(ofHours(1)));
                    } finally {
                        await(sleep(ofMillis(1)));
                        log.add("ended");
                    }
                });
                await(sleep(ofMillis(1)));
            }

            @Override
            public void stop() {
                log.add("stop");
            }
        }));
        deployed.close();
        assertEquals(List.of("stop", "ended"), log);
    }

    @Test
    void eachInstanceHasALoopOfItsOwnOnAnEventLoopOfItsOwn() throws Exception {
        Set<EventLoop> loops = Collections.synchronizedSet(new HashSet<>());
        Set<Thread> threads = Collections.synchronizedSet(new HashSet<>());
        class Two extends AsyncioVerticle {
            @Override
            public void start() {
                loops.add(getRunningLoop());
                assertSame(loop(), getRunningLoop());
                await(vertx.executeBlocking(() -> null));
                var seen = Promise.<Thread>promise();
                context.runOnContext(ignored -> seen.complete(Thread.currentThread()));
                threads.add(await(seen.future()));
            }
        }
        try (var deployed = new Deployed()) {
            get(deployed.vertx.deployVerticle(Two::new, options().setInstances(2)));
            assertEquals(2, loops.size());
            assertEquals(2, threads.size());
        }
        assertTrue(loops.stream().allMatch(EventLoop::isClosed));
    }

    @Test
    void otherThreadingModelsAreRefused() throws Exception {
        try (var deployed = new Deployed()) {
            class Unlucky extends AsyncioVerticle {}
            var worker = failure(
                    IllegalStateException.class,
                    deployed.vertx.deployVerticle(new Unlucky(), options().setThreadingModel(ThreadingModel.WORKER)));
            assertTrue(worker.getMessage().contains("worker threads"), worker.getMessage());
            assertTrue(worker.getMessage().contains("ThreadingModel.EVENT_LOOP"), worker.getMessage());
            if (Runtime.version().feature() < 21) return;
            var virtual = failure(
                    IllegalStateException.class,
                    deployed.vertx.deployVerticle(
                            new Unlucky(), options().setThreadingModel(ThreadingModel.VIRTUAL_THREAD)));
            assertTrue(virtual.getMessage().contains("virtual threads"), virtual.getMessage());
        }
    }

    @Test
    void bodiesStandOnTheContextOfTheVerticle() throws Exception {
        try (var deployed = new Deployed()) {
            get(deployed.vertx.deployVerticle(new AsyncioVerticle() {
                @Override
                public void start() {
                    assertHere(context);
                    await(sleep(ofMillis(1)));
                    assertHere(context);
                    await(vertx.executeBlocking(() -> null));
                    assertHere(context);
                    await(toThread(() -> assertNotSame(context, Vertx.currentContext())));
                    assertHere(context);
                    await(async(() -> assertHere(context)));
                    await(createTask(() -> assertHere(context)));
                    var called = Promise.<Context>promise();
                    vertx.setTimer(1, ignored -> called.complete(Vertx.currentContext()));
                    assertSame(context, await(called.future()));
                    var soon = getRunningLoop().<Context>createFuture();
                    getRunningLoop().callSoon(() -> soon.setResult(Vertx.currentContext()));
                    assertSame(context, await(soon));
                    log.add("done");
                }

                private void assertHere(Context context) {
                    assertSame(context, Vertx.currentContext());
                    assertSame(context, vertx.getOrCreateContext());
                }
            }));
        }
        assertEquals(List.of("done"), log);
    }
}
