package docs;

import static asyncio.Asyncio.*;
import static org.junit.jupiter.api.Assertions.*;

import asyncio.Coroutine;
import asyncio.http.ClientSession;
import asyncio.http.HarRecorder;
import asyncio.http.MockResponse;
import asyncio.http.MockTransport;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What docs/http.md says about HAR files. */
@Timeout(60)
class HarTest {
    private static final String URL = "https://shop.example/users/1";

    static Coroutine<String> record(ClientSession.Builder settings, String url, Path file) {
        return async(() -> {
            var recorder = HarRecorder.create();
            try (var session = settings.middlewares(recorder).build();
                    var response = await(session.get(url))) {
                return await(response.text());
            } finally {
                await(recorder.save(file));
            }
        });
    }

    static Coroutine<String> replay(String url, Path file) {
        return async(() -> {
            var recorded = await(MockTransport.loadHar(file));
            try (var session = ClientSession.builder().transport(recorded).build();
                    var response = await(session.get(url))) {
                return await(response.text());
            }
        });
    }

    @Test
    void recordsAndReplays(@TempDir Path folder) {
        run(() -> {
            var shop = MockTransport.create();
            shop.get(URL).respond(MockResponse.text("Monty"));
            var file = folder.resolve("shop.har");
            assertEquals("Monty", await(record(ClientSession.builder().transport(shop), URL, file)));
            assertEquals("Monty", await(replay(URL, file)));
        });
    }
}
