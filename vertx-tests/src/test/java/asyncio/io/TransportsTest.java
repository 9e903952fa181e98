package asyncio.io;

import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.getRunningLoop;
import static asyncio.Asyncio.sleep;
import static asyncio.Asyncio.toThread;
import static asyncio.io.Transports.createConnection;
import static asyncio.io.Transports.createServer;
import static asyncio.io.Transports.sendfile;
import static java.time.Duration.ofMillis;
import static org.junit.jupiter.api.Assertions.*;

import asyncio.Action;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Protocols and their transports; the orders of calls are those that CPython 3.13 has with the same program. */
class TransportsTest extends OnNetwork {
    @TempDir
    Path folder;

    /** Both sides of a connection. */
    private final class Pair {
        final Recorder server = new Recorder("server", log);
        final Recorder client = new Recorder("client", log);

        Pair open() {
            try (var listening = await(createServer(() -> server, "127.0.0.1", 0))) {
                await(createConnection(() -> client, "127.0.0.1", listening.port()));
                until(() -> server.transport != null);
            }
            return this;
        }

        Pair closed() {
            client.transport.close();
            server.transport.close();
            return gone();
        }

        /** Waits until both have lost it. */
        Pair gone() {
            until(() -> server.lost && client.lost);
            return this;
        }
    }

    private void logged(String... expected) {
        assertEquals(
                List.of(expected),
                log.stream().filter(line -> !line.endsWith("made")).toList());
    }

    private void until(String line) {
        until(() -> log.contains(line));
    }

    // ---- the order of calls

    @Test
    void connectionMadeComesFirstOnBothSides() {
        inLoop(() -> {
            var pair = new Pair().open();
            assertEquals(
                    List.of("client made", "server made"), log.stream().sorted().toList());
            assertSame(pair.client, pair.client.transport.getProtocol());
            pair.closed();
        });
    }

    @Test
    void closeEndsBothSides() {
        inLoop(() -> {
            var pair = new Pair().open();
            pair.client.transport.close();
            assertTrue(pair.client.transport.isClosing());
            pair.client.transport.write(bytes("late"));
            pair.client.transport.close();
            pair.gone();
            logged("client lost None", "server eof", "server lost None");
        });
    }

    @Test
    void connectionLostComesAfterCloseHasReturned() {
        inLoop(() -> {
            var pair = new Pair().open();
            pair.client.transport.close();
            assertFalse(pair.client.lost);
            iterations(2);
            assertTrue(pair.client.lost);
            pair.gone();
        });
    }

    @Test
    void aSideThatStaysOpenAfterTheEndFindsThePeerGone() {
        inLoop(() -> {
            var pair = new Pair();
            pair.server.keepsOpen(true);
            pair.open();
            pair.client.transport.write(bytes("a"));
            pair.client.transport.close();
            until("server eof");
            assertFalse(pair.server.transport.isClosing());
            pair.server.transport.write(bytes("into the void"));
            // The peer's kernel says reset to the first one.
            for (int i = 0; !pair.server.lost && i < 10_000; i++) {
                pair.server.transport.write(bytes("more"));
                await(sleep(ofMillis(1)));
            }
            pair.gone();
            assertEquals(List.of("client lost None", "server data a", "server eof"), log.subList(2, 5));
            assertLost(pair.server.error);
        });
    }

    @Test
    void halfCloseLetsTheAnswerThrough() {
        inLoop(() -> {
            var pair = new Pair();
            pair.server.keepsOpen(true);
            pair.open();
            pair.client.transport.write(bytes("q"));
            pair.client.transport.writeEof();
            until("server eof");
            pair.server.transport.write(bytes("answer"));
            until("client data answer");
            assertFalse(pair.client.transport.isClosing());
            pair.server.transport.close();
            pair.gone();
            logged(
                    "server data q",
                    "server eof",
                    "client data answer",
                    "server lost None",
                    "client eof",
                    "client lost None");
        });
    }

    @Test
    void bothMayEndTheirDirectionAndStayOpen() {
        inLoop(() -> {
            var pair = new Pair();
            pair.server.keepsOpen(true);
            pair.client.keepsOpen(true);
            pair.open();
            pair.client.transport.writeEof();
            pair.server.transport.writeEof();
            until("server eof");
            until("client eof");
            await(sleep(ofMillis(20)));
            assertFalse(pair.server.transport.isClosing());
            assertFalse(pair.client.transport.isClosing());
            pair.server.transport.close();
            pair.client.transport.close();
            pair.gone();
            assertEquals(List.of("server lost None", "client lost None"), log.subList(4, 6));
        });
    }

