package asyncio.io;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.toThread;
import static asyncio.Asyncio.with;
import static asyncio.io.Streams.openConnection;
import static asyncio.io.Streams.openUnixConnection;
import static asyncio.io.Streams.startServer;
import static asyncio.io.Streams.startUnixServer;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import asyncio.Coroutine;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs of others on the other side. */
class RealPeersTest extends OnNetwork {
    private static final String HERE = "127.0.0.1";

    @TempDir
    Path folder;

    /** A program that runs. */
    private final class Peer implements AutoCloseable {
        final Process process;

        Peer(String... command) throws IOException {
            var full = new ArrayList<>(List.of(command));
            full.set(0, Program.find(command[0]));
            process = new ProcessBuilder(full)
                    .directory(folder.toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        }

        BufferedReader output() {
            return process.inputReader(StandardCharsets.ISO_8859_1);
        }

        /** Sends it {@code input}, ends its input, and gives all that it says. */
        Coroutine<String> talk(String input) {
            return toThread(() -> {
                try (var in = process.getOutputStream()) {
                    in.write(bytes(input));
                }
                return text(process.getInputStream().readAllBytes());
            });
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }

    private static void upper(StreamReader reader, StreamWriter writer) {
        while (true) {
            var line = await(reader.readline());
            if (line.length == 0) break;
            writer.write(text(line).toUpperCase());
            await(writer.drain());
        }
        writer.write("BYE\n");
        writer.close();
    }

    @Test
    void netcat() {
        Program.find("nc");
        inLoop(() -> with(await(startServer(RealPeersTest::upper, HERE, 0)), server -> {
            try (var nc = new Peer("nc", "-N", HERE, "" + server.port())) {
                assertEquals("HELLO\nYOU\nBYE\n", await(nc.talk("hello\nyou\n")));
            } catch (IOException error) {
                throw new AssertionError(error);
            }
        }));
    }

    @Test
    void socatAsClient() {
        Program.find("socat");
        inLoop(() -> {
            with(await(startServer(RealPeersTest::upper, HERE, 0)), server -> {
                try (var socat = new Peer("socat", "-t", "20", "-", "TCP:" + HERE + ":" + server.port())) {
                    assertEquals("A\nBYE\n", await(socat.talk("a\n")));
                } catch (IOException error) {
                    throw new AssertionError(error);
                }
            });
            var path = folder.resolve("socket");
            with(
                    await(startUnixServer(
                            (reader, writer) -> {
                                writer.write(text(await(reader.readline())).toUpperCase());
                                writer.close();
                            },
                            path)),
                    server -> {
                        try (var socat = new Peer("socat", "-t", "20", "-", "UNIX-CONNECT:" + path)) {
                            assertEquals("A\n", await(socat.talk("a\n")));
                        } catch (IOException error) {
                            throw new AssertionError(error);
                        }
                    });
        });
    }

    @Test
    void socatAsServerOfAUnixSocket() {
        Program.find("socat");
        inLoop(() -> {
            var path = folder.resolve("socket");
            try (var socat = new Peer("socat", "UNIX-LISTEN:" + path, "EXEC:cat")) {
                until(() -> Files.exists(path));
                with(await(openUnixConnection(path)), connection -> {
                    connection.writer().write("line\n");
                    assertEquals("line\n", text(await(connection.reader().readline())));
                    assertTrue(socat.process.isAlive());
                });
            }
        });
    }

    @Test
    void opensslAsClient() throws Exception {
        var certificates = new Certificates(folder).sign("here", "DNS:localhost,IP:127.0.0.1", 30);
        inLoop(() -> {
            var options = ServerOptions.NONE.withSsl(certificates.of("here")).withAlpnProtocols(List.of("x"));
            with(await(startServer(RealPeersTest::upper, HERE, 0, options)), server -> {
                for (var version : List.of("-tls1_2", "-tls1_3")) {
                    try (var client = new Peer(
                            "openssl",
                            "s_client",
                            "-quiet",
                            "-no_ign_eof",
                            version,
                            "-alpn",
                            "x",
                            "-verify_return_error",
                            "-CAfile",
                            "ca.pem",
                            "-connect",
                            "localhost:" + server.port())) {
                        client.process.getOutputStream().write(bytes("hello\n"));
                        client.process.getOutputStream().flush();
                        assertEquals(
                                "HELLO", await(toThread(() -> client.output().readLine())));
                    } catch (IOException error) {
                        throw new AssertionError(error);
                    }
                }
            });
        });
    }

    @Test
    void opensslAsServer() throws Exception {
        var certificates = new Certificates(folder).sign("here", "DNS:localhost,IP:127.0.0.1", 30);
        inLoop(() -> {
            try (var server = new Peer(
                    "openssl", "s_server", "-rev", "-cert", "here.pem", "-key", "here.key", "-accept", HERE + ":0")) {
                var accepts = await(toThread(() -> {
                    var output = server.output();
                    var line = output.readLine();
                    while (!line.startsWith("ACCEPT ")) line = output.readLine();
                    return line;
                }));
                int port = Integer.parseInt(
                        accepts.substring(accepts.lastIndexOf(':') + 1).strip());
                var options =
                        ConnectOptions.NONE.withSsl(certificates.trusting()).withServerHostname("localhost");
                with(await(openConnection(HERE, port, options)), connection -> {
                    connection.writer().write("abc\n");
                    assertEquals("cba\n", text(await(connection.reader().readline())));
                });
            }
        });
    }

    /** What both sides of {@code python.py} do: send much, receive as much, half-close. */
    private static final String PYTHON = """
            import asyncio, hashlib, ssl, sys
            mode, port, folder = sys.argv[1], int(sys.argv[2]), sys.argv[3]
            N = 6_000_000
            async def talk(reader, writer):
                async def send():
                    for i in range(N // 100_000):
                        writer.write(bytes([i % 251]) * 100_000)
                        await writer.drain()
                    if writer.can_write_eof():
                        writer.write_eof()
                sending = asyncio.create_task(send())
                digest = hashlib.sha256()
                digest.update(await reader.readexactly(N))
                if writer.can_write_eof():
                    assert await reader.read() == b''
                await sending
                print('received', digest.hexdigest(), flush=True)
                writer.close()
                await writer.wait_closed()
            async def main():
                context = None
                if mode == 'client-tls':
                    context = ssl.create_default_context(cafile=folder + '/ca.pem')
                if mode == 'server-tls':
                    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
                    context.load_cert_chain(folder + '/here.pem', folder + '/here.key')
                if mode.startswith('client'):
                    await talk(*await asyncio.open_connection('localhost', port, ssl=context))
                else:
                    done = asyncio.Event()
                    async def serve(reader, writer):
                        await talk(reader, writer)
                        done.set()
                    server = await asyncio.start_server(serve, '127.0.0.1', port, ssl=context)
                    print(server.sockets[0].getsockname()[1], flush=True)
                    await done.wait()
            asyncio.run(main())
            """;

    private static final int PARTS = 60;

    private static byte[] part(int i) {
        var part = new byte[100_000];
        java.util.Arrays.fill(part, (byte) (i % 251));
        return part;
    }

    private static String checksum() throws Exception {
        var digest = java.security.MessageDigest.getInstance("SHA-256");
        for (int i = 0; i < PARTS; i++) digest.update(part(i));
        return java.util.HexFormat.of().formatHex(digest.digest());
    }

    private static void talk(StreamReader reader, StreamWriter writer) throws Exception {
        var sending = createTask(async(() -> {
            for (int i = 0; i < PARTS; i++) {
                writer.write(part(i));
                await(writer.drain());
            }
            if (writer.canWriteEof()) writer.writeEof();
        }));
        var all = await(reader.readexactly(PARTS * 100_000));
        if (writer.canWriteEof()) assertEquals(0, await(reader.read()).length);
        await(sending);
        var digest = java.security.MessageDigest.getInstance("SHA-256").digest(all);
        assertEquals(checksum(), java.util.HexFormat.of().formatHex(digest));
        writer.close();
        await(writer.waitClosed());
    }

    private void withPython(boolean tls) throws Exception {
        var python = Program.find("python3");
        Files.writeString(folder.resolve("python.py"), PYTHON);
        var certificates = tls ? new Certificates(folder).sign("here", "DNS:localhost,IP:127.0.0.1", 30) : null;
        inLoop(() -> {
            var serverOptions = ServerOptions.NONE.withSsl(certificates == null ? null : certificates.of("here"));
            var end = tls ? "-tls" : "";
            with(await(startServer(RealPeersTest::talk, HERE, 0, serverOptions)), server -> {
                try (var peer = new Peer(python, "python.py", "client" + end, "" + server.port(), folder.toString())) {
                    assertEquals("received " + checksum() + "\n", await(peer.talk("")));
                } catch (Exception error) {
                    throw new AssertionError(error);
                }
            });
            try (var peer = new Peer(python, "python.py", "server" + end, "0", folder.toString())) {
                var output = peer.output();
                int port = Integer.parseInt(await(toThread(output::readLine)));
                var options = ConnectOptions.NONE.withSsl(certificates == null ? null : certificates.trusting());
                var connection = await(openConnection("localhost", port, options));
                talk(connection.reader(), connection.writer());
                assertEquals("received " + checksum(), await(toThread(output::readLine)));
            }
        });
    }

    @Test
    void python() throws Exception {
        withPython(false);
    }

    @Test
    void pythonOverTls() throws Exception {
        withPython(true);
    }
}
