package benchmarks.web;

import static asyncio.vertx.AsyncioVertx.await;

import asyncio.vertx.AsyncioVerticle;
import io.vertx.core.Deployable;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.ThreadingModel;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServerRequest;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * A server whose handler waits for a timer of Vert.x and answers, written in one of the ways that are compared:
 * {@code WebServer WAY PORT INSTANCES}. It ends when its standard input does, and prints how many handlers had not
 * ended then.
 */
public final class WebServer {
    private static final long DELAY = 2;
    private static final String BODY = "{\"message\": \"hello, world\", \"served\": true}";

    /** Handlers that have begun and not ended. */
    private static final AtomicInteger RUNNING = new AtomicInteger();

    private WebServer() {}

    public static void main(String[] args) throws Exception {
        var port = Integer.parseInt(args[1]);
        var instances = Integer.parseInt(args[2]);
        Supplier<Deployable> server = switch (args[0]) {
            case "callbacks" -> () -> new Callbacks(port);
            case "asyncio" -> () -> new Coroutines(port);
            case "asyncio-kotlin" -> () -> new KotlinCoroutines(port);
            case "vertx-kotlin" -> () -> new VertxCoroutines(port);
            case "virtual-threads" -> () -> new VirtualThreads(port);
            case "route-callbacks" -> () -> new RouteServers.Callbacks(port);
            case "route-asyncio" -> () -> new RouteServers.Coroutines(port);
            case "route-asyncio-kotlin" -> () -> new KotlinRoutes(port);
            case "route-vertx-kotlin" -> () -> new VertxRoutes(port);
            default -> throw new IllegalArgumentException("no such way: " + args[0]);
        };
        var options = new DeploymentOptions().setInstances(instances);
        if (args[0].equals("virtual-threads")) {
            options.setThreadingModel(ThreadingModel.VIRTUAL_THREAD);
        }
        var vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
        var deployment = vertx.deployVerticle(server, options).await(30, TimeUnit.SECONDS);
        System.out.println("ready");
        while (System.in.read() >= 0) {
            // Until the script closes it.
        }
        vertx.undeploy(deployment).await(30, TimeUnit.SECONDS);
        System.out.println("running handlers after undeploy: " + RUNNING.get());
        vertx.close().await(30, TimeUnit.SECONDS);
    }

    static void begun() {
        RUNNING.incrementAndGet();
    }

    static void ended() {
        RUNNING.decrementAndGet();
    }

    static long delay() {
        return DELAY;
    }

    static String body() {
        return BODY;
    }

    static final class Callbacks extends VerticleBase {
        private final int port;

        Callbacks(int port) {
            this.port = port;
        }

        @Override
        public Future<?> start() {
            return vertx.createHttpServer().requestHandler(this::handle).listen(port);
        }

        private void handle(HttpServerRequest request) {
            begun();
            vertx.timer(DELAY).compose(fired -> request.response().end(BODY)).onComplete(done -> ended());
        }
    }

    static final class Coroutines extends AsyncioVerticle {
        private final int port;

        Coroutines(int port) {
            this.port = port;
        }

        @Override
        public void start() {
            await(vertx.createHttpServer()
                    .requestHandler(request -> asyncio.vertx.AsyncioVertx.createTask(() -> handle(request)))
                    .listen(port));
        }

        private void handle(HttpServerRequest request) {
            begun();
            try {
                await(vertx.timer(DELAY));
                await(request.response().end(BODY));
            } catch (Exception gone) {
                // The client has left.
            } finally {
                ended();
            }
        }
    }

    static final class VirtualThreads extends VerticleBase {
        private final int port;

        VirtualThreads(int port) {
            this.port = port;
        }

        @Override
        public Future<?> start() {
            return vertx.createHttpServer().requestHandler(this::handle).listen(port);
        }

        private void handle(HttpServerRequest request) {
            begun();
            try {
                vertx.timer(DELAY).await();
                request.response().end(BODY).await();
            } catch (Exception gone) {
                // The client has left.
            } finally {
                ended();
            }
        }
    }
}
