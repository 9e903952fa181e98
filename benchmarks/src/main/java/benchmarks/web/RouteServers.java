package benchmarks.web;

import static asyncio.vertx.AsyncioVertx.await;

import asyncio.vertx.AsyncioVerticle;
import asyncio.vertx.web.CoroutineRoutes;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.ext.web.Router;

/** {@link WebServer} with a route of vertx-web. */
final class RouteServers {
    private RouteServers() {}

    static final class Callbacks extends VerticleBase {
        private final int port;

        Callbacks(int port) {
            this.port = port;
        }

        @Override
        public Future<?> start() {
            var router = Router.router(vertx);
            router.get("/").handler(context -> {
                WebServer.begun();
                vertx.timer(WebServer.delay())
                        .compose(fired -> context.end(WebServer.body()))
                        .onComplete(done -> WebServer.ended());
            });
            return vertx.createHttpServer().requestHandler(router).listen(port);
        }
    }

    static final class Coroutines extends AsyncioVerticle {
        private final int port;

        Coroutines(int port) {
            this.port = port;
        }

        @Override
        public void start() {
            var router = Router.router(vertx);
            router.get("/").handler(CoroutineRoutes.create().coRespond(context -> {
                WebServer.begun();
                try {
                    await(vertx.timer(WebServer.delay()));
                    return WebServer.body();
                } finally {
                    WebServer.ended();
                }
            }));
            await(vertx.createHttpServer().requestHandler(router).listen(port));
        }
    }
}
