package asyncio.io;

import static asyncio.Asyncio.await;
import static asyncio.io.Streams.startServer;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import asyncio.Asyncio;
import asyncio.CancelledError;
import asyncio.vertx.AsyncioVerticle;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.ConnectException;
import java.net.Socket;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Streams on the loop of a verticle. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class VerticleStreamsTest {
    private final Vertx vertx = Vertx.vertx();

    /** Sends each line back, with the name of the loop's verticle in front. */
    private static final class Echo extends AsyncioVerticle {
        private Server server;
        private volatile boolean isCancelled;

        @Override
        public void start() {
            server = await(startServer(this::serve, "127.0.0.1", 0));
            assertSame(loop(), server.getLoop());
        }

        private void serve(StreamReader reader, StreamWriter writer) {
            assertSame(loop(), Asyncio.getRunningLoop());
            assertSame(context, Vertx.currentContext());
            try {
                for (var line : Asyncio.each(reader)) {
                    writer.write("echo " + new String(line, UTF_8));
                    await(writer.drain());
                }
            } catch (CancelledError e) {
                isCancelled = true;
                throw e;
            } finally {
                writer.close();
            }
        }
    }

    @AfterEach
    void close() throws Exception {
        get(vertx.close());
    }

    private static <T> T get(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    @Test
    void aVerticleServesUntilItIsUndeployed() throws Exception {
        var verticle = new Echo();
        var deployment = get(vertx.deployVerticle(verticle));
        int port = verticle.server.port();
        try (var socket = new Socket("127.0.0.1", port)) {
            socket.getOutputStream().write("one\n".getBytes(UTF_8));
            assertEquals("echo one\n", new String(socket.getInputStream().readNBytes(9), UTF_8));

            get(vertx.undeploy(deployment));

            assertEquals(-1, socket.getInputStream().read());
            assertTrue(verticle.isCancelled);
            assertTrue(verticle.loop().isClosed());
            assertThrows(ConnectException.class, () -> new Socket("127.0.0.1", port).close());
        }
    }

    @Test
    void instancesHaveServersOfTheirOwn() throws Exception {
        var one = new Echo();
        var two = new Echo();
        get(vertx.deployVerticle(one));
        get(vertx.deployVerticle(two));
        for (var verticle : new Echo[] {one, two}) {
            try (var socket = new Socket("127.0.0.1", verticle.server.port())) {
                socket.getOutputStream().write("x\n".getBytes(UTF_8));
                assertEquals("echo x\n", new String(socket.getInputStream().readNBytes(7), UTF_8));
            }
        }
    }
}