    @Test
    void anEndThatIsNotKeptClosesAfterWhatWasWritten() {
        inLoop(() -> {
            var pair = new Pair().open();
            pair.client.transport.writeEof();
            pair.server.transport.write(bytes("x"));
            pair.gone();
            var client = log.stream().filter(line -> line.startsWith("client ")).toList();
            assertEquals(List.of("client made", "client data x", "client eof", "client lost None"), client);
        });
    }

    @Test
    void writingAfterTheEndIsRefused() {
        inLoop(() -> {
            var pair = new Pair().open();
            pair.client.transport.writeEof();
            pair.client.transport.writeEof();
            assertEquals(
                    "Cannot call write() after write_eof()",
                    assertThrows(IllegalStateException.class, () -> pair.client.transport.write(bytes("x")))
                            .getMessage());
            pair.client.transport.close();
            pair.gone();
            logged("client lost None", "server eof", "server lost None");
        });
    }

    @Test
    void writeEofThenClose() {
        inLoop(() -> {
            var pair = new Pair().open();
            pair.client.transport.write(bytes("z"));
            pair.client.transport.writeEof();
            pair.client.transport.close();
            pair.gone();
            logged("client lost None", "server data z", "server eof", "server lost None");
        });
    }

    @Test
    void abortEndsAtOnce() {
        inLoop(() -> {
            var pair = new Pair().open();
            pair.client.transport.abort();
            pair.client.transport.abort();
            pair.client.transport.close();
            assertTrue(pair.client.transport.isClosing());
            pair.gone();
            logged("client lost None", "server eof", "server lost None");
        });
    }

    @Test
    void abortDropsWhatWaits() {
        inLoop(() -> {
            var pair = new Pair().open();
            pair.server.counts = true;
            pair.server.transport.pauseReading();
            pair.client.transport.write(new byte[50_000_000]);
            assertTrue(pair.client.transport.getWriteBufferSize() > 30_000_000);
            pair.client.transport.abort();
            assertEquals(0, pair.client.transport.getWriteBufferSize());
            until(() -> pair.client.lost);
            pair.server.transport.resumeReading();
            pair.gone();
            assertTrue(pair.server.received < 20_000_000);
            assertNull(pair.client.error);
        });
    }

    @Test
    void severalWritesThenClose() {
        inLoop(() -> {
            var pair = new Pair().open();
            pair.client.transport.write(bytes("1"));
            pair.client.transport.writelines(List.of(bytes("2"), new byte[0], bytes("3")));
            pair.client.transport.write(bytes("x4y"), 1, 1);
            pair.client.transport.close();
            pair.gone();
            logged("client lost None", "server data 1234", "server eof", "server lost None");
        });
    }

    @Test
    void whatWasWrittenIsACopy() {
        inLoop(() -> {
            var pair = new Pair().open();
            var data = bytes("before");
            pair.client.transport.write(data);
            data[0] = 'X';
            until("server data before");
            var large = pattern(3_000_000);
            var digest = digest(large);
            pair.server.counts = true;
            var all = MessageDigest.getInstance("SHA-256");
            pair.server.transport.setProtocol(new Protocol() {
                @Override
                public void dataReceived(byte[] part) {
                    all.update(part);
                    pair.server.received += part.length;
                }

                @Override
                public void connectionLost(@Nullable Throwable error) {
                    pair.server.lost = true;
                }
            });
            pair.client.transport.write(large);
            java.util.Arrays.fill(large, (byte) 0);
            pair.client.transport.close();
            pair.gone();
            assertArrayEquals(digest, all.digest());
        });
    }

    private static byte[] digest(byte[] bytes) throws Exception {
        return MessageDigest.getInstance("SHA-256").digest(bytes);
    }

