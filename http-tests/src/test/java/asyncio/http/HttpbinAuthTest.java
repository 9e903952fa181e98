package asyncio.http;

import static asyncio.Asyncio.*;
import static org.junit.jupiter.api.Assertions.*;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Basic and Digest, as httpbin checks them. */
@Timeout(240)
class HttpbinAuthTest {

    @RegisterExtension
    static final RealServer httpbin = new RealServer(
            "httpbin",
            List.of(
                    RealServer.PYTHON,
                    "/usr/lib/python3/dist-packages/httpbin/__init__.py",
                    "/usr/lib/python3/dist-packages/waitress/__init__.py"),
            (folder, port) -> List.of(
                    RealServer.PYTHON, "-m", "waitress", "--listen=127.0.0.1:" + port, "--threads=16", "httpbin:app"));

    private static String url(String path) {
        return "http://localhost:" + httpbin.port() + "/" + path;
    }

    @ParameterizedTest
    @CsvSource({"auth, MD5", "auth, SHA-256", "auth, SHA-512", "auth-int, MD5", "auth-int, SHA-256", "none, SHA-256"})
    void digest(String qop, String algorithm) {
        run(() -> {
            // This httpbin cannot check the answer to a URL with a query.
            var path = "digest-auth/" + qop + "/me/secret/" + algorithm;
            try (var session = ClientSession.builder()
                    .middlewares(DigestAuthMiddleware.create("me", "secret"))
                    .build()) {
                for (int i = 0; i < 3; i++) {
                    var response = await(session.get(url(path)));
                    assertEquals(200, response.status());
                    assertEquals(Map.of("authenticated", true, "user", "me"), await(response.json()));
                }
            }
            try (var session = ClientSession.builder()
                    .middlewares(DigestAuthMiddleware.create("me", "wrong"))
                    .build()) {
                assertEquals(401, await(session.get(url(path))).status());
            }
        });
    }

    @Test
    void digestWithANonceThatIsStaleAfterTwoRequests() {
        run(() -> {
            try (var session = ClientSession.builder()
                    .middlewares(DigestAuthMiddleware.create("me", "secret"))
                    .build()) {
                for (int i = 0; i < 7; i++) {
                    var response = await(session.get(url("digest-auth/auth/me/secret/MD5/2")));
                    assertEquals(200, response.status(), "request " + i);
                }
            }
        });
    }

    @Test
    void basic() {
        run(() -> {
            try (var session = ClientSession.create()) {
                var path = url("basic-auth/me/s%C3%A4cret");
                assertEquals(401, await(session.get(path)).status());
                var header = new BasicAuth("me", "s\u00e4cret").encode();
                assertEquals(
                        200,
                        await(session.get(path).header("Authorization", header)).status());
            }
        });
    }
}
