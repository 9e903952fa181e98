package asyncio.http;

import static asyncio.Asyncio.*;
import static org.junit.jupiter.api.Assertions.*;

import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.net.Socket;
import java.util.Random;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Against the WebSockets of Vert.x's server, behind TLS or not, and through a proxy. */
@Timeout(240)
class WebSocketVertxTest {

    private static HttpServerOptions options() {
        return new HttpServerOptions()
                .setMaxWebSocketFrameSize(4_000_000)
                .setMaxWebSocketMessageSize(4_000_000)
                .setCompressionSupported(true);
    }

    private static HttpServerOptions tls() {
        return options()
                .setSsl(true)
                .setUseAlpn(true)
                .setKeyCertOptions(new PemKeyCertOptions()
                        .setCertPath("asyncio/http/certificate.pem")
                        .setKeyPath("asyncio/http/key.pem"));
    }

    private static TestServer echo(HttpServerOptions options) throws Exception {
        return TestServer.start(
                options,
                request -> request.toWebSocket().onSuccess(ws -> {
                    ws.textMessageHandler(ws::writeTextMessage);
                    ws.binaryMessageHandler(ws::writeBinaryMessage);
                }));
    }

    private static void talk(ClientWebSocket ws) {
        var random = new Random(5);
        for (int size : new int[] {0, 1, 1000, 100_000, 2_000_000}) {
            var bytes = new byte[size];
            for (int i = 0; i < size; i++) {
                bytes[i] = (byte) (random.nextInt(4) * 10);
            }
            await(ws.sendBytes(bytes));
            assertArrayEquals(bytes, await(ws.receiveBytes()));
            await(ws.sendStr("ö".repeat(size / 2)));
            assertEquals("ö".repeat(size / 2), await(ws.receiveStr()));
        }
        assertTrue(await(ws.close(4000, "enough")));
        assertEquals(4000, ws.closeCode());
    }

    @Test
    void plainAndCompressed() throws Exception {
        try (var server = echo(options())) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    var url = "ws://127.0.0.1:" + server.port() + "/";
                    talk(await(session.wsConnect(url)));
                    var compressed = await(session.wsConnect(url).compress(true));
                    assertEquals(15, compressed.compress());
                    talk(compressed);
                }
            });
        }
    }

    /** Other requests of the session speak HTTP/2 with the same server. */
    @Test
    void behindTls() throws Exception {
        try (var server = echo(tls())) {
            run(() -> {
                var connector = Connector.builder().http2(true).build();
                try (var session = ClientSession.builder().connector(connector).build()) {
                    var url = "wss://127.0.0.1:" + server.port() + "/";
                    assertThrows(ClientSslException.class, () -> await(session.wsConnect(url)));
                    talk(await(session.wsConnect(url).tls(Tls.insecure())));
                    var ws = await(session.wsConnect(url).tls(Tls.insecure()).compress(12));
                    talk(ws);
                    var broken =
                            await(session.wsConnect(url).tls(Tls.insecure()).maxMessageSize(10));
                    await(broken.sendStr("more than ten bytes"));
                    assertEquals(WSMsgType.ERROR, await(broken.receive()).type());
                }
            });
        }
    }

    /** A tunnel also for ws: RFC 6455, 4.1, wants it so, and not every proxy lets an upgrade through. */
    @Test
    void throughAProxy() throws Exception {
        for (boolean secure : new boolean[] {true, false}) {
            var requests = new LinkedBlockingQueue<String>();
            try (var server = echo(secure ? tls() : options());
                    var proxy = RawServer.start(connection -> {
                        var request = connection.readRequest();
                        requests.add(request);
                        try (var target = new Socket("127.0.0.1", server.port())) {
                            connection.send("HTTP/1.1 200 Connected\r\n\r\n");
                            var back = new Thread(() -> copy(target, connection.socket));
                            back.start();
                            copy(connection.socket, target);
                            back.join();
                        }
                    })) {
                run(() -> {
                    try (var session = ClientSession.create()) {
                        talk(await(session.wsConnect((secure ? "wss" : "ws") + "://127.0.0.1:" + server.port() + "/")
                                .tls(Tls.insecure())
                                .proxy(proxy.url())));
                    }
                });
                assertTrue(requests.remove().startsWith("CONNECT 127.0.0.1:" + server.port() + " HTTP/1.1\r\n"));
            }
        }
    }

    private static void copy(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException closed) {
            // The end.
        }
    }
}