    @Test
    void aPausedTransportHearsTheEndWhenItIsResumed() {
        inLoop(() -> {
            var pair = new Pair().open();
            pair.server.transport.pauseReading();
            pair.server.transport.pauseReading();
            assertFalse(pair.server.transport.isReading());
            pair.client.transport.write(bytes("p"));
            pair.client.transport.close();
            until("client lost None");
            await(sleep(ofMillis(30)));
            log.add("resume");
            pair.server.transport.resumeReading();
            pair.server.transport.resumeReading();
            assertTrue(pair.server.transport.isReading());
            pair.gone();
            logged("client lost None", "resume", "server data p", "server eof", "server lost None");
        });
    }

    @Test
    void closeWhilePaused() {
        inLoop(() -> {
            var pair = new Pair().open();
            pair.server.transport.pauseReading();
            pair.client.transport.write(bytes("p"));
            await(sleep(ofMillis(20)));
            pair.server.transport.close();
            assertFalse(pair.server.transport.isReading());
            pair.server.transport.resumeReading();
            pair.gone();
            assertEquals("server lost None", log.get(2));
        });
    }

    @Test
    void pausedWhenTheConnectionIsMade() {
        inLoop(() -> {
            var pair = new Pair();
            var server = new Recorder("server", log) {
                @Override
                public void connectionMade(Transport transport) {
                    super.connectionMade(transport);
                    transport.pauseReading();
                }
            };
            var listening = await(createServer(() -> server, "127.0.0.1", 0));
            await(createConnection(() -> pair.client, "127.0.0.1", listening.port()));
            pair.client.transport.write(bytes("x"));
            until("server made");
            await(sleep(ofMillis(20)));
            logged();
            server.transport.resumeReading();
            until("server data x");
            listening.close();
            pair.client.transport.close();
            until(() -> server.lost && pair.client.lost);
        });
    }

    // ---- callbacks that raise

    @Test
    void whatAProtocolRaisesIsReportedAndEndsTheConnection() {
        for (var method : List.of("data_received", "eof_received")) {
            log.clear();
            reports.clear();
            inLoopWithReports(() -> {
                var pair = new Pair();
                pair.server.fails(method);
                pair.open();
                pair.client.transport.write(bytes("d"));
                if (method.equals("eof_received")) pair.client.transport.writeEof();
                pair.gone();
                var server =
                        log.stream().filter(line -> line.startsWith("server ")).toList();
                var last = server.get(server.size() - 1);
                assertEquals("server lost " + method, last, log.toString());
                assertEquals(List.of("Fatal error: protocol." + method + "() call failed."), messages());
                assertEquals(method, reports.get(0).exception().getMessage());
                assertSame(pair.server.transport, reports.get(0).details().get("transport"));
                assertSame(pair.server, reports.get(0).details().get("protocol"));
            });
        }
    }

    @Test
    void whatConnectionLostRaisesIsReported() {
        inLoopWithReports(() -> {
            var pair = new Pair();
            pair.server.fails("connection_lost");
            pair.open();
            pair.client.transport.close();
            pair.gone();
            assertEquals(List.of("Exception in callback protocol.connection_lost()"), messages());
        });
    }

    @Test
    void whatPauseAndResumeRaiseIsReportedAndTheConnectionGoesOn() {
        inLoopWithReports(() -> {
            for (var method : List.of("pause_writing", "resume_writing")) {
                reports.clear();
                var pair = new Pair();
                pair.client.fails(method);
                pair.open();
                pair.server.counts = true;
                pair.client.transport.write(new byte[20_000_000]);
                until(() -> pair.server.received == 20_000_000);
                until(() -> !reports.isEmpty());
                assertEquals(List.of("protocol." + method + "() failed"), messages());
                assertFalse(pair.client.transport.isClosing());
                pair.closed();
            }
        });
    }

    @Test
    void aFactoryThatRaisesLeavesNothingOpen() {
        inLoopWithReports(() -> {
            var listening = await(createServer(
                    (Supplier<Protocol>) () -> {
                        throw new IllegalArgumentException("no protocol");
                    },
                    "127.0.0.1",
                    0));
            var client = new Recorder("client", log);
            await(createConnection(() -> client, "127.0.0.1", listening.port()));
            until(() -> client.lost);
            assertEquals("no protocol", reports.get(0).exception().getMessage());
            assertEquals(
                    "none here",
                    assertThrows(
                                    IllegalArgumentException.class,
                                    () -> await(createConnection(
                                            (Supplier<Protocol>) () -> {
                                                throw new IllegalArgumentException("none here");
                                            },
                                            "127.0.0.1",
                                            listening.port())))
                            .getMessage());
            until(() -> reports.size() == 2);
            listening.close();
        });
    }

