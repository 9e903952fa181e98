package asyncio.http;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Hears what happens to the requests of a session; override what is of interest. Everything is called in the loop's
 * thread of control, must not block and cannot await, unless it is an {@link AwaitedTraceConfig}; what it throws goes
 * to the loop's exception handler, and the request goes on. Python: {@code aiohttp.TraceConfig}.
 *
 * <p>An event's {@code context} is what {@link #newContext} made for the request: the place for a start time or a span.
 */
public interface TraceConfig {

    /** A request, as the events tell of it. */
    final class Request {
        private final ClientSession session;
        private final @Nullable Object context;
        private final String method;
        private final String url;
        private final HttpHeaders headers;

        private Request(
                ClientSession session, @Nullable Object context, String method, String url, HttpHeaders headers) {
            this.session = Objects.requireNonNull(session, "session");
            this.context = context;
            this.method = Objects.requireNonNull(method, "method");
            this.url = Objects.requireNonNull(url, "url");
            this.headers = Objects.requireNonNull(headers, "headers");
        }

        /**
         * A request. Sessions make them; this is for tests of a {@link TraceConfig}.
         *
         * @param session the session that sends it
         * @param context what {@link #newContext} made
         * @param method the method
         * @param url the URL of this hop
         * @param headers the headers
         */
        public static Request of(
                ClientSession session, @Nullable Object context, String method, String url, HttpHeaders headers) {
            return new Request(session, context, method, url, headers);
        }

        /** The session that sends it. */
        public ClientSession session() {
            return session;
        }

        /** What {@link #newContext} made. Python: {@code trace_config_ctx}. */
        public @Nullable Object context() {
            return context;
        }

        /** The method. */
        public String method() {
            return method;
        }

        /** The URL of this hop. */
        public String url() {
            return url;
        }

        /** The headers: of the user until they were sent, then all of them. */
        public HttpHeaders headers() {
            return headers;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Request that
                    && session.equals(that.session)
                    && Objects.equals(context, that.context)
                    && method.equals(that.method)
                    && url.equals(that.url)
                    && headers.equals(that.headers);
        }

        @Override
        public int hashCode() {
            return Objects.hash(session, context, method, url, headers);
        }

        @Override
        public String toString() {
            return "Request[session=" + session + ", context=" + context + ", method=" + method + ", url=" + url
                    + ", headers=" + headers + "]";
        }
    }

    /**
     * The context of a request's events. Python: {@code trace_config_ctx_factory}.
     *
     * @param requestContext what {@link ClientRequest#traceContext} was told
     */
    default @Nullable Object newContext(@Nullable Object requestContext) {
        return requestContext;
    }

    /** Before anything else. Python: {@code on_request_start}. */
    default void onRequestStart(Request request) {}

    /** The head of a hop was written. Python: {@code on_request_headers_sent}. */
    default void onRequestHeadersSent(Request request) {}

    /** A portion of the request's body was written. Python: {@code on_request_chunk_sent}. */
    default void onRequestChunkSent(Request request, int bytes) {}

    /** A portion of the response's body came in, as it was sent. Python: {@code on_response_chunk_received}. */
    default void onResponseChunkReceived(Request request, int bytes) {}

    /** The response's head is there, and its user is about to get it. Python: {@code on_request_end}. */
    default void onRequestEnd(Request request, ClientResponse response) {}

    /** The response's body ended, or was given up. aiohttp has no such signal. */
    default void onResponseEnd(Request request) {}

    /** The request failed before there was a response. Python: {@code on_request_exception}. */
    default void onRequestException(Request request, Throwable exception) {}

    /** A redirect is about to be followed. Python: {@code on_request_redirect}. */
    default void onRequestRedirect(Request request, ClientResponse response) {}

    /** No connection is free: the request waits for one. Python: {@code on_connection_queued_start}. */
    default void onConnectionQueuedStart(Request request) {}

    /** The wait is over. Python: {@code on_connection_queued_end}. */
    default void onConnectionQueuedEnd(Request request) {}

    /** A connection is being made for this request. Python: {@code on_connection_create_start}. */
    default void onConnectionCreateStart(Request request) {}

    /** It was made. Python: {@code on_connection_create_end}. */
    default void onConnectionCreateEnd(Request request) {}

    /** A connection that was kept, or one of HTTP/2 that has room, is used. Python: {@code on_connection_reuseconn}. */
    default void onConnectionReuseconn(Request request) {}

    /** A host name is looked up. Python: {@code on_dns_resolvehost_start}. */
    default void onDnsResolvehostStart(Request request, String host) {}

    /** The look-up succeeded. Python: {@code on_dns_resolvehost_end}. */
    default void onDnsResolvehostEnd(Request request, String host) {}

    /** The addresses of a host are known already. Python: {@code on_dns_cache_hit}. */
    default void onDnsCacheHit(Request request, String host) {}

    /** They are not. Python: {@code on_dns_cache_miss}. */
    default void onDnsCacheMiss(Request request, String host) {}
}
