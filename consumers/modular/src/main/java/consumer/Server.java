package consumer;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** A server of Vert.x that answers every request with "served", and echoes what comes over a WebSocket. */
final class Server implements AutoCloseable {
    private final Vertx vertx;
    private final HttpServer server;
    private final boolean tls;

    private Server(Vertx vertx, HttpServer server, boolean tls) {
        this.vertx = vertx;
        this.server = server;
        this.tls = tls;
    }

    static Server start(boolean tls) throws Exception {
        var vertx = Vertx.vertx();
        var options = new HttpServerOptions().setHost("127.0.0.1").setPort(0);
        if (tls) {
            options.setSsl(true)
                    .setUseAlpn(true)
                    .setKeyCertOptions(new PemKeyCertOptions()
                            .setCertValue(resource("certificate.pem"))
                            .setKeyValue(resource("key.pem")));
        }
        var server = vertx.createHttpServer(options)
                .requestHandler(request -> request.response().end("served"))
                .webSocketHandler(webSocket -> webSocket.textMessageHandler(webSocket::writeTextMessage))
                .listen()
                .toCompletionStage()
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
        return new Server(vertx, server, tls);
    }

    private static Buffer resource(String name) throws IOException {
        try (var in = Server.class.getResourceAsStream(name)) {
            return Buffer.buffer(in.readAllBytes());
        }
    }

    String url(String scheme) {
        return scheme + (tls ? "s" : "") + "://127.0.0.1:" + server.actualPort() + "/";
    }

    @Override
    public void close() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
}