    // ---- protocols

    @Test
    void setProtocolGivesTheRestToAnotherOne() {
        inLoop(() -> {
            var pair = new Pair().open();
            var other = new Recorder("other", log);
            pair.server.transport.setProtocol(other);
            assertSame(other, pair.server.transport.getProtocol());
            pair.client.transport.write(bytes("n"));
            until("other data n");
            pair.client.transport.close();
            until(() -> other.lost && pair.client.lost);
            logged("other data n", "client lost None", "other eof", "other lost None");
        });
    }

    /** A protocol with a small buffer of its own. */
    private static final class Buffered implements BufferedProtocol {
        final ByteBuffer buffer = ByteBuffer.allocateDirect(7);
        final StringBuilder text = new StringBuilder();
        final List<Integer> sizes = new ArrayList<>();
        boolean ended;
        boolean lost;
        Transport transport;

        @Nullable
        Throwable error;

        boolean isFull;

        @Override
        public void connectionMade(Transport transport) {
            this.transport = transport;
        }

        @Override
        public ByteBuffer getBuffer(int sizehint) {
            return isFull ? ByteBuffer.allocate(0) : buffer.clear();
        }

        @Override
        public void bufferUpdated(int nbytes) {
            sizes.add(nbytes);
            buffer.flip();
            assertEquals(nbytes, buffer.remaining());
            while (buffer.hasRemaining()) text.append((char) buffer.get());
        }

        @Override
        public boolean eofReceived() {
            ended = true;
            return false;
        }

        @Override
        public void connectionLost(@Nullable Throwable error) {
            lost = true;
            this.error = error;
        }
    }

    @Test
    void aBufferedProtocolIsFilled() {
        inLoop(() -> {
            var server = new Buffered();
            var client = new Recorder("client", log);
            var listening = await(createServer(() -> server, "127.0.0.1", 0));
            await(createConnection(() -> client, "127.0.0.1", listening.port()));
            client.transport.write(bytes("0123456789abcdefghij"));
            client.transport.close();
            until(() -> server.lost);
            assertEquals("0123456789abcdefghij", server.text.toString());
            assertTrue(server.sizes.stream().allMatch(size -> size <= 7));
            assertTrue(server.ended);
            assertNull(server.error);
            listening.close();
        });
    }

    @Test
    void aBufferWithoutRoomEndsTheConnection() {
        inLoopWithReports(() -> {
            var server = new Buffered();
            server.isFull = true;
            var client = new Recorder("client", log);
            var listening = await(createServer(() -> server, "127.0.0.1", 0));
            await(createConnection(() -> client, "127.0.0.1", listening.port()));
            client.transport.write(bytes("x"));
            until(() -> server.lost && client.lost);
            assertEquals("getBuffer() returned an empty buffer", server.error.getMessage());
            assertEquals(1, reports.size());
            listening.close();
        });
    }

    // ---- what it knows

    @Test
    void extraInfo() {
        inLoop(() -> {
            var pair = new Pair().open();
            var client = pair.client.transport;
            var server = pair.server.transport;
            assertEquals(client.getExtraInfo(ExtraInfo.PEERNAME), server.getExtraInfo("sockname"));
            assertEquals(client.getExtraInfo(ExtraInfo.SOCKNAME), server.getExtraInfo("peername"));
            assertEquals(
                    InetAddress.getByName("127.0.0.1"),
                    ((InetSocketAddress) client.getExtraInfo(ExtraInfo.SOCKNAME)).getAddress());
            assertNull(client.getExtraInfo(ExtraInfo.SSLCONTEXT));
            assertNull(client.getExtraInfo(ExtraInfo.PEERCERT));
            assertNull(client.getExtraInfo(ExtraInfo.CIPHER));
            assertNull(client.getExtraInfo("nonsense"));
            assertTrue(client.canWriteEof());
            pair.closed();
            // It is still known afterwards.
            assertEquals(client.getExtraInfo(ExtraInfo.PEERNAME), server.getExtraInfo("sockname"));
        });
    }

    // ---- flow control

