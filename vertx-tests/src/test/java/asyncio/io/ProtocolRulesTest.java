package asyncio.io;

import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.io.Streams.openConnection;
import static asyncio.io.Streams.startServer;
import static asyncio.io.Transports.createConnection;
import static asyncio.io.Transports.createServer;
import static asyncio.io.Transports.sendfile;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import asyncio.Asyncio;
import asyncio.Coroutine;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a transport does with what its protocol raises, asks for and writes; all values are those of CPython 3.13. */
class ProtocolRulesTest extends OnNetwork {
    @TempDir
    Path folder;

    private final Recorder client = new Recorder("client", log);

    private void connect(BaseProtocol<Transport> server) {
        try (var listening = await(createServer(() -> server, "127.0.0.1", 0))) {
            await(createConnection(() -> client, "127.0.0.1", listening.port()));
            until(() -> log.contains("server made"));
        }
    }

    private List<String> logOf(String name) {
        return log.stream().filter(line -> line.startsWith(name + " ")).toList();
    }

    // ---- what a protocol raises

    @Test
    void whatConnectionMadeRaisesIsReportedAndTheConnectionGoesOn() {
        inLoopWithReports(() -> {
            var server = new Recorder("server", log).fails("connection_made");
            client.fails("connection_made");
            connect(server);
            client.fails(null);
            client.transport.write(bytes("hi"));
            until(() -> log.contains("server data hi"));
            client.transport.close();
            until(() -> server.lost && client.lost);
            assertEquals(List.of("server made", "server data hi", "server eof", "server lost None"), logOf("server"));
            assertEquals(
                    List.of(
                            "Exception in callback protocol.connection_made()",
                            "Exception in callback protocol.connection_made()"),
                    messages());
        });
    }

    @Test
    void anErrorOfInputOrOutputEndsTheConnectionWithoutAReport() {
        inLoop(() -> {
            var server = new Recorder("server", log) {
                @Override
                public void dataReceived(byte[] data) throws IOException {
                    throw new IOException("no room");
                }
            };
            connect(server);
            client.transport.write(bytes("x"));
            until(() -> server.lost && client.lost);
            assertEquals(List.of("server made", "server lost no room"), logOf("server"));
        });
    }

    // ---- memory of a protocol's own

    /** Gives four bytes at a time, and asks for something each time that they are filled. */
    private final class Portions implements BufferedProtocol {
        final ByteBuffer buffer = ByteBuffer.allocate(4);
        Transport transport;
        boolean pauses;

        @Nullable
        Protocol successor;

        @Override
        public void connectionMade(Transport transport) {
            this.transport = transport;
            log.add("server made");
        }

        @Override
        public ByteBuffer getBuffer(int sizehint) {
            return buffer.clear();
        }

        @Override
        public void bufferUpdated(int nbytes) {
            log.add("server filled " + text(buffer.array()).substring(0, nbytes));
            if (pauses) transport.pauseReading();
            if (successor != null) transport.setProtocol(successor);
        }

        @Override
        public boolean eofReceived() {
            log.add("server eof");
            return false;
        }

        @Override
        public void connectionLost(@Nullable Throwable error) {
            log.add("server lost");
        }
    }

    @Test
    void aBufferedProtocolThatPausesGetsNoMoreUntilItResumes() {
        inLoop(() -> {
            var server = new Portions();
            server.pauses = true;
            connect(server);
            client.transport.write(bytes("0123456789"));
            client.transport.close();
            for (var filled : List.of("0123", "4567", "89")) {
                until(() -> log.contains("server filled " + filled));
                iterations(5);
                assertEquals(
                        "server filled " + filled,
                        logOf("server").get(logOf("server").size() - 1));
                server.transport.resumeReading();
            }
            until(() -> log.contains("server lost") && client.lost);
        });
    }

    @Test
    void whatABufferedProtocolLeavesGoesToItsSuccessor() {
        inLoop(() -> {
            var server = new Portions();
            var next = new Recorder("next", log);
            server.successor = next;
            connect(server);
            client.transport.write(bytes("0123456789"));
            client.transport.close();
            until(() -> next.lost && client.lost);
            assertEquals(List.of("server made", "server filled 0123"), logOf("server"));
            assertEquals(List.of("next data 456789", "next eof", "next lost None"), logOf("next"));
        });
    }

    // ---- writing

