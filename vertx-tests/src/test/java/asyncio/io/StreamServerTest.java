package asyncio.io;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.getRunningLoop;
import static asyncio.Asyncio.sleep;
import static asyncio.Asyncio.with;
import static asyncio.io.Streams.openConnection;
import static asyncio.io.Streams.openUnixConnection;
import static asyncio.io.Streams.startServer;
import static asyncio.io.Streams.startUnixServer;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofMillis;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import asyncio.Asyncio;
import asyncio.CancelledError;
import asyncio.ContextVar;
import asyncio.Coroutine;
import asyncio.ExceptionGroup;
import asyncio.Future;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Servers and the connections to them; the values are those of CPython 3.13. */
class StreamServerTest extends OnNetwork {
    private static final String HERE = "127.0.0.1";
    private static final ClientConnectedCallback CLOSES = (reader, writer) -> writer.close();

    @TempDir
    Path folder;

    /** Sends back what comes, line by line, until the end. */
    private static void echo(StreamReader reader, StreamWriter writer) {
        while (true) {
            var line = await(reader.readline());
            if (line.length == 0) break;
            writer.write(line);
            await(writer.drain());
        }
        writer.close();
    }

    private static String ask(StreamConnection connection, String line) {
        connection.writer().write(line + "\n");
        return text(await(connection.reader().readline())).strip();
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getByName(HERE))) {
            return socket.getLocalPort();
        } catch (IOException error) {
            throw new AssertionError(error);
        }
    }

    private static <E extends Throwable> E raises(Class<E> type, Coroutine<?> coroutine) {
        return assertThrows(type, () -> await(coroutine));
    }

    // ---- the life of a server

    @Test
    void serveForeverEndsWithItsCancellation() {
        inLoop(() -> {
            var server = await(startServer(StreamServerTest::echo, HERE, 0));
            assertTrue(server.isServing());
            assertSame(getRunningLoop(), server.getLoop());
            var forever = createTask(server.serveForever());
            try (var connection = await(openConnection(HERE, server.port()))) {
                assertEquals("a", ask(connection, "a"));
                var again = raises(IllegalStateException.class, server.serveForever());
                assertTrue(again.getMessage()
                        .matches("server <Server .*> is already being awaited on serveForever\\(\\)"));
            }
            int port = server.port();
            forever.cancel();
            assertThrows(CancelledError.class, () -> await(forever));
            assertFalse(server.isServing());
            assertEquals(List.of(), server.sockets());
            assertEquals("<Server sockets=[]>", server.toString());
            raises(ConnectException.class, openConnection(HERE, port));
            assertTrue(raises(IllegalStateException.class, server.serveForever())
                    .getMessage()
                    .endsWith("is closed"));
            raises(IllegalStateException.class, server.startServing());
            assertThrows(IllegalStateException.class, server::port);
            await(server.waitClosed());
        });
    }

    @Test
    void serveForeverThatIsCancelledWaitsForItsConnections() {
        inLoop(() -> {
            var server = await(startServer(StreamServerTest::echo, HERE, 0));
            var forever = createTask(server.serveForever());
            var connection = await(openConnection(HERE, server.port()));
            assertEquals("a", ask(connection, "a"));
            forever.cancel();
            await(sleep(ofMillis(20)));
            assertFalse(forever.done());
            assertEquals("b", ask(connection, "b"));
            connection.close();
            assertThrows(CancelledError.class, () -> await(forever));
        });
    }

    @Test
    void closeEndsServeForever() {
        inLoop(() -> {
            var server = await(startServer(CLOSES, HERE, 0));
            var forever = createTask(server.serveForever());
            iterations(2);
            server.close();
            server.close();
            assertThrows(CancelledError.class, () -> await(forever));
            assertTrue(forever.cancelled());
        });
    }

    @Test
    void closeLetsConnectionsGoOn() {
        inLoop(() -> {
            var server = await(startServer(StreamServerTest::echo, HERE, 0));
            var connection = await(openConnection(HERE, server.port()));
            assertEquals("a", ask(connection, "a"));
            server.close();
            var closed = createTask(server.waitClosed());
            await(sleep(ofMillis(20)));
            assertFalse(closed.done());
            assertEquals("b", ask(connection, "b"));
            connection.close();
            await(closed);
        });
    }

    @Test
    void closeClientsSendsWhatWasWritten() {
        inLoop(() -> {
            var block = pattern(5_000_000);
            var written = getRunningLoop().<Boolean>createFuture();
            var server = await(startServer(
                    (reader, writer) -> {
                        writer.write(block);
                        written.setResult(true);
                        await(writer.waitClosed());
                        log.add("closed");
                    },
                    HERE,
                    0));
            var connection = await(openConnection(HERE, server.port()));
            await(written);
            server.closeClients();
            server.close();
            assertEquals(block.length, await(connection.reader().read()).length);
            await(server.waitClosed());
            until(() -> log.equals(List.of("closed")));
            connection.close();
        });
    }

    @Test
    void abortClientsCancelsTheirTasks() {
        inLoop(() -> {
            var server = await(startServer(
                    (reader, writer) -> {
                        log.add("begins");
                        try {
                            await(getRunningLoop().createFuture());
                        } catch (CancelledError cancelled) {
                            log.add("cancelled");
                            throw cancelled;
                        }
                    },
                    HERE,
                    0));
            var connection = await(openConnection(HERE, server.port()));
            until(() -> log.size() == 1);
            server.close();
            server.abortClients();
            await(server.waitClosed());
            until(() -> log.size() == 2);
            assertEquals(List.of("begins", "cancelled"), log);
            assertEquals(0, await(connection.reader().read()).length);
            connection.close();
        });
    }

    @Test
    void withAndTryClose() {
        inLoop(() -> {
            var ports = new ArrayList<Integer>();
            with(await(startServer(CLOSES, HERE, 0)), server -> {
                ports.add(server.port());
            });
            try (var server = await(startServer(CLOSES, HERE, 0))) {
                ports.add(server.port());
            }
            assertThrows(
                    IOException.class,
                    () -> with(await(startServer(CLOSES, HERE, 0)), server -> {
                        ports.add(server.port());
                        throw new IOException("body");
                    }));
            raises(ConnectException.class, openConnection(HERE, ports.get(0)));
            raises(ConnectException.class, openConnection(HERE, ports.get(2)));
            with(await(startServer(CLOSES, HERE, ports.get(1))), again -> {});
        });
    }

    @Test
    void withOnAConnectionWaitsUntilItIsClosed() {
        inLoop(() -> {
            var server = await(startServer(StreamServerTest::echo, HERE, 0));
            with(await(openConnection(HERE, server.port())), connection -> {
                assertEquals("x", ask(connection, "x"));
                with(connection.writer(), writer -> {
                    assertSame(connection.writer(), writer);
                });
                assertTrue(connection.writer().isClosing());
            });
            with(server, s -> {});
        });
    }

    @Test
    void aServerThatDoesNotServeYet() {
        inLoop(() -> {
            var server =
                    await(startServer(StreamServerTest::echo, HERE, 0, ServerOptions.NONE.withStartServing(false)));
            assertFalse(server.isServing());
            var connection = await(openConnection(HERE, server.port()));
            connection.writer().write("early\n");
            await(sleep(ofMillis(30)));
            var line = createTask(connection.reader().readline());
            await(sleep(ofMillis(10)));
            assertFalse(line.done());
            await(server.startServing());
            await(server.startServing());
            assertTrue(server.isServing());
            assertEquals("early\n", text(await(line)));
            connection.close();
            with(server, s -> {});
        });
    }

    @Test
    void aServerThatNeverServedCloses() {
        inLoop(() -> {
            var server = await(startServer(CLOSES, HERE, 0, ServerOptions.NONE.withStartServing(false)));
            server.close();
            await(server.waitClosed());
        });
    }

    @Test
    void noMoreConnectionsThanAllowed() {
        inLoop(() -> {
            var now = new int[1];
            var most = new int[1];
            var served = new int[1];
            var server = await(startServer(
                    (reader, writer) -> {
                        most[0] = Math.max(most[0], ++now[0]);
                        await(reader.readline());
                        now[0]--;
                        served[0]++;
                        writer.close();
                    },
                    HERE,
                    0,
                    ServerOptions.NONE.withMaxConnections(3)));
            var connections = new ArrayList<StreamConnection>();
            for (int i = 0; i < 20; i++) {
                connections.add(await(openConnection(HERE, server.port())));
            }
            until(() -> now[0] == 3);
            await(sleep(ofMillis(30)));
            for (var connection : connections) {
                connection.writer().write("x\n");
            }
            until(() -> served[0] == 20);
            assertEquals(3, most[0]);
            connections.forEach(StreamConnection::close);
            with(server, s -> {});
        });
    }

    // ---- handlers

    @Test
    void whatAHandlerRaisesIsReportedWithTheAddress() {
        inLoopWithReports(() -> {
            var server = await(startServer(
                    (reader, writer) -> {
                        throw new IOException("broken");
                    },
                    HERE,
                    0));
            var connection = await(openConnection(HERE, server.port()));
            assertEquals(0, await(connection.reader().read()).length);
            assertEquals(List.of("Unhandled exception in client_connected_cb"), messages());
            var report = reports.get(0);
            assertEquals("broken", report.exception().getMessage());
            assertEquals(
                    connection.writer().getExtraInfo(ExtraInfo.SOCKNAME),
                    report.details().get("peername"));
            assertInstanceOf(Transport.class, report.details().get("transport"));
            connection.close();
            with(server, s -> {});
        });
    }

    @Test
    void aHandlerThatIsCancelledClosesItsConnection() {
        inLoop(() -> {
            var task = getRunningLoop().<asyncio.Task<?>>createFuture();
            var server = await(startServer(
                    (reader, writer) -> {
                        task.setResult(asyncio.Asyncio.currentTask());
                        await(reader.read());
                    },
                    HERE,
                    0));
            var connection = await(openConnection(HERE, server.port()));
            await(task).cancel();
            assertEquals(0, await(connection.reader().read()).length);
            connection.close();
            with(server, s -> {});
        });
    }

    @Test
    void aHandlerMayLeaveItsConnectionToOthers() {
        inLoop(() -> {
            var kept = getRunningLoop().<StreamWriter>createFuture();
            var server = await(startServer((reader, writer) -> kept.setResult(writer), HERE, 0));
            var connection = await(openConnection(HERE, server.port()));
            var writer = await(kept);
            await(sleep(ofMillis(20)));
            assertFalse(writer.isClosing());
            writer.write("still there\n");
            assertEquals("still there\n", text(await(connection.reader().readline())));
            connection.close();
            // The other side ends: the connection stays half open until it is closed here.
            writer.close();
            await(writer.waitClosed());
            with(server, s -> {});
        });
    }

    @Test
    void eachConnectionHasAContextOfItsOwn() {
        inLoop(() -> {
            var variable = ContextVar.<String>create("variable");
            variable.set("server");
            var server = await(startServer(
                    (reader, writer) -> {
                        var before = variable.get();
                        variable.set(text(await(reader.readline())).strip());
                        await(sleep(ofMillis(1)));
                        writer.write(before + " " + variable.get() + "\n");
                        writer.close();
                    },
                    HERE,
                    0));
            variable.set("later");
            var answers = new ArrayList<Coroutine<String>>();
            for (var name : List.of("a", "b", "c")) {
                answers.add(async(() -> {
                    with(await(openConnection(HERE, server.port())), connection -> {
                        log.add(ask(connection, name));
                    });
                    return name;
                }));
            }
            await(asyncio.Asyncio.gather(answers));
            assertEquals(
                    List.of("server a", "server b", "server c"),
                    log.stream().sorted().toList());
            assertEquals("later", variable.get());
            with(server, s -> {});
        });
    }

    // ---- addresses

    @Test
    void severalHosts() {
        inLoop(() -> {
            var server = await(startServer(
                    StreamServerTest::echo, List.of(HERE, "127.0.0.2", HERE), freePort(), ServerOptions.NONE));
            assertEquals(2, server.sockets().size());
            for (var host : List.of(HERE, "127.0.0.2")) {
                with(await(openConnection(host, server.port())), connection -> {
                    assertEquals(host, ask(connection, host));
                });
            }
            with(server, s -> {});
        });
    }

    @Test
    void allAddressesOfTheMachine() {
        inLoop(() -> {
            for (var host : new String[] {null, ""}) {
                with(await(startServer(StreamServerTest::echo, host, 0)), server -> {
                    for (var to : List.of(HERE, "127.0.0.3", "localhost")) {
                        with(await(openConnection(to, server.port())), connection -> {
                            assertEquals(to, ask(connection, to));
                        });
                    }
                });
            }
        });
    }

    private static boolean hasIpv6() {
        try {
            new ServerSocket(0, 1, InetAddress.getByName("::1")).close();
            return true;
        } catch (IOException none) {
            return false;
        }
    }

    @Test
    void ipv6() {
        assumeTrue(hasIpv6(), "this machine has no ::1");
        inLoop(() -> with(await(startServer(StreamServerTest::echo, "::1", 0)), server -> {
            with(await(openConnection("::1", server.port())), connection -> {
                assertEquals("x", ask(connection, "x"));
            });
            raises(
                    UnknownHostException.class,
                    openConnection("::1", server.port(), ConnectOptions.NONE.withFamily(AddressFamily.IPV4)));
        }));
    }

    @Test
    void theAddressOfThisSideCanBeChosen() {
        inLoop(() -> with(await(startServer(StreamServerTest::echo, HERE, 0)), server -> {
            var from = new InetSocketAddress("127.0.0.9", 0);
            with(await(openConnection(HERE, server.port(), ConnectOptions.NONE.withLocalAddr(from))), connection -> {
                assertEquals("x", ask(connection, "x"));
                var name = (InetSocketAddress) connection.writer().getExtraInfo(ExtraInfo.SOCKNAME);
                assertEquals(from.getAddress(), name.getAddress());
            });
        }));
    }

    @Test
    void whatCannotBeListenedOn() {
        inLoop(() -> with(await(startServer(CLOSES, HERE, 0)), server -> {
            var taken = raises(BindException.class, startServer(CLOSES, HERE, server.port()));
            assertTrue(taken.getMessage().startsWith("error while attempting to bind on address "), taken.getMessage());
            assertTrue(taken.getMessage().contains(HERE + ":" + server.port()), taken.getMessage());
            assertThrows(IllegalArgumentException.class, () -> startServer(CLOSES, HERE, 70_000));
            assertThrows(IllegalArgumentException.class, () -> startServer(CLOSES, HERE, -1));
            raises(UnknownHostException.class, startServer(CLOSES, "no.such.host.invalid", 0));
            raises(BindException.class, startServer(CLOSES, "192.0.2.1", 0));
            // All or none.
            int port = freePort();
            raises(BindException.class, startServer(CLOSES, List.of(HERE, "192.0.2.1"), port, ServerOptions.NONE));
            with(await(startServer(CLOSES, HERE, port)), other -> {});
        }));
    }

    @Test
    void aPortThatIsSharedOrNot() {
        inLoop(() -> with(await(startServer(CLOSES, HERE, 0)), server -> {
            // It can be used again at once.
            with(await(openConnection(HERE, server.port())), connection -> {
                await(connection.reader().read());
            });
            int port = server.port();
            server.close();
            await(server.waitClosed());
            with(await(startServer(CLOSES, HERE, port)), again -> {});
        }));
    }

    // ---- connections that fail

    @Test
    void aRefusedConnection() {
        inLoop(() -> {
            int port = freePort();
            var refused = raises(ConnectException.class, openConnection(HERE, port));
            assertTrue(refused.getMessage().contains("Connection refused"), refused.getMessage());
            assertTrue(refused.getMessage().contains(HERE), refused.getMessage());
            var all = raises(ExceptionGroup.class, openConnection(HERE, port, ConnectOptions.NONE.withAllErrors(true)));
            assertTrue(all.getMessage().startsWith("create_connection failed"), all.getMessage());
            assertEquals(1, all.exceptions().size());
            assertInstanceOf(ConnectException.class, all.exceptions().get(0));
            raises(UnknownHostException.class, openConnection("no.such.host.invalid", port));
            assertThrows(IllegalArgumentException.class, () -> openConnection(HERE, 65_536));
            assertThrows(IllegalArgumentException.class, () -> openConnection(HERE, -1));
            raises(
                    BindException.class,
                    openConnection(
                            HERE, port, ConnectOptions.NONE.withLocalAddr(new InetSocketAddress("192.0.2.1", 0))));
        });
    }

    @Test
    void theFailuresOfSeveralAddresses() throws Exception {
        var a = new ConnectException("Connection refused: a/1.2.3.4:5");
        var b = new ConnectException("Connection refused: b/1.2.3.5:5");
        var same = new ConnectException("Connection refused: a/1.2.3.4:5");
        assertSame(a, failure(List.of(a), false));
        assertSame(a, failure(List.of(a, same), false));
        var different = failure(List.of(a, b), false);
        assertInstanceOf(IOException.class, different);
        assertEquals(
                "Multiple exceptions: Connection refused: a/1.2.3.4:5, Connection refused: b/1.2.3.5:5",
                different.getMessage());
        assertEquals(List.of(a, b), List.of(different.getSuppressed()));
        assertEquals(List.of(a, same), ((ExceptionGroup) failure(List.of(a, same), true)).exceptions());
    }

    /** What a connect raises whose addresses have failed so. */
    private static Throwable failure(List<Throwable> failures, boolean all) throws Exception {
        var method = Class.forName("asyncio.internal.net.FailuresKt")
                .getDeclaredMethod("connectFailure", List.class, boolean.class);
        method.setAccessible(true);
        return (Throwable) method.invoke(null, failures, all);
    }

    @Test
    void aCancelledConnectLeavesNothingOpen() {
        inLoop(() -> with(await(startServer(StreamServerTest::echo, HERE, 0)), server -> {
            int opened = 0;
            for (var host : List.of(HERE, "localhost")) {
                for (int steps = 0; steps < 40; steps++) {
                    var opening = createTask(openConnection(host, server.port()));
                    for (int i = 0; i < steps && !opening.done(); i++) {
                        if (i % 4 == 3) await(sleep(ofMillis(1)));
                        else iterations(1);
                    }
                    opening.cancel();
                    try {
                        await(opening).close();
                        opened++;
                    } catch (CancelledError cancelled) {
                        continue;
                    }
                }
            }
            assertNotEquals(0, opened);
            assertNotEquals(80, opened);
            // Nobody is there who answers.
            var silent = ServerSocketChannel.open(StandardProtocolFamily.INET);
            try (silent) {
                silent.bind(new InetSocketAddress(HERE, 0), 1);
                int port = ((InetSocketAddress) silent.getLocalAddress()).getPort();
                for (int steps = 0; steps < 10; steps++) {
                    var opening = new ArrayList<Future<?>>();
                    for (int i = 0; i < 4; i++) {
                        opening.add(createTask(
                                openConnection(HERE, port, ConnectOptions.NONE.withSsl(SslContexts.insecure()))));
                    }
                    iterations(steps * 2);
                    if (steps % 2 == 1) await(sleep(ofMillis(steps)));
                    opening.forEach(Future::cancel);
                    for (var each : opening) {
                        assertThrows(CancelledError.class, () -> await(each));
                    }
                }
            }
        }));
    }

    // ---- Unix domain sockets

    @Test
    void unixSockets() {
        inLoop(() -> {
            var path = folder.resolve("s");
            with(await(startUnixServer(StreamServerTest::echo, path)), server -> {
                assertTrue(Files.exists(path));
                assertEquals(List.of(UnixDomainSocketAddress.of(path)), server.sockets());
                assertThrows(IllegalStateException.class, server::port);
                with(await(openUnixConnection(path)), connection -> {
                    assertEquals("x", ask(connection, "x"));
                    assertEquals(
                            UnixDomainSocketAddress.of(path),
                            connection.writer().getExtraInfo(ExtraInfo.PEERNAME));
                });
            });
            assertFalse(Files.exists(path));
            raises(IOException.class, openUnixConnection(path));
        });
    }

    @Test
    void halfCloseOfUnixSockets() {
        inLoop(() -> {
            var path = folder.resolve("s");
            with(await(startUnixServer(StreamServerTest::echo, path)), server -> {
                with(await(openUnixConnection(path)), connection -> {
                    connection.writer().write("last");
                    connection.writer().writeEof();
                    assertEquals("last", text(await(connection.reader().read())));
                });
            });
        });
    }

    @Test
    void aUnixSocketAnswersAfterTheEndOfTheRequest() {
        inLoop(() -> {
            var path = folder.resolve("s");
            var answer = "y".repeat(3_000_000);
            ClientConnectedCallback counts = (reader, writer) -> {
                int size = await(reader.read()).length;
                await(sleep(ofMillis(10)));
                writer.write(size + " " + answer);
                await(writer.drain());
                writer.close();
            };
            with(await(startUnixServer(counts, path)), server -> {
                // The JDK's own socket is the peer: it sees the same as another program.
                var seen = await(Asyncio.toThread(() -> {
                    try (var socket = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
                        var request = ByteBuffer.wrap("x".repeat(500_000).getBytes(UTF_8));
                        while (request.hasRemaining()) {
                            socket.write(request);
                        }
                        socket.shutdownOutput();
                        return new String(Channels.newInputStream(socket).readAllBytes(), UTF_8);
                    }
                }));
                assertEquals("500000 " + answer, seen);
            });
        });
    }

    @Test
    void aSocketOfAServerThatIsGoneIsReplaced() {
        inLoop(() -> {
            var path = folder.resolve("s");
            try (var old = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
                old.bind(UnixDomainSocketAddress.of(path));
            }
            assertTrue(Files.exists(path));
            raises(ConnectException.class, openUnixConnection(path));
            with(await(startUnixServer(StreamServerTest::echo, path)), server -> {
                with(await(openUnixConnection(path)), connection -> {
                    assertEquals("x", ask(connection, "x"));
                });
            });
            var kept = ServerOptions.NONE.withCleanupSocket(false);
            with(await(startUnixServer(StreamServerTest::echo, path, kept)), server -> {});
            assertTrue(Files.exists(path));
            // What is no longer its own stays.
            with(await(startUnixServer(StreamServerTest::echo, path)), server -> {
                Files.delete(path);
                Files.writeString(path, "mine");
            });
            assertEquals("mine", Files.readString(path));
        });
    }

    @Test
    void whatIsNoPathOfASocket() throws Exception {
        var file = Files.writeString(folder.resolve("plain"), "x");
        inLoop(() -> {
            raises(BindException.class, startUnixServer(CLOSES, file));
            assertEquals("x", Files.readString(file));
            raises(IOException.class, startUnixServer(CLOSES, folder.resolve("x".repeat(200))));
            raises(IOException.class, startUnixServer(CLOSES, folder.resolve("no/such")));
            raises(IOException.class, openUnixConnection(file));
            raises(NoSuchFileException.class, openUnixConnection(folder.resolve("none")));
            raises(NotDirectoryException.class, openUnixConnection(file.resolve("none")));
            raises(IOException.class, openUnixConnection(folder.resolve("x".repeat(200))));
        });
    }

    // ---- the loop

    @Test
    void theyBelongToALoop() {
        assertThrows(IllegalStateException.class, () -> openConnection(HERE, 1).send(null));
    }

    @Test
    void aLoopThatEndsClosesWhatIsOpen() {
        var before = sockets();
        asyncio.Asyncio.run(async(() -> {
            var server = await(startServer(StreamServerTest::echo, HERE, 0));
            var connection = await(openConnection(HERE, server.port()));
            assertEquals("x", ask(connection, "x"));
            await(openConnection(HERE, server.port()));
        }));
        assertNoNewSockets(before);
    }
}
