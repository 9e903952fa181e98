package asyncio.http;

import static asyncio.Asyncio.*;
import static java.time.Duration.ofMillis;
import static org.junit.jupiter.api.Assertions.*;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Bodies that are large, or come late, or are not wanted. */
@Timeout(240)
class ResponseBodyTest {
    private static final int MEGABYTE = 1 << 20;

    @Test
    void aLargeBody() throws Exception {
        var body = pattern(20 * MEGABYTE);
        try (var server = RawServer.start(connection -> {
            while (connection.readRequest() != null) {
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + body.length + "\r\n\r\n");
                connection.socket.getOutputStream().write(body);
            }
        })) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    for (int i = 0; i < 3; i++) {
                        assertArrayEquals(
                                body, await(await(session.get(server.url())).read()));
                    }
                    assertEquals(1, server.connections());
                }
            });
        }
    }

    @Test
    void aBodyThatComesInManyPieces() throws Exception {
        try (var server = RawServer.start(connection -> {
            connection.readRequest();
            connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            for (int i = 0; i < 300; i++) {
                connection.send("1\r\n" + (char) ('a' + i % 26) + "\r\n");
            }
            connection.send("0\r\nX-Trailer: 1\r\n\r\n");
            connection.readRequest();
        })) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    var text = await(await(session.get(server.url())).text());
                    assertEquals(300, text.length());
                    assertTrue(text.startsWith("abcdef"));
                }
            });
        }
    }

    @Test
    void aBodyLargerThanAllowed() throws Exception {
        var gone = new CountDownLatch(2);
        try (var server = RawServer.start(connection -> {
            var chunked = connection.readRequest().contains("/chunked");
            connection.send("HTTP/1.1 200 OK\r\n" + (chunked ? "Transfer-Encoding: chunked" : "Content-Length: 2000000")
                    + "\r\n\r\n");
            try {
                for (int i = 0; i < 100; i++) {
                    connection.send((chunked ? "4e20\r\n" : "") + "x".repeat(20_000) + (chunked ? "\r\n" : ""));
                }
            } finally {
                connection.awaitClosedByClient();
                gone.countDown();
            }
        })) {
            run(() -> {
                try (var session = ClientSession.builder().maxBodySize(100_000).build()) {
                    for (var path : new String[] {"length", "chunked"}) {
                        var response = await(session.get(server.url() + path));
                        var refused = assertThrows(ClientPayloadException.class, () -> await(response.read()));
                        assertTrue(refused.getMessage().contains("100000"), refused.getMessage());
                        assertThrows(ClientException.class, () -> await(response.read()));
                    }
                    await(toThread(() -> RawServer.await(gone)));
                }
            });
        }
    }

    @Test
    void aBodyExactlyAsLargeAsAllowed() throws Exception {
        try (var server = RawServer.answering(RawServer.ok("12345"))) {
            run(() -> {
                try (var session = ClientSession.builder().maxBodySize(5).build()) {
                    assertEquals("12345", await(await(session.get(server.url())).text()));
                }
                try (var session = ClientSession.builder().maxBodySize(4).build()) {
                    var response = await(session.get(server.url()));
                    assertThrows(ClientPayloadException.class, () -> await(response.text()));
                }
            });
        }
    }

    @Test
    void aBodyThatEndsWithTheConnectionWaitsForItsReader() throws Exception {
        var body = pattern(3 * MEGABYTE);
        for (var head : new String[] {"Connection: close\r\nContent-Length: " + body.length, "Connection: close"}) {
            try (var server = RawServer.start(connection -> {
                connection.readRequest();
                connection.send("HTTP/1.1 200 OK\r\n" + head + "\r\n\r\n");
                connection.socket.getOutputStream().write(body);
            })) {
                run(() -> {
                    try (var session = ClientSession.create()) {
                        var response = await(session.get(server.url()));
                        await(sleep(ofMillis(300)));
                        assertArrayEquals(body, await(response.read()));
                    }
                });
            }
        }
    }

    /** The server is held up as long as nobody reads, and gets everything rid as soon as somebody does. */
    @Test
    void aBodyThatNobodyReadsIsNotTakenInWhole() throws Exception {
        int size = 48 * MEGABYTE;
        var heldUp = new CompletableFuture<Long>();
        try (var listener = ServerSocketChannel.open()) {
            listener.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0));
            int port = ((InetSocketAddress) listener.getLocalAddress()).getPort();
            var server = new Thread(() -> serve(listener, size, heldUp));
            server.setDaemon(true);
            server.start();
            run(() -> {
                try (var session = ClientSession.create()) {
                    var response = await(session.get("http://127.0.0.1:" + port + "/"));
                    long written = await(toThread(() -> heldUp.get(RawServer.PATIENCE_SECONDS, TimeUnit.SECONDS)));
                    assertTrue(written < size, "the server could write all " + written + " bytes");
                    var body = await(response.read());
                    assertEquals(size, body.length);
                    for (byte b : body) {
                        assertEquals('x', b);
                    }
                }
            });
        }
    }

    private static void serve(ServerSocketChannel listener, int size, CompletableFuture<Long> heldUp) {
        try (var channel = listener.accept();
                var selector = Selector.open()) {
            var in = ByteBuffer.allocate(1000);
            while (!new String(in.array(), 0, in.position(), StandardCharsets.US_ASCII).endsWith("\r\n\r\n")) {
                channel.read(in);
            }
            channel.write(ByteBuffer.wrap(
                    ("HTTP/1.1 200 OK\r\nContent-Length: " + size + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII)));
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_WRITE);
            var portion = new byte[64 * 1024];
            Arrays.fill(portion, (byte) 'x');
            long written = 0;
            while (written < size) {
                if (selector.select(1000) == 0) {
                    heldUp.complete(written);
                    selector.select();
                }
                selector.selectedKeys().clear();
                int n = (int) Math.min(portion.length, size - written);
                written += channel.write(ByteBuffer.wrap(portion, 0, n));
            }
            heldUp.complete(written);
            channel.configureBlocking(true);
            channel.read(ByteBuffer.allocate(1));
        } catch (Exception failure) {
            heldUp.completeExceptionally(failure);
        }
    }

    @Test
    void closingAResponseBeforeItsEndClosesTheConnection() throws Exception {
        var gone = new CountDownLatch(1);
        try (var server = RawServer.start(connection -> {
            connection.readRequest();
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf");
            connection.awaitClosedByClient();
            gone.countDown();
        })) {
            run(() -> {
                try (var session = ClientSession.builder().limit(1).build()) {
                    var response = await(session.get(server.url()));
                    response.release();
                    response.close();
                    var raised = assertThrows(ClientConnectionException.class, () -> await(response.read()));
                    assertTrue(raised.getMessage().contains("was closed before"), raised.getMessage());
                    await(toThread(() -> RawServer.await(gone)));
                }
            });
        }
    }

    @Test
    void closingAResponseEndsItsReader() throws Exception {
        try (var server = RawServer.start(connection -> {
            connection.readRequest();
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf");
            connection.awaitClosedByClient();
        })) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    var response = await(session.get(server.url()));
                    var reading = createTask(response.read());
                    await(sleep(ofMillis(0)));
                    assertThrows(IllegalStateException.class, () -> await(response.read()));
                    response.close();
                    assertThrows(ClientConnectionException.class, () -> await(reading));
                }
            });
        }
    }

    @Test
    void whatWasReadStaysAfterTheClose() throws Exception {
        try (var server = RawServer.answering(RawServer.ok("x"))) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    var response = await(session.get(server.url()));
                    await(response.read());
                    response.close();
                    assertEquals("x", await(response.text()));
                    assertEquals("x", await(response.text(StandardCharsets.US_ASCII)));
                }
            });
        }
    }

    private static byte[] pattern(int size) {
        var bytes = new byte[size];
        for (int i = 0; i < size; i++) {
            bytes[i] = (byte) (i * 31 + (i >> 8));
        }
        return bytes;
    }

    /** As in Python; the JDK itself knows latin1. */
    @Test
    void theNameOfACharsetMayHaveAHyphenMore() throws Exception {
        for (var name : List.of("latin-1", "Latin_1", "iso-8859-1", "iso_8859-1")) {
            try (var server =
                    RawServer.answering("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Type: text/plain; charset="
                            + name + "\r\n\r\n\u00e9")) {
                run(() -> {
                    try (var session = ClientSession.create();
                            var response = await(session.get(server.url()))) {
                        assertEquals(name, response.charset());
                        assertEquals("\u00e9", await(response.text()), name);
                    }
                });
            }
        }
    }
}
