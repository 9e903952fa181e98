package samples.cookbook;

import static asyncio.Asyncio.*;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import asyncio.Coroutine;
import asyncio.Lock;
import asyncio.http.ClientHandler;
import asyncio.http.ClientMiddleware;
import asyncio.http.ClientResponse;
import asyncio.http.ClientSession;
import asyncio.http.CookieJar;
import asyncio.http.DigestAuthMiddleware;
import asyncio.http.OutgoingRequest;
import asyncio.http.Proxy;
import asyncio.http.TraceConfig;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import samples.LocalServer;

/** Who asks, through whom, and who listens. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ServersTest {

    // ---- recipes

    static Coroutine<String> basic(ClientSession session, String url) {
        return async(() -> {
            try (var response = await(session.get(url).basicAuth("monty", "spam"))) {
                return await(response.text());
            }
        });
    }

    static Coroutine<String> bearer(ClientSession session, String url, String token) {
        return async(() -> {
            try (var response = await(session.get(url).bearerAuth(token))) {
                return await(response.text());
            }
        });
    }

    static ClientSession digest(String login, String password) {
        return ClientSession.builder()
                .middlewares(DigestAuthMiddleware.create(login, password))
                .build();
    }

    static Coroutine<String> visit(String url, Path file) {
        return async(() -> {
            var jar = CookieJar.create();
            if (Files.exists(file)) {
                await(jar.load(file));
            }
            try (var session = ClientSession.builder().cookieJar(jar).build();
                    var response = await(session.get(url))) {
                return await(response.text());
            } finally {
                await(jar.save(file));
            }
        });
    }

    static ClientSession behindProxy(String proxy) {
        return ClientSession.builder()
                .proxy(Proxy.of(proxy).withAuth("monty", "spam").withHeader("X-Team", "eggs"))
                .build();
    }

    /** Sends a token to one API, and gets another one when the server takes it no more. */
    static final class FreshToken implements ClientMiddleware {
        private final URI api;
        private final String tokens;
        private final Lock lock = Lock.create();
        private String token = "";

        FreshToken(String api, String tokens) {
            this.api = origin(api);
            this.tokens = tokens;
        }

        private static URI origin(String url) {
            return URI.create(url).resolve("/");
        }

        @Override
        public ClientResponse handle(OutgoingRequest request, ClientHandler next) {
            if (!origin(request.url()).equals(api)) { // A redirect can lead to any host.
                return await(next.handle(request));
            }
            var used = token;
            request.headers().set("Authorization", "Bearer " + used);
            var response = await(next.handle(request));
            if (response.status() != 401) {
                return response;
            }
            response.release();
            with(lock, () -> {
                if (token.equals(used)) { // Nobody else was faster.
                    token = await(newToken(request.session()));
                }
            });
            request.headers().set("Authorization", "Bearer " + token);
            return await(next.handle(request));
        }

        private Coroutine<String> newToken(ClientSession session) {
            return async(() -> {
                // Without middlewares, or this one would ask itself.
                try (var response = await(session.post(tokens).middlewares())) {
                    return await(response.text());
                }
            });
        }
    }

    /** Writes a line for each request. */
    static final class Log implements TraceConfig {
        final List<String> lines = new ArrayList<>();

        @Override
        public Object newContext(Object requestContext) {
            return getRunningLoop().time();
        }

        @Override
        public void onRequestEnd(Request request, ClientResponse response) {
            write(request, String.valueOf(response.status()));
        }

        @Override
        public void onRequestException(Request request, Throwable exception) {
            write(request, exception.toString());
        }

        private void write(Request request, String outcome) {
            var took = getRunningLoop().time().minus((Duration) request.context());
            lines.add(request.method() + " " + request.url() + " " + outcome + " after " + took.toMillis() + " ms");
        }
    }

    // ---- tests

    @TempDir
    private Path folder;

    @Test
    void passwordsAndTokens() {
        try (var server = LocalServer.start(request -> request.response().end(request.getHeader("Authorization")))) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    var encoded = Base64.getEncoder().encodeToString("monty:spam".getBytes(US_ASCII));
                    assertEquals("Basic " + encoded, await(basic(session, server.url("/"))));
                    assertEquals("Bearer t0", await(bearer(session, server.url("/"), "t0")));
                }
            });
        }
    }

    @Test
    void digestIsAnswered() {
        try (var server = LocalServer.start(ServersTest::askForDigest)) {
            run(() -> {
                try (var session = digest("monty", "spam");
                        var response = await(session.get(server.url("/secret")))) {
                    assertEquals("come in", await(response.text()));
                }
            });
        }
    }

    /** RFC 7616 with MD5 and without a qop. */
    private static void askForDigest(HttpServerRequest request) {
        var expected = md5(md5("monty:camelot:spam") + ":n1:" + md5("GET:/secret"));
        var given = String.valueOf(request.getHeader("Authorization"));
        if (given.startsWith("Digest ") && given.contains("response=\"" + expected + "\"")) {
            request.response().end("come in");
        } else {
            request.response()
                    .setStatusCode(401)
                    .putHeader("WWW-Authenticate", "Digest realm=\"camelot\", nonce=\"n1\", algorithm=MD5")
                    .end();
        }
    }

    private static String md5(String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(text.getBytes(US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void cookiesOutliveTheProgram() {
        var file = folder.resolve("cookies.json");
        try (var server = LocalServer.start(request -> {
            var known = request.getHeader("Cookie");
            request.response()
                    .putHeader("Set-Cookie", "visited=yes; Max-Age=3600")
                    .end(known == null ? "Hello" : "Welcome back, " + known);
        })) {
            var url = "http://localhost:" + server.port() + "/";
            assertEquals("Hello", run(visit(url, file)));
            assertEquals("Welcome back, visited=yes", run(visit(url, file)));
        }
    }

    @Test
    void goesThroughAProxy() {
        try (var proxy = LocalServer.start(request -> request.response()
                .end(request.uri() + " " + request.getHeader("X-Team") + " "
                        + request.getHeader("Proxy-Authorization")))) {
            run(() -> {
                try (var session = behindProxy(proxy.url(""));
                        var response = await(session.get("http://shop.example/spam"))) {
                    var text = await(response.text());
                    assertTrue(text.startsWith("http://shop.example/spam eggs Basic "), text);
                }
            });
        }
    }

    @Test
    void getsAnotherToken() {
        var issued = new AtomicInteger();
        var asked = new AtomicInteger();
        try (var server = LocalServer.start(request -> {
            if (request.path().equals("/tokens")) {
                request.response().end("t" + issued.incrementAndGet());
                return;
            }
            asked.incrementAndGet();
            boolean valid = ("Bearer t" + issued.get()).equals(request.getHeader("Authorization"));
            request.response().setStatusCode(valid ? 200 : 401).end("data");
        })) {
            run(() -> {
                var fresh = new FreshToken(server.url("/"), server.url("/tokens"));
                try (var session = ClientSession.builder().middlewares(fresh).build()) {
                    for (int i = 0; i < 3; i++) {
                        try (var response = await(session.get(server.url("/")))) {
                            assertEquals("data", await(response.text()));
                        }
                    }
                }
            });
        }
        assertEquals(1, issued.get());
        assertEquals(4, asked.get());
    }

    @Test
    void givesTheTokenToNobodyElse() {
        var seen = new CopyOnWriteArrayList<String>();
        try (var other = LocalServer.start(request -> {
                    seen.add(String.valueOf(request.getHeader("Authorization")));
                    request.response().end("other");
                });
                var server = LocalServer.start(request -> {
                    if (request.path().equals("/tokens")) {
                        request.response().end("SECRET");
                    } else if (!"Bearer SECRET".equals(request.getHeader("Authorization"))) {
                        request.response().setStatusCode(401).end();
                    } else {
                        request.response()
                                .setStatusCode(302)
                                .putHeader("Location", other.url("/"))
                                .end();
                    }
                })) {
            run(() -> {
                var fresh = new FreshToken(server.url("/"), server.url("/tokens"));
                try (var session = ClientSession.builder().middlewares(fresh).build();
                        var response = await(session.get(server.url("/data")))) {
                    assertEquals("other", await(response.text()));
                }
            });
        }
        assertEquals(List.of("null"), seen);
    }

    @Test
    void writesALineForEachRequest() {
        var log = new Log();
        try (var server = LocalServer.start(request -> request.response().end())) {
            run(() -> {
                try (var session = ClientSession.builder().trace(log).build()) {
                    await(session.get(server.url("/spam"))).close();
                    assertThrows(RuntimeException.class, () -> await(session.get("http://127.0.0.1:1/")));
                }
            });
            assertTrue(
                    log.lines.get(0).matches("GET " + server.url("/spam") + " 200 after \\d+ ms"),
                    log.lines.toString());
            assertTrue(log.lines.get(1).contains("ClientConnectorException"), log.lines.toString());
        }
    }
}
