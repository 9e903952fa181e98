package asyncio.io;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.sleep;
import static asyncio.Asyncio.toThread;
import static asyncio.Asyncio.with;
import static asyncio.io.Streams.openConnection;
import static asyncio.io.Streams.startServer;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import asyncio.TimeoutException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Streams over TLS, from the begin or from some moment on. */
class TlsStreamsTest extends OnNetwork {
    private static final String HERE = "127.0.0.1";

    @TempDir
    static Path folder;

    private static Certificates certificates;
    private static SSLContext server;
    private static SSLContext client;

    @BeforeAll
    static void makeCertificates() throws IOException {
        certificates = new Certificates(folder)
                .sign("here", "DNS:localhost,IP:127.0.0.1", 30)
                .sign("other", "DNS:other.test,DNS:*.wild.test", 30)
                .sign("expired", "DNS:localhost,IP:127.0.0.1", -1);
        server = certificates.of("here");
        client = certificates.trusting();
    }

    private static ServerOptions tls(SSLContext context) {
        return ServerOptions.NONE.withSsl(context);
    }

    private static ConnectOptions to(SSLContext context) {
        return ConnectOptions.NONE.withSsl(context);
    }

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

    private static SSLException refused(SSLContext server, ConnectOptions options) {
        var error = new SSLException[1];
        with(await(startServer(TlsStreamsTest::echo, HERE, 0, tls(server))), listening -> {
            error[0] = assertThrows(
                    SSLException.class, () -> await(openConnection("localhost", listening.port(), options)));
        });
        return error[0];
    }

    // ---- both ways

    @Test
    void bytesGoBothWaysAndTheEndToo() {
        inLoop(() -> with(await(startServer(TlsStreamsTest::echo, HERE, 0, tls(server))), listening -> {
            for (var host : List.of("localhost", HERE)) {
                var connection = await(openConnection(host, listening.port(), to(client)));
                var writer = connection.writer();
                assertEquals("hello", ask(connection, "hello"));
                assertFalse(writer.canWriteEof());
                assertThrows(UnsupportedOperationException.class, writer::writeEof);
                assertSame(client, writer.getExtraInfo(ExtraInfo.SSLCONTEXT));
                assertNotNull(writer.getExtraInfo(ExtraInfo.CIPHER));
                assertTrue(
                        writer.getExtraInfo(ExtraInfo.SSL_OBJECT).getProtocol().startsWith("TLS"));
                var certificate = (X509Certificate) writer.getExtraInfo(ExtraInfo.PEERCERT);
                assertEquals("CN=here", certificate.getSubjectX500Principal().getName());
                assertNull(writer.getExtraInfo(ExtraInfo.ALPN));
                writer.close();
                await(writer.waitClosed());
            }
        }));
    }

    @Test
    void muchDataInBothDirectionsAtOnce() {
        inLoop(() -> {
            var block = pattern(8_000_000);
            ClientConnectedCallback both = (reader, writer) -> {
                var sending = createTask(async(() -> {
                    for (int at = 0; at < block.length; at += 100_000) {
                        writer.write(block, at, 100_000);
                        await(writer.drain());
                    }
                }));
                assertArrayEquals(block, await(reader.readexactly(block.length)));
                await(sending);
                log.add("done");
                writer.close();
            };
            with(await(startServer(both, HERE, 0, tls(server))), listening -> {
                with(await(openConnection("localhost", listening.port(), to(client))), connection -> {
                    try {
                        both.clientConnected(connection.reader(), connection.writer());
                    } catch (Exception impossible) {
                        throw new AssertionError(impossible);
                    }
                });
                until(() -> log.size() == 2);
            });
        });
    }

    @Test
    void closeSendsAllBeforeItsGoodbye() {
        inLoop(() -> {
            var block = pattern(10_000_000);
            var received = Transfer.received(server, SslContexts.insecure(), (reader, writer) -> writer.write(block));
            assertArrayEquals(block, received);
        });
    }

    @Test
    void sendfileOverTls() throws Exception {
        var content = pattern(3_000_000);
        var file = Files.write(folder.resolve("file"), content);
        inLoop(() -> {
            var received = Transfer.received(server, client, (reader, writer) -> {
                writer.write("before");
                assertEquals(2_500_000, await(Transports.sendfile(writer.transport(), file, 7, 2_500_000)));
                writer.write("after");
            });
            var expected = "before" + text(content).substring(7, 2_500_007) + "after";
            assertTrue(expected.equals(text(received)));
        });
    }

