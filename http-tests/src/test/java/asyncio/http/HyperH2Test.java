package asyncio.http;

import static asyncio.Asyncio.*;
import static org.junit.jupiter.api.Assertions.*;

import asyncio.Asyncio;
import asyncio.Coroutine;
import asyncio.Task;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Against the package {@code h2} of Python, which checks each frame of a client. It is Debian's python3-h2. */
@Timeout(240)
class HyperH2Test {
    private static final String PACKAGE = "/usr/lib/python3/dist-packages/h2/__init__.py";

    @RegisterExtension
    static final RealServer server =
            new RealServer("python3-h2", List.of(RealServer.PYTHON, PACKAGE), (folder, port) -> {
                for (var name : List.of("certificate.pem", "key.pem")) {
                    try (var in = HyperH2Test.class.getResourceAsStream(name)) {
                        Files.copy(in, folder.resolve(name));
                    }
                }
                var script = Files.writeString(folder.resolve("server.py"), """
                import asyncio, ssl, sys
                import h2.config, h2.connection, h2.events, h2.exceptions

                class Server(asyncio.Protocol):
                    def connection_made(self, transport):
                        self.transport = transport
                        config = h2.config.H2Configuration(client_side=False, header_encoding="utf-8")
                        self.h2 = h2.connection.H2Connection(config)
                        self.h2.initiate_connection()
                        self.requests = {}
                        self.waiting = {}
                        self.flush()

                    def flush(self):
                        self.transport.write(self.h2.data_to_send())

                    def data_received(self, data):
                        try:
                            events = self.h2.receive_data(data)
                        except h2.exceptions.ProtocolError as error:
                            print("error", repr(error), flush=True)
                            self.flush()
                            self.transport.close()
                            return
                        for event in events:
                            try:
                                self.handle(event)
                            except h2.exceptions.StreamClosedError:
                                # A later event tells that the client has reset it.
                                pass
                        self.flush()

                    def handle(self, event):
                        if isinstance(event, h2.events.RequestReceived):
                            self.requests[event.stream_id] = (event.headers, bytearray())
                        elif isinstance(event, h2.events.DataReceived):
                            self.requests[event.stream_id][1].extend(event.data)
                            self.h2.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
                        elif isinstance(event, h2.events.StreamEnded):
                            self.answer(event.stream_id)
                        elif isinstance(event, h2.events.StreamReset):
                            self.waiting.pop(event.stream_id, None)
                        elif isinstance(event, h2.events.WindowUpdated):
                            for stream in list(self.waiting):
                                self.send(stream)

                    def answer(self, stream):
                        headers, body = self.requests.pop(stream)
                        path = dict(headers)[":path"]
                        if path == "/echo":
                            out = bytes(body)
                        elif path == "/headers":
                            out = "\\n".join(name + ": " + value for name, value in headers).encode()
                        else:
                            out = b"x" * int(path[1:])
                        if path == "/headers":
                            self.h2.send_headers(stream, [(":status", "103"), ("link", "</style.css>")])
                        self.h2.send_headers(stream, [(":status", "200"), ("content-length", str(len(out)))])
                        self.waiting[stream] = memoryview(out)
                        self.send(stream)

                    def send(self, stream):
                        out = self.waiting[stream]
                        while out:
                            size = min(self.h2.local_flow_control_window(stream), self.h2.max_outbound_frame_size, len(out))
                            if size <= 0:
                                self.waiting[stream] = out
                                return
                            self.h2.send_data(stream, bytes(out[:size]))
                            out = out[size:]
                        del self.waiting[stream]
                        self.h2.send_headers(stream, [("x-trailer", "end")], end_stream=True)

                async def main():
                    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
                    tls.load_cert_chain("certificate.pem", "key.pem")
                    tls.set_alpn_protocols(["h2"])
                    loop = asyncio.get_running_loop()
                    await loop.create_server(Server, "127.0.0.1", int(sys.argv[1]), ssl=tls)
                    await asyncio.Event().wait()

                asyncio.run(main())
                """);
                return List.of(RealServer.PYTHON, script.toString(), "" + port);
            });

