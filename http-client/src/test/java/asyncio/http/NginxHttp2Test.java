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

/** nginx, which ends each connection after 100 requests with a GOAWAY, while other requests are on their way. */
@Timeout(300)
class NginxHttp2Test {
    private static final int REQUESTS = 20_000 / Integer.getInteger("asyncio.tests.divisor", 1);

    @RegisterExtension
    static final RealServer nginx = NginxServer.tls(folder -> """
            keepalive_requests 100;
            access_log "%s/requests.txt";
            location / { return 200 "ok"; }
            """.formatted(folder));

    private static Coroutine<Void> post(ClientSession session, Semaphore atOnce, int number) {
        return async(() -> {
            await(atOnce.acquire());
            try (var response = await(session.post("https://localhost:" + nginx.port() + "/" + number)
                    .body(("the body of " + number).getBytes()))) {
                assertEquals("HTTP/2", response.version());
                assertEquals(200, response.status());
                assertEquals("ok", await(response.text()));
            } finally {
                atOnce.release();
            }
        });
    }

    @Test
    void noneIsLostAndNoneIsSentTwice() throws Exception {
        run(() -> {
            var tls = Tls.builder().trust(NginxServer.certificate(nginx)).build();
            try (var session = ClientSession.builder().tls(tls).build()) {
                var atOnce = Semaphore.create(100);
                List<Coroutine<Void>> all = new ArrayList<>();
                for (int i = 0; i < REQUESTS; i++) {
                    all.add(post(session, atOnce, i));
                }
                await(gather(all));
            }
        });
        var seen = new HashSet<String>();
        var lines = Files.readAllLines(nginx.folder().resolve("requests.txt"));
        for (var line : lines) {
            var request = line.split("\"")[1];
            assertTrue(seen.add(request), () -> "twice: " + request);
        }
        assertEquals(REQUESTS, seen.size());
    }
}
