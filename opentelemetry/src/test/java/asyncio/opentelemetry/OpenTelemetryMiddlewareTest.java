package asyncio.opentelemetry;

import static asyncio.Asyncio.*;
import static org.junit.jupiter.api.Assertions.*;

import asyncio.CancelledError;
import asyncio.Event;
import asyncio.http.ClientConnectorException;
import asyncio.http.ClientMiddleware;
import asyncio.http.ClientSession;
import asyncio.http.MockResponse;
import asyncio.http.MockTransport;
import asyncio.http.RetryMiddleware;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.ContextKey;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The spans of the HTTP client, by the semantic conventions for HTTP 1.23 and newer. */
@Timeout(60)
class OpenTelemetryMiddlewareTest {
    private final InMemorySpanExporter spans = InMemorySpanExporter.create();
    private final OpenTelemetrySdk openTelemetry = OpenTelemetrySdk.builder()
            .setTracerProvider(SdkTracerProvider.builder()
                    .addSpanProcessor(SimpleSpanProcessor.create(spans))
                    .build())
            .setPropagators(ContextPropagators.create(W3CTraceContextPropagator.getInstance()))
            .build();

    @BeforeAll
    static void keepTheContextInTasks() {
        AsyncioContextStorage.install();
        AsyncioContextStorage.install();
    }

    @AfterEach
    void end() {
        openTelemetry.close();
    }

    private ClientMiddleware middleware() {
        return OpenTelemetryMiddleware.create(openTelemetry);
    }

    private static Map<String, Object> attributes(SpanData span) {
        var attributes = new TreeMap<String, Object>();
        span.getAttributes().forEach((key, value) -> attributes.put(key.getKey(), value));
        return attributes;
    }