    // ---- certificates

    @Test
    void whatIsNotTrusted() {
        inLoop(() -> {
            refused(server, to(SslContexts.system()));
            refused(certificates.of("other"), to(client));
            var wrong = refused(server, to(client).withServerHostname("elsewhere.test"));
            assertTrue(wrong.toString().contains("elsewhere.test"), wrong.toString());
            var expired = refused(certificates.of("expired"), to(client));
            assertTrue(expired.toString().contains("validity"), expired.toString());
        });
    }

    @Test
    void theNameOfTheServerCanBeGiven() {
        inLoop(() -> {
            with(await(startServer(TlsStreamsTest::echo, HERE, 0, tls(certificates.of("other")))), listening -> {
                for (var name : List.of("other.test", "a.wild.test", "")) {
                    with(
                            await(openConnection(
                                    "localhost", listening.port(), to(client).withServerHostname(name))),
                            connection -> {
                                assertEquals(name, ask(connection, name));
                            });
                }
            });
            assertThrows(
                    IllegalArgumentException.class,
                    () -> await(openConnection("localhost", 1, ConnectOptions.NONE.withServerHostname("x"))));
        });
    }

    @Test
    void aClientIsAskedForItsCertificate() {
        inLoop(() -> {
            ClientConnectedCallback names = (reader, writer) -> {
                var certificate = (X509Certificate) writer.getExtraInfo(ExtraInfo.PEERCERT);
                writer.write(
                        certificate == null
                                ? "nobody"
                                : certificate.getSubjectX500Principal().getName());
                writer.close();
            };
            for (var asked : ClientAuth.values()) {
                with(await(startServer(names, HERE, 0, tls(server).withClientAuth(asked))), listening -> {
                    with(await(openConnection("localhost", listening.port(), to(certificates.of("other")))), c -> {
                        assertEquals(
                                asked == ClientAuth.NONE ? "nobody" : "CN=other",
                                text(await(c.reader().read())));
                    });
                    if (asked == ClientAuth.REQUIRED) {
                        // With TLS 1.3 the refusal comes after the client's side of the handshake is done.
                        var error = assertThrows(IOException.class, () -> {
                            try (var c = await(openConnection("localhost", listening.port(), to(client)))) {
                                assertEquals("", text(await(c.reader().read())));
                                throw new SSLException("ended");
                            }
                        });
                        assertNotNull(error.getMessage());
                    } else {
                        with(await(openConnection("localhost", listening.port(), to(client))), c -> {
                            assertEquals("nobody", text(await(c.reader().read())));
                        });
                    }
                });
            }
        });
    }

    // ---- names and protocols of the application

    @Test
    void severalServersByTheirNames() {
        inLoop(() -> {
            var options = tls(server)
                    .withSniContexts(
                            Map.of("other.test", certificates.of("other"), "*.wild.test", certificates.of("other")));
            ClientConnectedCallback asked = (reader, writer) -> {
                writer.write(writer.getExtraInfo(ExtraInfo.SERVER_HOSTNAME) + "\n");
                echo(reader, writer);
            };
            with(await(startServer(asked, HERE, 0, options)), listening -> {
                for (var name : List.of("other.test", "b.wild.test", "localhost")) {
                    with(
                            await(openConnection(
                                    HERE, listening.port(), to(client).withServerHostname(name))),
                            connection -> {
                                assertEquals(
                                        name + "\n",
                                        text(await(connection.reader().readline())));
                                assertEquals("x", ask(connection, "x"));
                                var certificate =
                                        (X509Certificate) connection.writer().getExtraInfo(ExtraInfo.PEERCERT);
                                assertEquals(
                                        name.equals("localhost") ? "CN=here" : "CN=other",
                                        certificate.getSubjectX500Principal().getName());
                            });
                }
                // An address is no name to ask for.
                with(await(openConnection(HERE, listening.port(), to(client))), connection -> {
                    assertEquals("null\n", text(await(connection.reader().readline())));
                });
            });
        });
    }

