package samples.cookbook;

import static asyncio.Asyncio.*;
import static org.junit.jupiter.api.Assertions.assertEquals;

import asyncio.Coroutine;
import asyncio.http.ClientSession;
import asyncio.http.EventSource;
import asyncio.http.EventStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import samples.LocalServer;

/** What a server tells by itself. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EventsTest {

    // ---- recipes

    static Coroutine<Void> follow(ClientSession session, String url, List<String> seen) {
        return async(() -> {
            try (var events = EventSource.of(() -> session.get(url))) {
                for (var event : each(events)) {
                    seen.add(event.event() + ": " + event.data());
                }
            }
        });
    }

    static Coroutine<String> ask(ClientSession session, String url, Object question) {
        return async(() -> {
            var answer = new StringBuilder();
            var request = session.post(url).json(question).timeout(Duration.ZERO);
            try (var events = EventStream.of(await(request))) {
                for (var event : each(events)) {
                    answer.append(event.data());
                }
            }
            return answer.toString();
        });
    }

    // ---- tests

    @Test
    void followsOverTwoConnections() {
        var connections = new AtomicInteger();
        try (var server = LocalServer.start(request -> {
            var response = request.response().putHeader("Content-Type", "text/event-stream");
            switch (connections.incrementAndGet()) {
                case 1 -> response.end("retry: 1\n\nid: 1\ndata: one\n\n");
                case 2 -> response.end("event: news\ndata: after " + request.getHeader("Last-Event-ID") + "\n\n");
                default -> response.setStatusCode(204).end();
            }
        })) {
            var seen = new ArrayList<String>();
            run(() -> {
                try (var session = ClientSession.create()) {
                    await(follow(session, server.url("/"), seen));
                }
            });
            assertEquals(List.of("message: one", "news: after 1"), seen);
        }
    }

    @Test
    void readsAnAnswerThatComesInPieces() {
        try (var server = LocalServer.start(request -> request.response()
                .putHeader("Content-Type", "text/event-stream")
                .end("data: Hello,\n\ndata:  world\n\n"))) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    assertEquals("Hello, world", await(ask(session, server.url("/"), List.of("Who?"))));
                }
            });
        }
    }
}