    @Test
    void whatIsWrittenAfterCloseIsLost() {
        inLoop(() -> {
            var server = new Recorder("server", log);
            connect(server);
            client.transport.write(bytes("a"));
            client.transport.close();
            client.transport.write(bytes("b"));
            until(() -> server.lost && client.lost);
            assertEquals(List.of("server made", "server data a", "server eof", "server lost None"), logOf("server"));
        });
    }

    @Test
    void whatTheSystemTakesAtOnceDoesNotWait() {
        inLoop(() -> {
            var server = new Recorder("server", log);
            connect(server);
            client.transport.write(bytes("abc"));
            assertEquals(0, client.transport.getWriteBufferSize());
            client.transport.writeEof();
            assertEquals(0, client.transport.getWriteBufferSize());
            until(() -> server.lost && client.lost);
        });
    }

    @Test
    void writelinesIsRefusedAfterTheEnd() {
        inLoop(() -> {
            var server = new Recorder("server", log);
            connect(server);
            client.transport.writeEof();
            for (var lines : List.of(List.of(bytes("x")), List.<byte[]>of())) {
                var error = assertThrows(IllegalStateException.class, () -> client.transport.writelines(lines));
                assertEquals("Cannot call writelines() after write_eof()", error.getMessage());
            }
            until(() -> server.lost && client.lost);
        });
    }

    @Test
    void nothingIsWrittenWhileAFileIsSent() throws Exception {
        var file = Files.write(folder.resolve("large"), new byte[60_000_000]);
        inLoop(() -> {
            var server = new Recorder("server", log);
            server.counts = true;
            connect(server);
            server.transport.pauseReading();
            var sending = createTask(sendfile(client.transport, file, 0, -1));
            until(() -> !client.transport.isReading());
            var error = assertThrows(IllegalStateException.class, () -> client.transport.write(bytes("x")));
            assertEquals("unable to write; sendfile is in progress", error.getMessage());
            server.transport.resumeReading();
            assertEquals(60_000_000, await(sending));
            assertTrue(client.transport.isReading());
            client.transport.write(bytes("after"));
            client.transport.close();
            until(() -> server.lost);
            assertEquals(60_000_005, server.received);
        });
    }

    // ---- reading

    @Test
    void theLastWordOnReadingCountsWhereverItComesFrom() {
        inLoop(() -> {
            var server = new Recorder("server", log);
            connect(server);
            for (var i = 0; i < 100; i++) {
                var line = "server data " + i;
                // On a fiber, and in a callback before the host's thread has heard of it.
                server.transport.pauseReading();
                Asyncio.getRunningLoop().callSoon(server.transport::resumeReading);
                iterations(2);
                client.transport.write(bytes("" + i));
                until(() -> log.contains(line));
            }
            client.transport.close();
            until(() -> server.lost && client.lost);
        });
    }

    // ---- the order of several connections

    @Test
    void aServerHearsOfAConnectionBeforeItsClient() {
        inLoop(() -> {
            try (var listening = await(startServer(
                    (reader, writer) -> {
                        log.add("handler");
                        writer.close();
                    },
                    "127.0.0.1",
                    0))) {
                for (var i = 0; i < 200; i++) {
                    log.clear();
                    try (var connection = await(openConnection("127.0.0.1", listening.port()))) {
                        log.add("client");
                        await(connection.reader().read());
                    }
                    assertEquals(List.of("handler", "client"), log);
                }
            }
        });
    }

    @Test
    void connectionsAreServedInTheirOrder() {
        // Elsewhere the JDK tells of them in the order of a hash table.
        assumeTrue("loop".equals(System.getProperty("asyncio.fiber.expected")));
        inLoop(() -> {
            try (var listening = await(startServer(
                    (reader, writer) -> {
                        var line = text(await(reader.readline())).strip();
                        log.add("handler " + line);
                        writer.write(line);
                        writer.close();
                    },
                    "127.0.0.1",
                    0))) {
                for (var round = 0; round < 20; round++) {
                    log.clear();
                    var clients = new ArrayList<Coroutine<Void>>();
                    var expected = new ArrayList<String>();
                    for (var i = 0; i < 5; i++) {
                        var number = i;
                        clients.add(Asyncio.async(() -> {
                            try (var connection = await(openConnection("127.0.0.1", listening.port()))) {
                                connection.writer().write(number + "\n");
                                log.add("client "
                                        + text(await(connection.reader().read())));
                            }
                        }));
                    }
                    for (var who : List.of("handler ", "client ")) for (var i = 0; i < 5; i++) expected.add(who + i);
                    await(Asyncio.gather(clients));
                    assertEquals(expected, log);
                }
            }
        });
    }
}