    @AfterEach
    void theServerHasFoundNoFault() throws Exception {
        assertEquals("", server.log());
    }

    private static String url(String path) {
        return "https://127.0.0.1:" + server.port() + "/" + path;
    }

    private static ClientSession session() {
        return ClientSession.builder().tls(Tls.insecure()).limit(1).build();
    }

    private static Coroutine<byte[]> read(ClientRequest request) {
        return async(() -> {
            try (var response = await(request)) {
                assertEquals("HTTP/2", response.version());
                return await(response.read());
            }
        });
    }

    @Test
    void headersOfARequest() {
        run(() -> {
            try (var session = session()) {
                var text = new String(await(read(session.post(url("headers"))
                        .header("X-Own", "a")
                        .header("Connection", "keep-alive")
                        .bearerAuth("secret")
                        .cookie("c", "d")
                        .body(new byte[3]))));
                var start =
                        ":method: POST\n:scheme: https\n:authority: 127.0.0.1:" + server.port() + "\n:path: /headers\n";
                assertTrue(text.startsWith(start), text);
                for (var line :
                        List.of("x-own: a", "authorization: Bearer secret", "cookie: c=d", "content-length: 3")) {
                    assertTrue(text.contains(line), text);
                }
                assertFalse(text.contains("connection:"), text);
                assertFalse(text.contains("\nhost:"), text);
            }
        });
    }

    @Test
    void largeHeadersOfARequest() {
        run(() -> {
            try (var session = session()) {
                // More than a frame takes: CONTINUATION.
                var value = "v".repeat(40_000);
                var text = new String(await(read(session.get(url("headers")).header("X-Large", value))));
                assertTrue(text.contains("x-large: " + value));
                assertArrayEquals(
                        "after it".getBytes(),
                        await(read(session.post(url("echo")).body("after it".getBytes()))));
            }
        });
    }

    @Test
    void bodiesBothWaysAtOnce() {
        run(() -> {
            try (var session = session()) {
                var random = new Random(7);
                List<byte[]> bodies = new ArrayList<>();
                List<Task<byte[]>> all = new ArrayList<>();
                for (int i = 0; i < 40; i++) {
                    var body = new byte[random.nextInt(random.nextInt(8) == 0 ? 2_000_000 : 100_000)];
                    random.nextBytes(body);
                    bodies.add(body);
                    var request = session.post(url("echo"));
                    all.add(createTask(read(
                            i % 2 == 0
                                    ? request.body(body)
                                    : request.stream(Asyncio.<byte[]>asyncGenerator(out -> {
                                        for (int at = 0; at < body.length; at += 7777) {
                                            out.yield(java.util.Arrays.copyOfRange(
                                                    body, at, Math.min(body.length, at + 7777)));
                                        }
                                    })))));
                }
                for (int i = 0; i < 40; i++) {
                    assertArrayEquals(bodies.get(i), await(all.get(i)));
                }
            }
        });
    }

    @Test
    void responsesThatAreLeftAndCancelledRequests() {
        run(() -> {
            try (var session = session()) {
                for (int i = 0; i < 20; i++) {
                    try (var response = await(session.get(url("3000000")))) {
                        assertEquals(1000, await(response.content().readexactly(1000)).length);
                    }
                    var task = createTask(read(session.post(url("echo")).body(new byte[500_000])));
                    for (int steps = 0; steps < i; steps++) {
                        await(sleep(java.time.Duration.ZERO));
                    }
                    task.cancel();
                    await(gatherOutcomes(task));
                }
                assertEquals(3_000_000, await(read(session.get(url("3000000")))).length);
            }
        });
    }

    @Test
    void headOfAResponse() {
        run(() -> {
            try (var session = session()) {
                try (var response = await(session.get(url("5")))) {
                    assertEquals("xxxxx", await(response.text()));
                    assertEquals(5, response.contentLength());
                }
            }
        });
    }
}