    @Test
    void theLimitsOfTheWriteBuffer() {
        inLoop(() -> {
            var pair = new Pair().open();
            var transport = pair.client.transport;
            assertEquals(new WriteBufferLimits(16_384, 65_536), transport.getWriteBufferLimits());
            transport.setWriteBufferLimits(1000);
            assertEquals(new WriteBufferLimits(250, 1000), transport.getWriteBufferLimits());
            transport.setWriteBufferLimits(0);
            assertEquals(new WriteBufferLimits(0, 0), transport.getWriteBufferLimits());
            assertEquals(
                    "high (10) must be >= low (20) must be >= 0",
                    assertThrows(IllegalArgumentException.class, () -> transport.setWriteBufferLimits(10, 20))
                            .getMessage());
            assertThrows(IllegalArgumentException.class, () -> transport.setWriteBufferLimits(10, -1));
            pair.closed();
        });
    }

    /** Fills what the system takes, so that all further bytes wait in the transport. */
    private static void fill(Pair pair) {
        pair.server.counts = true;
        pair.server.transport.pauseReading();
        var transport = pair.client.transport;
        transport.setWriteBufferLimits(Integer.MAX_VALUE);
        int before;
        do {
            before = transport.getWriteBufferSize();
            transport.write(new byte[1_000_000]);
            await(sleep(ofMillis(20)));
        } while (transport.getWriteBufferSize() != before + 1_000_000);
    }

    @Test
    void writingPausesAboveTheUpperLimitAndResumesAtTheLowerOne() {
        inLoop(() -> {
            var pair = new Pair().open();
            fill(pair);
            var transport = pair.client.transport;
            int there = transport.getWriteBufferSize();
            transport.setWriteBufferLimits(there + 10, 1000);
            transport.write(new byte[10]);
            assertEquals(List.of(), log.subList(2, log.size()));
            transport.write(new byte[1]);
            assertEquals("client pause", log.get(2));
            transport.write(new byte[1]);
            assertEquals(3, log.size());
            assertEquals(there + 12, transport.getWriteBufferSize());
            pair.server.transport.resumeReading();
            until(() -> log.size() == 4);
            assertTrue(Integer.parseInt(log.get(3).substring("client resume ".length())) <= 1000, log.get(3));
            pair.closed();
        });
    }

    @Test
    void aLimitThatIsLoweredPausesAtOnce() {
        inLoop(() -> {
            var pair = new Pair().open();
            fill(pair);
            pair.client.transport.setWriteBufferLimits(pair.client.transport.getWriteBufferSize());
            assertEquals(2, log.size());
            pair.client.transport.setWriteBufferLimits(100);
            assertEquals("client pause", log.get(2));
            pair.client.transport.abort();
            pair.server.transport.close();
            pair.gone();
        });
    }

    @Test
    void closeSendsWhatIsUnsent() {
        inLoop(() -> {
            var pair = new Pair().open();
            fill(pair);
            int unsent = pair.client.transport.getWriteBufferSize();
            pair.client.transport.close();
            assertTrue(pair.client.transport.isClosing());
            // As in CPython: while something waits, more may be added.
            pair.client.transport.write(bytes("after close"));
            assertEquals(unsent + 11, pair.client.transport.getWriteBufferSize());
            await(sleep(ofMillis(20)));
            assertFalse(pair.client.lost);
            pair.server.transport.resumeReading();
            pair.gone();
            assertTrue(pair.server.received % 1_000_000 == 11, () -> "" + pair.server.received);
            assertNull(pair.server.error);
        });
    }

    @Test
    void aHundredMegabytesWithoutDrainThenClose() {
        inLoop(() -> {
            var pair = new Pair().open();
            pair.server.counts = true;
            var block = pattern(1_000_000);
            for (int i = 0; i < 100; i++) {
                pair.client.transport.write(block);
            }
            pair.client.transport.close();
            pair.gone();
            assertEquals(100_000_000, pair.server.received);
            assertNull(pair.client.error);
            assertNull(pair.server.error);
        });
    }

