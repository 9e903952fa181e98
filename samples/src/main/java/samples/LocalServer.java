package samples;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;

/** A server on this machine, for samples that want to ask one. */
public final class LocalServer implements AutoCloseable {
    // A Vert.x of its own: what it does costs the loop of the clients nothing.
    private final Vertx vertx = Vertx.vertx(new VertxOptions()
            .setUseDaemonThread(true)
            .setEventLoopPoolSize(1)
            .setFileSystemOptions(
                    new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));
    private final boolean isTls;
    private final HttpServer server;

    private LocalServer(
            HttpServerOptions options, Handler<HttpServerRequest> requests, Handler<ServerWebSocket> webSockets) {
        isTls = options.isSsl();
        var server = vertx.createHttpServer(options).requestHandler(requests);
        if (webSockets != null) {
            server.webSocketHandler(webSockets);
        }
        this.server = server.listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    /** Starts one on a free port of the loopback address. */
    public static LocalServer start(Handler<HttpServerRequest> requests) {
        return start(new HttpServerOptions(), requests);
    }

    /** {@link #start(Handler)} with settings. */
    public static LocalServer start(HttpServerOptions options, Handler<HttpServerRequest> requests) {
        return new LocalServer(options, requests, null);
    }

    /** One that speaks WebSocket only. */
    public static LocalServer startWebSocket(Handler<ServerWebSocket> webSockets) {
        return new LocalServer(
                new HttpServerOptions(),
                request -> request.response().setStatusCode(404).end(),
                webSockets);
    }

    /** What it runs on. */
    public Vertx vertx() {
        return vertx;
    }

    /** Its port. */
    public int port() {
        return server.actualPort();
    }

    /** The URL of a path, which begins with a slash. */
    public String url(String path) {
        return (isTls ? "https" : "http") + "://127.0.0.1:" + port() + path;
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
