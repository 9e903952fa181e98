package asyncio.http;

import static asyncio.Asyncio.*;
import static org.junit.jupiter.api.Assertions.*;

import asyncio.Coroutine;
import asyncio.Semaphore;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** nginx, which ends each connection after some requests: over HTTP/2 with a GOAWAY, while others are on their way. */
@Timeout(300)
class NginxPostsTest {
    private static final int DIVISOR = Integer.getInteger("asyncio.tests.divisor", 1);

    @RegisterExtension
    static final RealServer hundred = nginx(100);

    @RegisterExtension
    static final RealServer hundredOfHttp1 = nginx(100);

    @RegisterExtension
    static final RealServer few = nginx(20);

    private static RealServer nginx(int requestsOfAConnection) {
        return NginxServer.tls(folder -> """
                keepalive_requests %d;
                access_log "%s/requests.txt";
                location / { return 200 "ok"; }
                """.formatted(requestsOfAConnection, folder));
    }

    private static Coroutine<Void> post(ClientSession session, Semaphore atOnce, String url, String version) {
        return async(() -> {
            try (var permit = await(atOnce.hold());
                    var response = await(session.post(url).body(("sent to " + url).getBytes()))) {
                assertEquals(version, response.version());
                assertEquals(200, response.status());
                assertEquals("ok", await(response.text()));
            }
        });
    }

    private static void postAll(RealServer nginx, String version, int requests, int atOnce) throws Exception {
        run(() -> {
            var tls = Tls.builder().trust(NginxServer.certificate(nginx)).build();
            var connector =
                    Connector.builder().http2(version.equals("HTTP/2")).tls(tls).build();
            try (var session = ClientSession.builder().connector(connector).build()) {
                var semaphore = Semaphore.create(atOnce);
                List<Coroutine<Void>> all = new ArrayList<>();
                for (int i = 0; i < requests; i++) {
                    all.add(post(session, semaphore, "https://localhost:" + nginx.port() + "/" + i, version));
                }
                await(gather(all));
            }
        });
        var seen = new HashSet<String>();
        for (var line : Files.readAllLines(nginx.folder().resolve("requests.txt"))) {
            var request = line.split("\"")[1];
            assertTrue(seen.add(request), () -> "twice: " + request);
        }
        assertEquals(requests, seen.size());
    }

    @Test
    void noPostIsLostAndNoneIsSentTwice() throws Exception {
        postAll(hundred, "HTTP/2", 20_000 / DIVISOR, 100);
    }

    @Test
    void overHttp1Neither() throws Exception {
        postAll(hundredOfHttp1, "HTTP/1.1", 20_000 / DIVISOR, 100);
    }

    /** Each connection takes less than a third of the requests that are on their way. */
    @Test
    void connectionsThatTakeFewRequests() throws Exception {
        postAll(few, "HTTP/2", 2_000 / DIVISOR, 64);
    }
}