    @Test
    void theProtocolOfTheApplicationIsAgreedOn() {
        inLoop(() -> with(
                await(startServer(
                        (reader, writer) -> {
                            writer.write(String.valueOf(writer.getExtraInfo(ExtraInfo.ALPN)));
                            writer.close();
                        },
                        HERE,
                        0,
                        tls(server).withAlpnProtocols(List.of("b", "a")))),
                listening -> {
                    with(
                            await(openConnection(
                                    "localhost", listening.port(), to(client).withAlpnProtocols(List.of("a", "b")))),
                            connection -> {
                                assertEquals("b", connection.writer().getExtraInfo(ExtraInfo.ALPN));
                                assertEquals("b", text(await(connection.reader().read())));
                            });
                    with(await(openConnection("localhost", listening.port(), to(client))), connection -> {
                        assertNull(connection.writer().getExtraInfo(ExtraInfo.ALPN));
                        assertEquals("null", text(await(connection.reader().read())));
                    });
                }));
    }

    // ---- peers that do not keep to it

    @Test
    void aPeerThatSpeaksPlainTextIsSentAway() {
        inLoop(() -> with(await(startServer(TlsStreamsTest::echo, HERE, 0, tls(server))), listening -> {
            try (var socket = new Socket(HERE, listening.port())) {
                socket.getOutputStream().write(bytes("GET / HTTP/1.0\r\n\r\n"));
                var said = await(toThread(() -> readAll(socket)));
                assertTrue(said == null || said.length < 100);
            }
            // The next one is served.
            with(await(openConnection("localhost", listening.port(), to(client))), connection -> {
                assertEquals("x", ask(connection, "x"));
            });
        }));
    }

    private static byte @Nullable [] readAll(Socket socket) {
        try {
            return socket.getInputStream().readAllBytes();
        } catch (IOException reset) {
            return null;
        }
    }

    @Test
    void aServerThatSpeaksPlainTextIsNotTrusted() {
        inLoop(() -> with(
                await(startServer(
                        (reader, writer) -> {
                            writer.write("220 ready\r\n");
                            await(reader.read());
                            writer.close();
                        },
                        HERE,
                        0)),
                listening -> assertThrows(
                        SSLException.class, () -> await(openConnection("localhost", listening.port(), to(client))))));
    }

    @Test
    void aHandshakeThatTakesTooLong() {
        inLoop(() -> {
            try (var silent = new ServerSocket(0, 1, InetAddress.getByName(HERE))) {
                var late = to(client).withSslHandshakeTimeout(ofMillis(50));
                assertThrows(SSLException.class, () -> await(openConnection(HERE, silent.getLocalPort(), late)));
            }
            for (var options : List.of(tls(server), tls(server).withSniContexts(Map.of("x.test", server)))) {
                with(
                        await(startServer(
                                TlsStreamsTest::echo, HERE, 0, options.withSslHandshakeTimeout(ofMillis(50)))),
                        listening -> {
                            try (var socket = new Socket(HERE, listening.port())) {
                                var said = await(toThread(() -> readAll(socket)));
                                assertTrue(said == null || said.length < 100);
                            }
                        });
            }
        });
    }

    @Test
    void aServerThatClosesLetsNoHandshakeHang() {
        inLoop(() -> {
            var listening = await(startServer(TlsStreamsTest::echo, HERE, 0, tls(server)));
            try (var socket = new Socket(HERE, listening.port())) {
                await(sleep(ofMillis(20)));
                listening.close();
                await(listening.waitClosed());
                var said = await(toThread(() -> readAll(socket)));
                assertTrue(said == null || said.length == 0);
            }
        });
    }

    /** A client of the JDK, which blocks, on a connection of {@code plain}. */
    private static SSLSocket jdkClient(Socket plain) throws IOException {
        var socket = (SSLSocket) client.getSocketFactory().createSocket(plain, "localhost", plain.getPort(), false);
        socket.startHandshake();
        return socket;
    }

    @Test
    void anEndWithoutAGoodbyeIsAnEnd() {
        inLoop(() -> with(
                await(startServer(
                        (reader, writer) -> {
                            log.add(text(await(reader.read())));
                            writer.close();
                        },
                        HERE,
                        0,
                        tls(server))),
                listening -> {
                    await(toThread(() -> {
                        try (var plain = new Socket(HERE, listening.port())) {
                            var socket = jdkClient(plain);
                            socket.getOutputStream().write(bytes("some"));
                        }
                    }));
                    until(() -> log.equals(List.of("some")));
                }));
    }