    @Test
    void aRequestToAServer() throws Exception {
        var seen = new ArrayList<String>();
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        server.createContext("/", exchange -> {
            seen.add(exchange.getRequestHeaders().getFirst("traceparent"));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
        int port = server.getAddress().getPort();
        try {
            run(() -> {
                try (var session =
                        ClientSession.builder().middlewares(middleware()).build()) {
                    var url = "http://monty:s3cret@127.0.0.1:" + port + "/a?b=c&sig=s3cret&Signature=s3cret";
                    await(await(session.get(url)).read());
                }
            });
        } finally {
            server.stop(0);
        }
        var span = spans.getFinishedSpanItems().get(0);
        assertEquals("GET", span.getName());
        assertEquals(SpanKind.CLIENT, span.getKind());
        assertEquals(StatusCode.UNSET, span.getStatus().getStatusCode());
        assertEquals(
                Map.of(
                        "http.request.method",
                        "GET",
                        "server.address",
                        "127.0.0.1",
                        "server.port",
                        (long) port,
                        "url.full",
                        "http://127.0.0.1:" + port + "/a?b=c&sig=REDACTED&Signature=REDACTED",
                        "http.response.status_code",
                        200L,
                        "network.protocol.version",
                        "1.1"),
                attributes(span));
        assertEquals(
                List.of("00-" + span.getTraceId() + "-" + span.getSpanId() + "-"
                        + span.getSpanContext().getTraceFlags().asHex()),
                seen);
    }

    @Test
    void redirectsAndRetriesHaveSpansOfTheirOwn() {
        var mock = MockTransport.create();
        mock.get("https://shop.example/old").respond(MockResponse.redirect(302, "https://[2001:db8::7]:8443/new"));
        mock.get("https://[2001:db8::7]:8443/new").respond(MockResponse.status(503), MockResponse.ok());
        run(() -> {
            var parent = openTelemetry.getTracer("test").spanBuilder("parent").startSpan();
            try (var current = parent.makeCurrent();
                    var session = ClientSession.builder()
                            .transport(mock)
                            .middlewares(
                                    RetryMiddleware.builder()
                                            .backoff(Duration.ZERO, Duration.ZERO)
                                            .build(),
                                    middleware())
                            .build()) {
                await(await(session.get("https://shop.example/old")).read());
                assertEquals(parent, Span.current());
            }
            parent.end();
        });
        var all = spans.getFinishedSpanItems();
        assertEquals(
                List.of("shop.example:443 302 null", "2001:db8::7:8443 503 1", "2001:db8::7:8443 200 2"),
                all.subList(0, 3).stream()
                        .map(OpenTelemetryMiddlewareTest::attributes)
                        .map(span -> span.get("server.address") + ":" + span.get("server.port") + " "
                                + span.get("http.response.status_code") + " " + span.get("http.request.resend_count"))
                        .toList());
        var parent = all.get(3);
        for (var span : all.subList(0, 3)) {
            assertEquals(parent.getSpanId(), span.getParentSpanId());
        }
        assertEquals("503", attributes(all.get(1)).get("error.type"));
        assertEquals(StatusCode.ERROR, all.get(1).getStatus().getStatusCode());
    }

    @Test
    void aFailure() throws Exception {
        int port;
        try (var socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            port = socket.getLocalPort();
        }
        run(() -> {
            try (var session = ClientSession.builder().middlewares(middleware()).build()) {
                assertThrows(
                        ClientConnectorException.class, () -> await(session.get("http://127.0.0.1:" + port + "/")));
            }
        });
        var span = spans.getFinishedSpanItems().get(0);
        assertEquals("asyncio.http.ClientConnectorException", attributes(span).get("error.type"));
        assertFalse(attributes(span).containsKey("http.response.status_code"));
        assertEquals(StatusCode.ERROR, span.getStatus().getStatusCode());
        var event = span.getEvents().get(0);
        assertEquals("exception", event.getName());
        assertEquals(
                "asyncio.http.ClientConnectorException",
                event.getAttributes().get(AttributeKey.stringKey("exception.type")));
    }

    @Test
    void aCancellationEndsTheSpan() {
        var mock = MockTransport.create();
        var asked = new Event[1];
        mock.any("*").respond(call -> {
            asked[0].set();
            await(sleep(Duration.ofDays(1)));
            return MockResponse.ok();
        });
        run(() -> {
            asked[0] = Event.create();
            try (var session = ClientSession.builder()
                    .transport(mock)
                    .middlewares(middleware())
                    .build()) {
                var task = createTask(session.get("https://shop.example/"));
                await(asked[0].waitSet());
                task.cancel();
                assertThrows(CancelledError.class, () -> await(task));
            }
        });
        assertEquals(
                "asyncio.CancelledError",
                attributes(spans.getFinishedSpanItems().get(0)).get("error.type"));
    }

    @Test
    void unusualMethodsAndNames() {
        var mock = MockTransport.create();
        mock.any("*").respond(MockResponse.ok());
        run(() -> {
            var named = OpenTelemetryMiddleware.builder(openTelemetry)
                    .spanName(request -> request.method() + " /users/{id}")
                    .secretParameters("token")
                    .build();
            for (var middleware : List.of(middleware(), named)) {
                try (var session = ClientSession.builder()
                        .transport(mock)
                        .middlewares(middleware)
                        .build()) {
                    await(await(session.request("PURGE", "http://shop.example/users/7?token=x"))
                            .read());
                }
            }
        });
        var first = spans.getFinishedSpanItems().get(0);
        assertEquals("HTTP", first.getName());
        assertEquals("_OTHER", attributes(first).get("http.request.method"));
        assertEquals("PURGE", attributes(first).get("http.request.method_original"));
        assertEquals("http://shop.example/users/7?token=x", attributes(first).get("url.full"));
        assertEquals(80L, attributes(first).get("server.port"));
        var second = spans.getFinishedSpanItems().get(1);
        assertEquals("PURGE /users/{id}", second.getName());
        assertEquals(
                "http://shop.example/users/7?token=REDACTED", attributes(second).get("url.full"));
    }

    /** Each request has its own span while others are under way, further in and in the tasks that it makes. */
    @Test
    void theSpanIsCurrentDuringTheRequest() {
        var mock = MockTransport.create();
        mock.get("/{name}").respond(call -> MockResponse.text(call.header("traceparent")));
        var seen = new TreeMap<String, List<String>>();
        ClientMiddleware inner = (request, next) -> {
            var ids = new ArrayList<String>();
            for (int i = 0; i < 3; i++) {
                ids.add(Span.current().getSpanContext().getSpanId());
                await(sleep(Duration.ZERO));
            }
            await(createTask(async(() -> {
                ids.add(Span.current().getSpanContext().getSpanId());
            })));
            seen.put(request.url(), ids);
            return await(next.handle(request));
        };
        run(() -> {
            try (var session = ClientSession.builder()
                    .transport(mock)
                    .middlewares(middleware(), inner)
                    .build()) {
                var paths = List.of("a", "b", "c");
                var told = await(gather(paths.stream()
                        .map(path -> async(() -> {
                            var text = await(await(session.get("http://shop.example/" + path))
                                    .text());
                            assertFalse(Span.current().getSpanContext().isValid());
                            return text;
                        }))
                        .toList()));
                for (int i = 0; i < paths.size(); i++) {
                    var id = told.get(i).split("-")[2];
                    assertEquals(List.of(id, id, id, id), seen.get("http://shop.example/" + paths.get(i)));
                }
            }
        });
        assertEquals(3, spans.getFinishedSpanItems().size());
    }

    @Test
    void theContextFollowsTasks() throws Exception {
        var key = ContextKey.<String>named("who");
        var outside = Context.current().with(key, "outside");
        try (var scope = outside.makeCurrent()) {
            assertEquals("outside", Context.current().get(key));
            run(() -> {
                var seen = new ArrayList<String>();
                try (var monty = Context.current().with(key, "monty").makeCurrent()) {
                    var task = createTask(async(() -> {
                        seen.add(Context.current().get(key));
                        try (var eric = Context.current().with(key, "eric").makeCurrent()) {
                            await(sleep(Duration.ZERO));
                            seen.add(Context.current().get(key));
                        }
                        seen.add(Context.current().get(key));
                    }));
                    await(sleep(Duration.ZERO));
                    seen.add(Context.current().get(key));
                    await(task);
                }
                seen.add(String.valueOf(Context.current().get(key)));
                assertEquals(List.of("monty", "monty", "eric", "monty"), seen.subList(0, 4));
            });
            assertEquals("outside", Context.current().get(key));
        }
        assertNull(Context.current().get(key));
        assertEquals(
                "<OpenTelemetryMiddleware>",
                OpenTelemetryMiddleware.create(OpenTelemetry.noop()).toString());
    }
}
