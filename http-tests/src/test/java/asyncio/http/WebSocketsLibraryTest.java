package asyncio.http;

import static asyncio.Asyncio.*;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.*;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Against a server that others wrote: the package {@code websockets} of Python, from Debian's python3-websockets. */
@Timeout(240)
class WebSocketsLibraryTest {
    private static final String PYTHON = "/usr/bin/python3";

    @TempDir
    static Path folder;

    private static Process python;
    private static String url;

    @BeforeAll
    static void start() throws Exception {
        if (!Files.isExecutable(Path.of(PYTHON))
                || new ProcessBuilder(PYTHON, "-c", "import websockets").start().waitFor() != 0) {
            var missing = "python3-websockets is missing, so nothing is tested against it";
            if ("true".equals(System.getenv("CI"))) {
                fail(missing);
            }
            System.out.println("WebSocketsLibraryTest: " + missing);
            abort(missing);
        }
        var script = folder.resolve("server.py");
        Files.writeString(script, """
                import asyncio, websockets
                from websockets.extensions.permessage_deflate import ServerPerMessageDeflateFactory as Deflate

                async def serve(ws, path):
                    if path == "/close":
                        await ws.close(4321, "genug")
                    elif path == "/fragments":
                        await ws.send(["Frag", "men", "", "te ", "ö" * 70000])
                        await ws.send([b"1", b"", b"23"])
                    elif path == "/ping":
                        await (await ws.ping(b"are you there"))
                        await ws.send("you are")
                    elif path == "/code":
                        try:
                            await ws.recv()
                        except websockets.ConnectionClosed as closed:
                            print("closed", closed.rcvd.code, closed.rcvd.reason, flush=True)
                        return
                    elif path == "/slow":
                        await asyncio.sleep(1.5)
                    async for message in ws:
                        await ws.send(message)

                async def main():
                    settings = dict(subprotocols=["b", "c"], max_size=None, ping_interval=None)
                    servers = []
                    for extension in (
                        None,
                        Deflate(),
                        Deflate(True, True),
                        Deflate(True, False, 10, 9),
                        Deflate(False, False, 9, 9),
                        Deflate(False, True, 15, 12),
                    ):
                        extensions = [extension] if extension else None
                        servers.append(await websockets.serve(
                            serve, "127.0.0.1", 0, compression=None, extensions=extensions, **settings))
                    print(*[s.sockets[0].getsockname()[1] for s in servers], flush=True)
                    await asyncio.Future()

                asyncio.run(main())
                """);
        python = new ProcessBuilder(PYTHON, script.toString())
                .redirectError(folder.resolve("errors").toFile())
                .start();
        output = python.inputReader(StandardCharsets.UTF_8);
        var line = output.readLine();
        if (line == null) {
            throw new AssertionError("The server does not start: " + Files.readString(folder.resolve("errors")));
        }
        ports = line.split(" ");
        url = "ws://127.0.0.1:" + ports[0];
    }

    private static BufferedReader output;
    private static String[] ports;

    @AfterAll
    static void stop() throws Exception {
        if (python != null) {
            python.destroy();
            assertTrue(python.waitFor(RawServer.PATIENCE_SECONDS, TimeUnit.SECONDS));
        }
    }

    private static void echo(ClientWebSocket ws) {
        for (var text : new String[] {"", "x", "Grüße 😀", "lorem ipsum ".repeat(25_000)}) {
            await(ws.sendStr(text));
            assertEquals(text, await(ws.receiveStr()));
        }
        var random = new Random(1);
        for (int size : new int[] {0, 1, 125, 126, 511, 512, 513, 65_535, 65_536, 262_144}) {
            var bytes = new byte[size];
            random.nextBytes(bytes);
            await(ws.sendBytes(bytes));
            assertArrayEquals(bytes, await(ws.receiveBytes()));
            // The same once more: what can refer to the first one does.
            await(ws.sendBytes(bytes));
            assertArrayEquals(bytes, await(ws.receiveBytes()));
            for (int i = 0; i < size; i++) {
                bytes[i] = (byte) (random.nextInt(3) * 40);
            }
            await(ws.sendBytes(bytes));
            assertArrayEquals(bytes, await(ws.receiveBytes()));
        }
        await(ws.sendStr("not compressed", false));
        assertEquals("not compressed", await(ws.receiveStr()));
        await(ws.ping(new byte[] {1, 2}));
        await(ws.sendStr("end"));
        assertEquals("end", await(ws.receiveStr()));
        assertTrue(await(ws.close()));
        assertEquals(1000, ws.closeCode());
        assertNull(ws.exception());
    }

    @Test
    void messages() {
        run(() -> {
            try (var session = ClientSession.create()) {
                var ws = await(session.wsConnect(url).protocols("a", "b").compress(true));
                assertEquals("b", ws.protocol());
                assertEquals(0, ws.compress());
                echo(ws);
            }
        });
    }

    /** What the server grants the client: windows of 15, 15, 9, 9 and 12 bits, with and without context. */
    @Test
    void compressedMessages() {
        run(() -> {
            try (var session = ClientSession.create()) {
                int[] expected = {15, 15, 9, 9, 12};
                for (int i = 0; i < expected.length; i++) {
                    var ws = await(
                            session.wsConnect("ws://127.0.0.1:" + ports[i + 1]).compress(15));
                    assertEquals(expected[i], ws.compress());
                    assertEquals(i == 1 || i == 4, ws.clientNotakeover());
                    echo(ws);
                }
                for (int bits = 9; bits <= 15; bits++) {
                    echo(await(session.wsConnect("ws://127.0.0.1:" + ports[1]).compress(bits)));
                }
            }
        });
    }

    @Test
    void fragments() {
        run(() -> {
            try (var session = ClientSession.create()) {
                for (var port : ports) {
                    with(
                            session.wsConnect("ws://127.0.0.1:" + port + "/fragments")
                                    .compress(true),
                            ws -> {
                                assertEquals("Fragmente " + "ö".repeat(70_000), await(ws.receiveStr()));
                                assertArrayEquals(new byte[] {'1', '2', '3'}, await(ws.receiveBytes()));
                            });
                }
            }
        });
    }

    @Test
    void pings() {
        run(() -> {
            try (var session = ClientSession.create()) {
                with(session.wsConnect(url + "/ping"), ws -> {
                    assertEquals("you are", await(ws.receiveStr()));
                });
                // Its heart is heard while it has nothing to say.
                with(session.wsConnect(url + "/slow").heartbeat(ofSeconds(1)), ws -> {
                    await(ws.sendStr("x"));
                    assertEquals("x", await(ws.receiveStr()));
                    assertNull(ws.exception());
                });
            }
        });
    }

    @Test
    void closing() {
        run(() -> {
            try (var session = ClientSession.create()) {
                var ws = await(session.wsConnect(url + "/close"));
                assertEquals(WSMessage.of(WSMsgType.CLOSE, 4321, "genug"), await(ws.receive()));
                var other = await(session.wsConnect(url + "/code"));
                assertTrue(await(other.close(3999, "schön")));
                assertEquals(3999, other.closeCode());
                assertEquals("closed 3999 schön", await(toThread(() -> output.readLine())));
            }
        });
    }
}
