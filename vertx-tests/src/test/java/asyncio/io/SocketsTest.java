package asyncio.io;

import static asyncio.Asyncio.*;
import static asyncio.io.Sockets.*;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofMillis;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import asyncio.CancelledError;
import asyncio.TimeoutException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SocketsTest {
    private static final InetSocketAddress FREE = new InetSocketAddress("127.0.0.1", 0);

    private static ServerSocketChannel listener() throws Exception {
        var listener = ServerSocketChannel.open().bind(FREE);
        listener.configureBlocking(false);
        return listener;
    }

    private static SocketChannel socket() throws Exception {
        var socket = SocketChannel.open();
        socket.configureBlocking(false);
        return socket;
    }

    @Test
    void connectAcceptSendAndReceive() throws Exception {
        run(() -> {
            try (var listener = listener();
                    var client = socket()) {
                var accepting = createTask(sockAccept(listener));
                await(sockConnect(client, listener.getLocalAddress()));
                try (var server = await(accepting)) {
                    assertFalse(server.isBlocking());
                    var receiving = createTask(sockRecv(server, 100));
                    await(sleep(ZERO));
                    assertFalse(receiving.done());
                    await(sockSendall(client, "hello".getBytes(UTF_8)));
                    assertEquals("hello", new String(await(receiving), UTF_8));

                    await(sockSendall(server, "answer".getBytes(UTF_8)));
                    var buffer = ByteBuffer.allocate(3);
                    assertEquals(3, await(sockRecvInto(client, buffer)));
                    assertEquals("ans", new String(buffer.array(), UTF_8));
                    assertEquals("wer", new String(await(sockRecv(client, 10)), UTF_8));

                    client.shutdownOutput();
                    assertEquals(0, await(sockRecv(server, 10)).length);
                    assertEquals(0, await(sockRecvInto(server, ByteBuffer.allocate(4))));
                }
            }
        });
    }

    @Test
    void muchIsSentWhileTheOtherSideReads() throws Exception {
        run(() -> {
            try (var listener = listener();
                    var client = socket()) {
                var accepting = createTask(sockAccept(listener));
                await(sockConnect(client, listener.getLocalAddress()));
                try (var server = await(accepting)) {
                    var data = new byte[20_000_000];
                    for (var i = 0; i < data.length; i++) {
                        data[i] = (byte) (i * 31 >> 4);
                    }
                    var sending = createTask(sockSendall(client, data));
                    var received = ByteBuffer.allocate(data.length);
                    while (received.hasRemaining()) {
                        assertTrue(await(sockRecvInto(server, received)) > 0);
                    }
                    await(sending);
                    assertArrayEquals(data, received.array());
                }
            }
        });
    }

    @Test
    void aReceiverThatIsCancelledTakesNothing() throws Exception {
        run(() -> {
            try (var listener = listener();
                    var client = socket()) {
                var accepting = createTask(sockAccept(listener));
                await(sockConnect(client, listener.getLocalAddress()));
                try (var server = await(accepting)) {
                    assertThrows(TimeoutException.class, () -> await(waitFor(sockRecv(server, 10), ofMillis(20))));
                    await(sockSendall(client, "later".getBytes(UTF_8)));
                    assertEquals("later", new String(await(sockRecv(server, 10)), UTF_8));
                    var receiving = createTask(sockRecv(server, 10));
                    await(sleep(ZERO));
                    receiving.cancel();
                    assertThrows(CancelledError.class, () -> await(receiving));
                    assertFalse(removeReader(server));
                }
            }
        });
    }

    @Test
    void aRefusedConnectionIsAnError() throws Exception {
        int port;
        try (var listener = listener()) {
            port = ((InetSocketAddress) listener.getLocalAddress()).getPort();
        }
        run(() -> {
            try (var client = socket()) {
                assertThrows(
                        ConnectException.class,
                        () -> await(sockConnect(client, new InetSocketAddress("127.0.0.1", port))));
            }
        });
    }

    @Test
    void datagramsAreSentAndReceived() throws Exception {
        run(() -> {
            try (var one = DatagramChannel.open().bind(FREE);
                    var two = DatagramChannel.open().bind(FREE)) {
                one.configureBlocking(false);
                two.configureBlocking(false);
                var receiving = createTask(sockRecvfrom(two, 100));
                await(sleep(ZERO));
                assertEquals(4, await(sockSendto(one, "ping".getBytes(UTF_8), two.getLocalAddress())));
                var datagram = await(receiving);
                assertEquals("ping", new String(datagram.data(), UTF_8));
                assertEquals(one.getLocalAddress(), datagram.address());
                assertEquals(0, await(sockSendto(two, new byte[0], one.getLocalAddress())));
                var buffer = ByteBuffer.allocate(10);
                assertEquals(two.getLocalAddress(), await(sockRecvfromInto(one, buffer)));
                assertEquals(0, buffer.position());
            }
        });
    }

    /** Python: the callbacks run for as long as there is something to read, and see what was sent. */
    @Test
    void readersAndWritersAreCalledUntilTheyAreRemoved() throws Exception {
        run(() -> {
            try (var listener = listener();
                    var client = socket()) {
                var accepting = createTask(sockAccept(listener));
                await(sockConnect(client, listener.getLocalAddress()));
                try (var server = await(accepting)) {
                    var seen = new ArrayList<String>();
                    var ended = getRunningLoop().createFuture();
                    assertFalse(removeReader(server));
                    addReader(server, () -> seen.add("replaced"));
                    addReader(server, () -> {
                        var one = ByteBuffer.allocate(1);
                        server.read(one);
                        seen.add(new String(one.array(), UTF_8));
                        if (seen.size() == 3) {
                            assertTrue(removeReader(server));
                            ended.setResult(null);
                        }
                    });
                    var written = getRunningLoop().createFuture();
                    addWriter(client, () -> {
                        removeWriter(client);
                        client.write(ByteBuffer.wrap("abcd".getBytes(UTF_8)));
                        written.setResult(null);
                    });
                    await(written);
                    await(ended);
                    await(sleep(ofMillis(20)));
                    assertEquals(List.of("a", "b", "c"), seen);
                    assertFalse(removeReader(server));
                    assertFalse(removeWriter(client));
                }
            }
        });
    }

    @Test
    void aFileIsSent(@TempDir Path folder) throws Exception {
        var file = folder.resolve("data");
        var data = new byte[3_000_000];
        for (var i = 0; i < data.length; i++) {
            data[i] = (byte) (i % 251);
        }
        Files.write(file, data);
        run(() -> {
            try (var listener = listener();
                    var client = socket()) {
                var accepting = createTask(sockAccept(listener));
                await(sockConnect(client, listener.getLocalAddress()));
                try (var server = await(accepting)) {
                    var sending = createTask(sockSendfile(client, file, 1_000, -1));
                    var received = ByteBuffer.allocate(data.length - 1_000);
                    while (received.hasRemaining()) {
                        await(sockRecvInto(server, received));
                    }
                    assertEquals(data.length - 1_000, await(sending));
                    assertEquals(ByteBuffer.wrap(data, 1_000, data.length - 1_000), received.flip());
                    assertEquals(5, await(sockSendfile(client, file, 7, 5)));
                    assertEquals(0, await(sockSendfile(client, file, data.length + 1, -1)));
                }
            }
        });
    }

    @Test
    void aBlockingSocketIsRefused() throws Exception {
        run(() -> {
            try (var socket = SocketChannel.open()) {
                assertThrows(IllegalArgumentException.class, () -> sockRecv(socket, 1));
                assertThrows(IllegalArgumentException.class, () -> addReader(socket, () -> {}));
            }
        });
    }

    @Test
    void anAcceptedSocketBecomesATransport() throws Exception {
        run(() -> {
            try (var listener = listener();
                    var client = socket()) {
                var accepting = createTask(sockAccept(listener));
                await(sockConnect(client, listener.getLocalAddress()));
                var reader = StreamReader.create();
                var endpoint = await(Transports.connectAcceptedSocket(
                        () -> StreamReaderProtocol.create(reader), await(accepting), ServerOptions.NONE));
                await(sockSendall(client, "line\n".getBytes(UTF_8)));
                assertEquals("line\n", new String(await(reader.readline()), UTF_8));
                var writer = StreamWriter.create(endpoint.transport(), endpoint.protocol(), reader);
                writer.write("bye");
                writer.close();
                await(writer.waitClosed());
                assertEquals("bye", new String(await(sockRecv(client, 10)), UTF_8));
                assertEquals(0, await(sockRecv(client, 10)).length);
            }
        });
    }

    /** No channel stays with a loop that is closed. */
    @Test
    void aLoopThatClosesForgetsItsChannels() throws Exception {
        try (var listener = listener()) {
            run(() -> addReader(listener, () -> {}));
            run(() -> {
                var accepting = createTask(sockAccept(listener));
                try (var client = socket()) {
                    await(sockConnect(client, listener.getLocalAddress()));
                    await(accepting).close();
                }
            });
        }
    }
}