    @Test
    void aGigabyteWithDrainStaysSmall() {
        inLoop(() -> {
            // The peer takes what comes, but never as much as is written.
            var received = new long[1];
            var server = await(Streams.startServer(
                    (reader, writer) -> {
                        while (true) {
                            var part = await(reader.read(1_000_000));
                            if (part.length == 0) break;
                            received[0] += part.length;
                        }
                        writer.close();
                    },
                    "127.0.0.1",
                    0));
            var connection = await(Streams.openConnection("127.0.0.1", server.port()));
            var block = new byte[256 * 1024];
            int most = 0;
            for (int i = 0; i < 4096; i++) {
                connection.writer().write(block);
                most = Math.max(most, connection.writer().transport().getWriteBufferSize());
                await(connection.writer().drain());
                assertTrue(connection.writer().transport().getWriteBufferSize() <= 65_536);
            }
            connection.writer().close();
            await(connection.writer().waitClosed());
            server.close();
            await(server.waitClosed());
            assertEquals(1L << 30, received[0]);
            assertTrue(most <= 65_536 + block.length, "" + most);
        });
    }

    @Test
    void aPeerThatNeverReadsStopsTheWriterThatDrains() {
        inLoop(() -> {
            var pair = new Pair().open();
            pair.server.transport.pauseReading();
            pair.client.transport.close();
            pair.server.transport.close();
            pair.gone();
            var server = await(Streams.startServer(
                    (reader, writer) -> await(getRunningLoop().createFuture()), "127.0.0.1", 0));
            var connection = await(Streams.openConnection("127.0.0.1", server.port()));
            var written = new long[1];
            var writing = createTask(asyncio.Asyncio.async(() -> {
                while (written[0] < 1L << 30) {
                    connection.writer().write(new byte[64 * 1024]);
                    written[0] += 64 * 1024;
                    await(connection.writer().drain());
                }
            }));
            long before;
            do {
                before = written[0];
                await(sleep(ofMillis(100)));
            } while (before != written[0]);
            assertTrue(written[0] < 100_000_000, "" + written[0]);
            assertTrue(connection.writer().transport().getWriteBufferSize() <= 128 * 1024);
            writing.cancel();
            assertThrows(asyncio.CancelledError.class, () -> await(writing));
            server.close();
            server.abortClients();
            connection.writer().transport().abort();
            await(server.waitClosed());
            assertThrowsOrNot(() -> await(connection.writer().waitClosed()));
            until(() -> asyncio.Asyncio.allTasks().size() == 1);
        });
    }

    /** A reset may come before or after our own end. */
    private static void assertThrowsOrNot(Action action) throws Exception {
        try {
            action.run();
        } catch (SocketException reset) {
            assertNotNull(reset.getMessage());
        }
    }

    // ---- peers that break off

    private static void assertLost(@Nullable Throwable error) {
        assertInstanceOf(SocketException.class, error);
        assertTrue(List.of("Connection reset", "Broken pipe").contains(error.getMessage()), error.toString());
    }

    @Test
    void aResetIsAnError() {
        for (boolean paused : new boolean[] {false, true}) {
            log.clear();
            inLoop(() -> {
                var server = new Recorder("server", log);
                var listening = await(createServer(() -> server, "127.0.0.1", 0));
                try (var socket = new Socket("127.0.0.1", listening.port())) {
                    until(() -> server.transport != null);
                    if (paused) server.transport.pauseReading();
                    socket.getOutputStream().write('b');
                    await(sleep(ofMillis(20)));
                    socket.setSoLinger(true, 0);
                }
                await(sleep(ofMillis(20)));
                if (paused) server.transport.resumeReading();
                until(() -> server.lost);
                assertLost(server.error);
                assertEquals("Connection reset", server.error.getMessage());
                listening.close();
            });
        }
    }

    @Test
    void drainRaisesWhatTheConnectionWasLostBy() {
        inLoop(() -> {
            try (var listening = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
                var connection = await(Streams.openConnection("127.0.0.1", listening.getLocalPort()));
                var peer = await(toThread(listening::accept));
                var writing = createTask(asyncio.Asyncio.async(() -> {
                    while (true) {
                        connection.writer().write(new byte[100_000]);
                        await(connection.writer().drain());
                    }
                }));
                await(sleep(ofMillis(50)));
                peer.setSoLinger(true, 0);
                peer.close();
                var lost = assertThrows(SocketException.class, () -> await(writing));
                assertLost(lost);
                assertThrows(
                        SocketException.class, () -> await(connection.reader().read()));
                assertThrows(
                        SocketException.class, () -> await(connection.writer().drain()));
                assertThrows(
                        SocketException.class, () -> await(connection.writer().waitClosed()));
                connection.writer().write("dropped");
            }
        });
    }

