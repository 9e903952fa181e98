package asyncio.http;

import static asyncio.Asyncio.*;
import static org.junit.jupiter.api.Assertions.*;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The events of requests and their order, as aiohttp has them. */
@Timeout(240)
class TraceConfigTest {
    private final List<String> events = new ArrayList<>();

    private class Log implements TraceConfig {
        @Override
        public Object newContext(Object requestContext) {
            return "<" + requestContext + ">";
        }

        @Override
        public void onRequestStart(Request request) {
            events.add("request_start " + request.context());
        }

        @Override
        public void onRequestHeadersSent(Request request) {
            events.add("request_headers_sent");
        }

        @Override
        public void onRequestChunkSent(Request request, int bytes) {
            events.add("request_chunk_sent " + bytes);
        }

        @Override
        public void onResponseChunkReceived(Request request, int bytes) {
            events.add("response_chunk_received " + bytes);
        }

        @Override
        public void onRequestEnd(Request request, ClientResponse response) {
            events.add("request_end " + response.status());
        }

        @Override
        public void onRequestException(Request request, Throwable exception) {
            events.add("request_exception " + exception.getClass().getSimpleName());
        }

        @Override
        public void onRequestRedirect(Request request, ClientResponse response) {
            events.add("request_redirect " + response.status());
        }

        @Override
        public void onConnectionQueuedStart(Request request) {
            events.add("connection_queued_start");
        }

        @Override
        public void onConnectionQueuedEnd(Request request) {
            events.add("connection_queued_end");
        }

        @Override
        public void onConnectionCreateStart(Request request) {
            events.add("connection_create_start");
        }

        @Override
        public void onConnectionCreateEnd(Request request) {
            events.add("connection_create_end");
        }

        @Override
        public void onConnectionReuseconn(Request request) {
            events.add("connection_reuseconn");
        }

        @Override
        public void onDnsResolvehostStart(Request request, String host) {
            events.add("dns_resolvehost_start " + host);
        }

        @Override
        public void onDnsResolvehostEnd(Request request, String host) {
            events.add("dns_resolvehost_end " + host);
        }

        @Override
        public void onDnsCacheHit(Request request, String host) {
            events.add("dns_cache_hit " + host);
        }

        @Override
        public void onDnsCacheMiss(Request request, String host) {
            events.add("dns_cache_miss " + host);
        }
    }

    @Test
    void aRedirect() throws Exception {
        try (var server = RawServer.start(connection -> {
            for (String request; (request = connection.readRequest()) != null; ) {
                connection.send(
                        request.contains("/from")
                                ? "HTTP/1.1 302 Found\r\nLocation: /to\r\nContent-Length: 0\r\n\r\n"
                                : RawServer.ok("here"));
            }
        })) {
            run(() -> {
                try (var session = ClientSession.builder().trace(new Log()).build()) {
                    var url = "http://localhost:" + server.port() + "/from";
                    await(await(session.get(url).traceContext("mine")).read());
                }
            });
        }
        events.removeIf(event -> event.startsWith("response_chunk_received"));
        assertEquals(
                List.of(
                        "request_start <mine>",
                        "connection_create_start",
                        "dns_cache_miss localhost",
                        "dns_resolvehost_start localhost",
                        "dns_resolvehost_end localhost",
                        "connection_create_end",
                        "request_headers_sent",
                        "request_redirect 302",
                        "connection_reuseconn",
                        "request_headers_sent",
                        "request_end 200"),
                events);
    }

    @Test
    void anException() throws Exception {
        int port = RawServer.refusedPort();
        run(() -> {
            try (var session = ClientSession.builder().trace(new Log()).build()) {
                assertThrows(
                        ClientConnectorException.class, () -> await(session.get("http://127.0.0.1:" + port + "/")));
            }
        });
        assertEquals(
                List.of(
                        "request_start <null>",
                        "connection_create_start",
                        "request_exception ClientConnectorException"),
                events);
    }

    @Test
    void theQueue() throws Exception {
        try (var server = RawServer.start(connection -> {
            for (String request; (request = connection.readWhole()) != null; ) {
                connection.send(RawServer.ok(""));
            }
        })) {
            run(() -> {
                try (var session =
                        ClientSession.builder().limit(1).trace(new Log()).build()) {
                    var first = createTask(
                            async(() -> await(session.post(server.url()).text("abc"))));
                    var second = createTask(async(() -> await(session.get(server.url()))));
                    await(gather(first, second));
                }
            });
        }
        assertTrue(events.contains("request_chunk_sent 3"));
        assertTrue(events.indexOf("connection_queued_start") < events.indexOf("connection_queued_end"));
        assertEquals(1, events.stream().filter("connection_reuseconn"::equals).count());
    }

    /** A tracer that throws is reported, and the request goes on. */
    @Test
    void aTracerThatFails() throws Exception {
        try (var server = RawServer.answering(RawServer.ok("fine"))) {
            var reported = new ArrayList<Throwable>();
            run(() -> {
                getRunningLoop().setExceptionHandler((loop, context) -> reported.add(context.exception()));
                var failing = new TraceConfig() {
                    @Override
                    public void onRequestHeadersSent(Request request) {
                        throw new IllegalStateException("tracer");
                    }
                };
                try (var session = ClientSession.builder().trace(failing).build()) {
                    assertEquals("fine", await(await(session.get(server.url())).text()));
                }
            });
            assertEquals("tracer", reported.get(0).getMessage());
        }
    }
}
