package asyncio.micrometer;

import static asyncio.Asyncio.await;

import asyncio.http.ClientHandler;
import asyncio.http.ClientMiddleware;
import asyncio.http.ClientResponse;
import asyncio.http.OutgoingRequest;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Times the sendings of requests: the timer {@code http.client.requests}, from before a connection is looked for to the
 * head of the response. Each hop of a redirect and each retry counts.
 *
 * <pre>{@code
 * var session = ClientSession.builder()
 *         .middlewares(RetryMiddleware.create(), MicrometerMiddleware.create(registry))
 *         .build();
 * }</pre>
 *
 * <table><caption>Tags</caption>
 * <tr><th>tag</th><th>value</th></tr>
 * <tr><td>{@code method}</td><td>{@code GET} …, or {@code OTHER}</td></tr>
 * <tr><td>{@code status}</td><td>the status, or {@code NONE} where there was no response</td></tr>
 * <tr><td>{@code outcome}</td><td>{@code SUCCESS}, {@code REDIRECTION}, {@code CLIENT_ERROR}, {@code SERVER_ERROR}, or
 *     {@code UNKNOWN}</td></tr>
 * <tr><td>{@code host}</td><td>the host and the port of the URL; {@code other} beyond {@link Builder#maxHosts}</td></tr>
 * <tr><td>{@code exception}</td><td>the simple name of its class, or {@code none}</td></tr>
 * </table>
 *
 * <p>A cancelled request has the exception {@code CancelledError}. May be used by several sessions and loops.
 */
public final class MicrometerMiddleware implements ClientMiddleware {
    private static final Set<String> METHODS =
            Set.of("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE");

    private final MeterRegistry registry;
    private final String name;
    private final Tags tags;
    private final int maxHosts;
    private final Set<String> hosts = ConcurrentHashMap.newKeySet();

    private MicrometerMiddleware(Builder builder) {
        registry = builder.registry;
        name = builder.name;
        tags = builder.tags;
        maxHosts = builder.maxHosts;
    }

    /** With all settings at their defaults. */
    public static MicrometerMiddleware create(MeterRegistry registry) {
        return builder(registry).build();
    }

    /** Settings, all of them at their defaults. */
    public static Builder builder(MeterRegistry registry) {
        return new Builder(Objects.requireNonNull(registry, "builder: registry is null"));
    }

    @Override
    public ClientResponse handle(OutgoingRequest request, ClientHandler next) {
        var sample = Timer.start(registry);
        try {
            var response = await(next.handle(request));
            stop(sample, request, response, null);
            return response;
        } catch (Throwable error) {
            stop(sample, request, null, error);
            throw error;
        }
    }

    private void stop(
            Timer.Sample sample,
            OutgoingRequest request,
            @Nullable ClientResponse response,
            @Nullable Throwable error) {
        sample.stop(Timer.builder(name)
                .description("Requests of the HTTP client, to the head of the response")
                .tags(tags)
                .tag("method", METHODS.contains(request.method()) ? request.method() : "OTHER")
                .tag("status", response == null ? "NONE" : String.valueOf(response.status()))
                .tag("outcome", response == null ? "UNKNOWN" : outcome(response.status()))
                .tag("host", host(request.url()))
                .tag("exception", error == null ? "none" : nameOf(error.getClass()))
                .register(registry));
    }

    private static String outcome(int status) {
        return switch (status / 100) {
            case 1 -> "INFORMATIONAL";
            case 2 -> "SUCCESS";
            case 3 -> "REDIRECTION";
            case 4 -> "CLIENT_ERROR";
            case 5 -> "SERVER_ERROR";
            default -> "UNKNOWN";
        };
    }

    private static String nameOf(Class<?> type) {
        return type.getSimpleName().isEmpty() ? type.getName() : type.getSimpleName();
    }

    private String host(String url) {
        int start = url.indexOf("://") + 3;
        int end = url.indexOf('/', start);
        var host = end < 0 ? url.substring(start) : url.substring(start, end);
        if (hosts.contains(host)) {
            return host;
        }
        // Two at once may go beyond the limit by one.
        return hosts.size() < maxHosts && hosts.add(host) ? host : hosts.contains(host) ? host : "other";
    }

    @Override
    public String toString() {
        return "<MicrometerMiddleware " + name + ">";
    }

    /** The settings. Its methods change this object and return it. */
    public static final class Builder {
        private final MeterRegistry registry;
        private String name = "http.client.requests";
        private Tags tags = Tags.empty();
        private int maxHosts = 100;

        private Builder(MeterRegistry registry) {
            this.registry = registry;
        }

        /** What the timer is called; {@code http.client.requests} unless set. */
        public Builder name(String name) {
            this.name = Objects.requireNonNull(name, "name: name is null");
            return this;
        }

        /** One more tag, which all timers have; can be called several times. */
        public Builder tag(String key, String value) {
            tags = tags.and(Tag.of(key, value));
            return this;
        }

        /**
         * How many hosts have a tag of their own, the first ones; 100 unless set. Each host is a timer more.
         *
         * @throws IllegalArgumentException if it is negative
         */
        public Builder maxHosts(int hosts) {
            if (hosts < 0) {
                throw new IllegalArgumentException("maxHosts is negative: " + hosts);
            }
            maxHosts = hosts;
            return this;
        }

        /** The middleware. */
        public MicrometerMiddleware build() {
            return new MicrometerMiddleware(this);
        }
    }
}