    @Test
    void writesToALostConnectionAreDropped() {
        inLoop(() -> {
            var pair = new Pair().open();
            pair.client.transport.abort();
            pair.gone();
            for (int i = 0; i < 6; i++) {
                pair.client.transport.write(bytes("x"));
            }
            assertEquals(0, pair.client.transport.getWriteBufferSize());
            pair.client.transport.writeEof();
        });
    }

    // ---- files

    @Test
    void sendfileSendsAPart() throws Exception {
        var content = pattern(5_000_000);
        var file = Files.write(folder.resolve("file"), content);
        inLoop(() -> {
            long[][] parts = {
                {0, -1},
                {1, -1},
                {4_999_999, -1},
                {0, 0},
                {10, 3},
                {1_000_000, 2_500_001},
                {0, 9_000_000},
                {5_000_000, -1},
                {6_000_000, -1},
                {6_000_000, 5}
            };
            for (var part : parts) {
                var received = Transfer.received(null, null, (reader, writer) -> {
                    writer.write("before:");
                    long rest = Math.max(0, content.length - part[0]);
                    long expected = part[1] < 0 ? rest : Math.min(rest, part[1]);
                    assertEquals(expected, await(sendfile(writer.transport(), file, part[0], part[1])));
                    writer.write(":after");
                });
                int from = (int) Math.min(part[0], content.length);
                int to = part[1] < 0 ? content.length : (int) Math.min(part[0] + part[1], content.length);
                var expected =
                        "before:" + text(java.util.Arrays.copyOfRange(content, from, Math.max(from, to))) + ":after";
                assertEquals(expected.length(), received.length);
                assertTrue(expected.equals(text(received)));
            }
        });
    }

    @Test
    void sendfileSaysWhatIsWrong() throws Exception {
        var file = Files.write(folder.resolve("file"), bytes("x"));
        inLoop(() -> {
            var pair = new Pair().open();
            var transport = pair.client.transport;
            assertThrows(NoSuchFileException.class, () -> await(sendfile(transport, folder.resolve("none"), 0, -1)));
            assertThrows(IOException.class, () -> await(sendfile(transport, folder, 0, -1)));
            assertThrows(IllegalArgumentException.class, () -> await(sendfile(transport, file, -1, -1)));
            assertThrows(IllegalArgumentException.class, () -> await(sendfile(transport, file, 0, -2)));
            transport.write(bytes("still open"));
            until("server data still open");
            pair.closed();
            assertThrows(IllegalStateException.class, () -> await(sendfile(transport, file, 0, -1)));
        });
    }

    @Test
    void aCancelledSendfileLeavesTheFileClosed() throws Exception {
        var file = Files.write(folder.resolve("large"), new byte[60_000_000]);
        inLoop(() -> {
            var pair = new Pair().open();
            pair.server.transport.pauseReading();
            var sending = createTask(sendfile(pair.client.transport, file, 0, -1));
            await(sleep(ofMillis(200)));
            assertFalse(sending.done());
            sending.cancel();
            assertThrows(asyncio.CancelledError.class, () -> await(sending));
            pair.client.transport.abort();
            until(() -> pair.client.lost);
            pair.server.transport.close();
            pair.gone();
            until(() -> openFiles(file) == 0);
        });
    }

    @Test
    void sendfileRaisesWhatTheConnectionWasLostBy() throws Exception {
        var file = Files.write(folder.resolve("large"), new byte[60_000_000]);
        inLoop(() -> {
            var pair = new Pair().open();
            pair.server.transport.pauseReading();
            var sending = createTask(sendfile(pair.client.transport, file, 0, -1));
            await(sleep(ofMillis(100)));
            pair.server.transport.abort();
            assertThrows(IOException.class, () -> await(sending));
            pair.gone();
            until(() -> openFiles(file) == 0);
        });
    }

    private static long openFiles(Path file) {
        try (var all = Files.list(Path.of("/proc/self/fd"))) {
            return all.filter(fd -> {
                        try {
                            return Files.readSymbolicLink(fd).equals(file);
                        } catch (IOException closed) {
                            return false;
                        }
                    })
                    .count();
        } catch (IOException error) {
            throw new AssertionError(error);
        }
    }
}
