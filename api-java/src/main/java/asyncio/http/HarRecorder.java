package asyncio.http;

import asyncio.CheckReturnValue;
import asyncio.Coroutine;
import asyncio.spi.HttpProvider;
import java.nio.file.Path;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/**
 * Records requests and their responses as a HAR 1.2 file, which the developer tools of browsers show and
 * {@link MockTransport#ofHar} answers from. aiohttp has none.
 *
 * <pre>{@code
 * var recorder = HarRecorder.create();
 * try (var session = ClientSession.builder().middlewares(recorder).build()) {
 *     …
 * }
 * await(recorder.save(Path.of("shop.har")));
 * }</pre>
 *
 * <p>Each sending is an entry: each hop of a redirect, each retry of a middleware further out. Put it last among the
 * middlewares, and it sees what goes to servers; what a {@link CacheMiddleware} further out answers is not sent. A
 * request that failed is an entry with status 0. WebSockets are not recorded.
 *
 * <p><b>Secrets.</b> {@code Authorization}, {@code Cookie}, {@code Set-Cookie} and {@code Proxy-Authorization}, and
 * every header that a redirect to another origin drops ({@link ClientSession.Builder#secretHeaders}), are recorded with
 * the value {@code [redacted]} unless {@link Builder#secrets} says otherwise. URLs and bodies are recorded as they are.
 *
 * <p><b>Bodies.</b> A response is recorded decoded, as far as its user has received it: without text where it was
 * closed before its end, or is larger than {@link Builder#maxBodySize}. What is not text is written in base64.
 *
 * <p>May be used by several sessions of one loop. All entries are kept in memory until {@link #clear}.
 */
public interface HarRecorder extends ClientMiddleware {

    /** With all settings at their defaults. */
    static HarRecorder create() {
        return builder().build();
    }

    /** Settings, all of them at their defaults. */
    static Builder builder() {
        return HttpProvider.get().hars().recorder();
    }

    /** How many entries there are; a request is one from its begin on. */
    int size();

    /** All entries as the text of a HAR file, in the order in which the requests began. */
    String toJson();

    /**
     * Writes all entries to a file. Only its owner may read it, where the file system knows owners; it is replaced as a
     * whole. Runs in the loop's pool of threads.
     *
     * <p>Awaiting it raises {@link java.io.IOException} if the file cannot be written.
     */
    @CheckReturnValue
    Coroutine<@Nullable Void> save(Path file);

    /** Forgets all entries. */
    void clear();

    /** The settings. Its methods change this object and return it. */
    interface Builder {

        /**
         * How large a body is recorded, in bytes; 1 MiB unless set. Of a larger one there is the size only.
         *
         * @throws IllegalArgumentException if it is negative
         */
        Builder maxBodySize(int bytes);

        /** Whether the values of secret headers and of cookies are recorded; false unless set. */
        Builder secrets(boolean secrets);

        /** The clock for the dates of entries; the system's unless set. How long things took is the loop's time. */
        Builder clock(Clock clock);

        /** The recorder. */
        HarRecorder build();
    }
}
