package asyncio.opentelemetry;

import static asyncio.Asyncio.await;

import asyncio.http.ClientHandler;
import asyncio.http.ClientMiddleware;
import asyncio.http.ClientResponse;
import asyncio.http.MutableHttpHeaders;
import asyncio.http.OutgoingRequest;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.context.propagation.TextMapSetter;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;

/**
 * A span of kind CLIENT for each sending of a request, by OpenTelemetry's semantic conventions for HTTP: each hop of a
 * redirect and each retry has its own. The server is told of the span by the propagator of the {@link OpenTelemetry}.
 * Python: {@code opentelemetry-instrumentation-aiohttp-client}.
 *
 * <pre>{@code
 * AsyncioContextStorage.install(); // At the begin of the program: the current span follows tasks.
 * var session = ClientSession.builder()
 *         .middlewares(RetryMiddleware.create(), OpenTelemetryMiddleware.create(openTelemetry))
 *         .build();
 * }</pre>
 *
 * <p>A span begins before a connection is looked for, and ends when the head of the response is there, or with the
 * exception that the request raises. It is the current one meanwhile, as {@link AsyncioContextStorage} tells. Its
 * attributes are {@code http.request.method}, {@code server.address}, {@code server.port}, {@code url.full} (without
 * user and password, and without the signatures of signed URLs), {@code http.response.status_code}, {@code error.type},
 * {@code http.request.resend_count} and {@code network.protocol.version}. A status of 400 and above, and an exception,
 * is an error of the span.
 *
 * <p>Put it behind a {@code RetryMiddleware}, so that each retry is seen. May be used by several sessions and loops.
 */
public final class OpenTelemetryMiddleware implements ClientMiddleware {
    private static final String NAME = "io.github.asyncio4j.http";
    private static final TextMapSetter<MutableHttpHeaders> SETTER = (headers, key, value) -> {
        if (headers != null) {
            headers.set(key, value);
        }
    };

    private final Tracer tracer;
    private final TextMapPropagator propagator;
    private final Function<? super OutgoingRequest, String> spanName;
    private final Set<String> secretParameters;

    private OpenTelemetryMiddleware(Builder builder) {
        tracer = builder.openTelemetry.getTracer(NAME);
        propagator = builder.openTelemetry.getPropagators().getTextMapPropagator();
        spanName = builder.spanName;
        secretParameters = Set.copyOf(builder.secretParameters);
    }

    /** With all settings at their defaults. */
    public static OpenTelemetryMiddleware create(OpenTelemetry openTelemetry) {
        return builder(openTelemetry).build();
    }

    /** Settings, all of them at their defaults. */
    public static Builder builder(OpenTelemetry openTelemetry) {
        return new Builder(Objects.requireNonNull(openTelemetry, "builder: openTelemetry is null"));
    }

    @Override
    public ClientResponse handle(OutgoingRequest request, ClientHandler next) {
        var attributes = new SpanAttributes(request, secretParameters);
        var span = tracer.spanBuilder(spanName.apply(request))
                .setSpanKind(SpanKind.CLIENT)
                .setAllAttributes(attributes.ofRequest())
                .startSpan();
        try (var current = span.makeCurrent()) {
            propagator.inject(Context.current(), request.headers(), SETTER);
            var response = await(next.handle(request));
            span.setAllAttributes(SpanAttributes.ofResponse(response));
            if (response.status() >= 400) {
                span.setStatus(StatusCode.ERROR);
            }
            return response;
        } catch (Throwable error) {
            failed(span, error);
            throw error;
        } finally {
            span.end();
        }
    }

    private static void failed(Span span, Throwable error) {
        span.setAllAttributes(SpanAttributes.ofFailure(error));
        span.recordException(error);
        span.setStatus(StatusCode.ERROR, error.getMessage() == null ? "" : error.getMessage());
    }

    @Override
    public String toString() {
        return "<OpenTelemetryMiddleware>";
    }

    /** The settings. Its methods change this object and return it. */
    public static final class Builder {
        private final OpenTelemetry openTelemetry;
        private Function<? super OutgoingRequest, String> spanName = SpanAttributes::methodName;

        /** By the semantic conventions. */
        private final Set<String> secretParameters =
                new HashSet<>(Set.of("AWSAccessKeyId", "Signature", "sig", "X-Goog-Signature"));

        private Builder(OpenTelemetry openTelemetry) {
            this.openTelemetry = openTelemetry;
        }

        /**
         * What a span is called; the method unless set. Names are few: the template of a URL, such as {@code GET
         * /users/{id}}, and not the URL.
         */
        public Builder spanName(Function<? super OutgoingRequest, String> spanName) {
            this.spanName = Objects.requireNonNull(spanName, "spanName: spanName is null");
            return this;
        }

        /** More parameters of queries whose values {@code url.full} does not have. */
        public Builder secretParameters(String... names) {
            Collections.addAll(secretParameters, Objects.requireNonNull(names, "secretParameters: names is null"));
            return this;
        }

        /** The middleware. */
        public OpenTelemetryMiddleware build() {
            return new OpenTelemetryMiddleware(this);
        }

        @Override
        public String toString() {
            return "<OpenTelemetryMiddleware.Builder " + Arrays.toString(secretParameters.toArray()) + ">";
        }
    }
}