    @Test
    void aGoodbyeIsAnEndThoughTheConnectionStays() {
        inLoop(() -> with(
                await(startServer(
                        (reader, writer) -> {
                            log.add(text(await(reader.read())));
                            writer.close();
                        },
                        HERE,
                        0,
                        tls(server))),
                listening -> {
                    var ended = await(toThread(() -> {
                        try (var plain = new Socket(HERE, listening.port())) {
                            plain.setSoTimeout(10_000);
                            var socket = jdkClient(plain);
                            socket.getOutputStream().write(bytes("some"));
                            socket.shutdownOutput();
                            return socket.getInputStream().read();
                        }
                    }));
                    assertEquals(-1, ended);
                    assertEquals(List.of("some"), log);
                }));
    }

    @Test
    void aPeerThatNeverSaysGoodbyeIsNotWaitedForLong() {
        inLoop(() -> {
            var begun = System.nanoTime();
            with(
                    await(startServer(
                            (reader, writer) -> {
                                writer.close();
                                try {
                                    await(writer.waitClosed());
                                } catch (TimeoutException error) {
                                    log.add(error.getMessage());
                                }
                            },
                            HERE,
                            0,
                            tls(server).withSslShutdownTimeout(ofMillis(100)))),
                    listening -> {
                        var ended = await(toThread(() -> {
                            try (var plain = new Socket(HERE, listening.port())) {
                                plain.setSoTimeout(10_000);
                                jdkClient(plain);
                                // It reads what comes, but says nothing.
                                var in = plain.getInputStream();
                                while (in.read() >= 0) continue;
                                return true;
                            }
                        }));
                        assertTrue(ended);
                        until(() -> log.equals(List.of("SSL shutdown timed out")));
                    });
            assertTrue(System.nanoTime() - begun < ofSeconds(8).toNanos());
        });
    }

    @Test
    void theConnectionIsLostWhenBothSidesHaveSaidGoodbye() {
        inLoop(() -> {
            var here = new Recorder("server", log);
            try (var listening = await(Transports.createServer(() -> here, List.of(HERE), 0, tls(server)))) {
                var there = new Recorder("client", log);
                await(Transports.createConnection(() -> there, HERE, listening.port(), to(client)));
                until(() -> here.transport != null);
                here.transport.write(bytes("bye"));
                here.transport.close();
                here.transport.write(bytes("late"));
                assertFalse(here.lost);
                until(() -> here.lost && there.lost);
                var ofServer =
                        log.stream().filter(line -> line.startsWith("server ")).toList();
                var ofClient =
                        log.stream().filter(line -> line.startsWith("client ")).toList();
                assertEquals(List.of("server made", "server eof", "server lost None"), ofServer);
                assertEquals(List.of("client made", "client data bye", "client eof", "client lost None"), ofClient);
                assertTrue(log.indexOf("client eof") < log.indexOf("server lost None"), log.toString());
            }
        });
    }

    @Test
    void anAbortSaysNoGoodbye() {
        inLoop(() -> {
            var here = new Recorder("server", log);
            try (var listening = await(Transports.createServer(() -> here, List.of(HERE), 0, tls(server)))) {
                var there = new Recorder("client", log);
                await(Transports.createConnection(() -> there, HERE, listening.port(), to(client)));
                until(() -> here.transport != null);
                there.transport.abort();
                until(() -> here.lost && there.lost);
                assertEquals(
                        List.of("client lost None", "server eof", "server lost None"),
                        log.stream().filter(line -> !line.endsWith("made")).toList());
            }
        });
    }

    @Test
    void anAcceptedSocketThatSpeaksPlainTextIsRaised() {
        inLoop(() -> {
            for (var said : List.of("GET / HTTP/1.0\r\n\r\n", "")) {
                try (var listening = ServerSocketChannel.open().bind(new InetSocketAddress(HERE, 0));
                        var plain = SocketChannel.open(listening.getLocalAddress())) {
                    var accepted = listening.accept();
                    plain.write(ByteBuffer.wrap(bytes(said)));
                    plain.shutdownOutput();
                    var made =
                            Transports.connectAcceptedSocket(() -> new Recorder("server", log), accepted, tls(server));
                    var error = assertThrows(IOException.class, () -> await(made));
                    assertTrue(said.isEmpty() || error instanceof SSLException, error.toString());
                }
            }
            assertEquals(List.of(), log);
        });
    }

    @Test
    void aServerThatIsGoneDuringTheHandshake() {
        inLoop(() -> with(await(startServer((reader, writer) -> writer.close(), HERE, 0)), listening -> {
            var error = assertThrows(
                    SocketException.class, () -> await(openConnection(HERE, listening.port(), to(client))));
            assertEquals("Connection closed during the handshake", error.getMessage());
        }));
    }

