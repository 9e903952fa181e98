package benchmarks.echo;

import static asyncio.Asyncio.*;
import static asyncio.io.Streams.startServer;

import asyncio.io.Protocol;
import asyncio.io.Server;
import asyncio.io.StreamReader;
import asyncio.io.StreamWriter;
import asyncio.io.Transport;
import asyncio.io.Transports;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;

/** Starts a server of one way, prints its port, and serves until its standard input ends. */
public final class EchoServer {
    private static final int PORTION = 64 * 1024;

    private EchoServer() {}

    /** The way is {@code netsocket}, {@code protocol}, {@code streams} or {@code streams-kotlin}. */
    public static void main(String[] arguments) throws Exception {
        var way = arguments[0];
        if (way.equals("netsocket")) {
            serveByVertx();
        } else {
            run(() -> {
                Server server = switch (way) {
                    case "protocol" -> await(Transports.createServer(Echo::new, "127.0.0.1", 0));
                    case "streams" -> await(startServer(EchoServer::echo, "127.0.0.1", 0));
                    case "streams-kotlin" -> await(KotlinEcho.INSTANCE.server());
                    default -> throw new IllegalArgumentException(way);
                };
                System.out.println(server.port());
                await(toThread(EchoServer::waitForEnd));
            });
        }
        System.exit(0);
    }

    private static void serveByVertx() throws Exception {
        var vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
        var server = vertx.createNetServer()
                .connectHandler(socket -> socket.handler(socket::write))
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get();
        System.out.println(server.actualPort());
        waitForEnd();
    }

    private static void waitForEnd() throws IOException {
        while (System.in.read() >= 0) {}
    }

    private static void echo(StreamReader reader, StreamWriter writer) {
        try (writer) {
            for (var data = await(reader.read(PORTION)); data.length > 0; data = await(reader.read(PORTION))) {
                writer.write(data);
                await(writer.drain());
            }
        }
    }

    private static final class Echo implements Protocol {
        private Transport transport;

        @Override
        public void connectionMade(Transport transport) {
            this.transport = transport;
        }

        @Override
        public void dataReceived(byte[] data) {
            transport.write(data);
        }
    }
}
