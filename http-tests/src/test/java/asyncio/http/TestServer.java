package asyncio.http;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** A well-behaved server, on a Vert.x of its own. */
final class TestServer implements AutoCloseable {
    private final Vertx vertx = Vertx.vertx();
    private final AtomicInteger connections = new AtomicInteger();
    private final HttpServer server;

    private TestServer(HttpServerOptions options, Consumer<HttpServerRequest> handler) throws Exception {
        server = vertx.createHttpServer(options)
                .connectionHandler(connection -> connections.incrementAndGet())
                .requestHandler(handler::accept)
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(RawServer.PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    static TestServer start(Consumer<HttpServerRequest> handler) throws Exception {
        return start(new HttpServerOptions(), handler);
    }

    static TestServer start(HttpServerOptions options, Consumer<HttpServerRequest> handler) throws Exception {
        return new TestServer(options, handler);
    }

    Vertx vertx() {
        return vertx;
    }

    int port() {
        return server.actualPort();
    }

    String url(String path) {
        return "http://127.0.0.1:" + port() + path;
    }

    int connections() {
        return connections.get();
    }

    @Override
    public void close() {
        vertx.close()
                .toCompletionStage()
                .toCompletableFuture()
                .orTimeout(RawServer.PATIENCE_SECONDS, TimeUnit.SECONDS)
                .join();
    }
}
