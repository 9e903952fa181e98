package asyncio.http;

import static asyncio.Asyncio.*;
import static org.junit.jupiter.api.Assertions.*;

import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Servers behind TLS. */
@Timeout(240)
class TlsTest {

    @Test
    void aCertificateThatNobodyVouchesForIsRefused() throws Exception {
        var options = new HttpServerOptions()
                .setSsl(true)
                .setKeyCertOptions(new PemKeyCertOptions()
                        .setCertPath("asyncio/http/certificate.pem")
                        .setKeyPath("asyncio/http/key.pem"));
        try (var server =
                TestServer.start(options, request -> request.response().end("secret"))) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    var refused = assertThrows(
                            ClientSslException.class,
                            () -> await(session.get("https://127.0.0.1:" + server.port() + "/")));
                    assertEquals(server.port(), refused.port());
                    assertTrue(refused.getMessage().contains("127.0.0.1:" + server.port()), refused.getMessage());
                }
            });
        }
    }

    @Test
    void aServerWithoutTls() throws Exception {
        try (var server = RawServer.start(connection -> {
            connection.send(RawServer.ok("x"));
            connection.awaitClosedByClient();
        })) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    assertThrows(
                            ClientSslException.class,
                            () -> await(session.get("https://127.0.0.1:" + server.port() + "/")));
                }
            });
        }
    }
}