    // ---- from some moment on

    /** A dialogue as those of mail servers. */
    private static void upgrading(StreamReader reader, StreamWriter writer) throws Exception {
        while (true) {
            var line = text(await(reader.readline())).strip();
            if (line.isEmpty()) break;
            if (line.equals("STARTTLS")) {
                writer.write("go ahead\n");
                await(writer.startTls(server));
            } else {
                writer.write(line + (writer.getExtraInfo(ExtraInfo.SSLCONTEXT) == null ? " plain\n" : " secure\n"));
            }
        }
        writer.close();
    }

    @Test
    void startTlsOnBothSides() {
        inLoop(() -> with(await(startServer(TlsStreamsTest::upgrading, HERE, 0)), listening -> {
            with(await(openConnection("localhost", listening.port())), connection -> {
                assertEquals("a plain", ask(connection, "a"));
                assertTrue(connection.writer().canWriteEof());
                assertEquals("go ahead", ask(connection, "STARTTLS"));
                await(connection.writer().startTls(client, TlsOptions.serverHostname("localhost")));
                assertFalse(connection.writer().canWriteEof());
                assertEquals("b secure", ask(connection, "b"));
                assertEquals("x".repeat(50_000) + " secure", ask(connection, "x".repeat(50_000)));
                assertNotNull(connection.writer().getExtraInfo(ExtraInfo.PEERCERT));
                assertThrows(
                        IllegalStateException.class,
                        () -> await(connection.writer().startTls(client)));
            });
        }));
    }

    @Test
    void theHelloMayComeTogetherWithWhatWasSaidBefore() {
        inLoop(() -> with(
                await(startServer(
                        (reader, writer) -> {
                            assertEquals("STARTTLS\n", text(await(reader.readline())));
                            // By now the hello is here too.
                            await(sleep(ofMillis(50)));
                            await(writer.startTls(server));
                            assertEquals("secret\n", text(await(reader.readline())));
                            writer.write("answer\n");
                            writer.close();
                        },
                        HERE,
                        0)),
                listening -> {
                    with(await(openConnection("localhost", listening.port())), connection -> {
                        connection.writer().write("STARTTLS\n");
                        await(connection.writer().startTls(client));
                        connection.writer().write("secret\n");
                        assertEquals("answer\n", text(await(connection.reader().read())));
                    });
                }));
    }

    @Test
    void startTlsThatFailsClosesTheConnection() {
        inLoop(() -> {
            var errors = new java.util.ArrayList<Throwable>();
            with(
                    await(startServer(
                            (reader, writer) -> {
                                await(reader.readline());
                                try {
                                    await(writer.startTls(server), IOException.class);
                                    log.add(text(await(reader.read(), IOException.class)));
                                } catch (IOException error) {
                                    errors.add(error);
                                }
                                writer.close();
                            },
                            HERE,
                            0)),
                    listening -> {
                        var connection = await(openConnection("localhost", listening.port()));
                        connection.writer().write("STARTTLS\n");
                        assertThrows(
                                SSLException.class,
                                () -> await(connection.writer().startTls(SslContexts.system())));
                        assertTrue(connection.writer().isClosing());
                        var plain = await(openConnection("localhost", listening.port()));
                        plain.writer().write("STARTTLS\nthis is no hello\n");
                        try {
                            await(plain.reader().read(), IOException.class);
                        } catch (IOException reset) {
                            assertNotNull(reset.getMessage());
                        }
                        plain.close();
                        until(() -> errors.size() + log.size() == 2);
                    });
            assertTrue(errors.stream().anyMatch(SSLException.class::isInstance), errors.toString());
        });
    }

    @Test
    void aCancelledStartTlsLeavesNothingOpen() {
        inLoop(() -> with(
                await(startServer(
                        (reader, writer) -> {
                            await(reader.read());
                            writer.close();
                        },
                        HERE,
                        0)),
                listening -> {
                    var connection = await(openConnection("localhost", listening.port()));
                    var upgrade = createTask(connection.writer().startTls(client));
                    await(sleep(ofMillis(20)));
                    upgrade.cancel();
                    assertThrows(asyncio.CancelledError.class, () -> await(upgrade));
                    assertTrue(connection.writer().isClosing());
                }));
    }
}
