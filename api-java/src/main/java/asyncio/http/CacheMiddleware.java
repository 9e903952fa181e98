package asyncio.http;

import asyncio.spi.HttpProvider;
import java.time.Clock;

/**
 * An HTTP cache for a session, by RFC 9111: answers a GET from its store as long as the response there is fresh, asks
 * the server with {@code If-None-Match} or {@code If-Modified-Since} when it is not any more, and takes what is new.
 * aiohttp has none.
 *
 * <pre>{@code
 * var cache = CacheMiddleware.builder().store(CacheStore.disk(folder, 100 << 20)).build();
 * var session = ClientSession.builder().middlewares(cache).build();
 * }</pre>
 *
 * <p>It is a private cache: {@code private} responses are stored, and {@code s-maxage} does not count. A response is
 * found again for the same URL, the same values of the headers that its {@code Vary} names, and the same
 * {@code Authorization}. Stored is a response whose body was received to its end, unless it or the request says
 * {@code no-store}; its user may read it as a stream. {@code Cache-Control} of the request counts: {@code no-cache},
 * {@code max-age}, {@code min-fresh}, {@code max-stale}, {@code only-if-cached} (504 if there is nothing). A response
 * from the store has the header {@code Age}. Requests with a body, with {@code Range} or with conditions of their own
 * go past it. A method that changes something removes what is stored for its URL, and what was asked for before it.
 *
 * <p>Put it behind the middlewares that set {@code Authorization} or a header that {@code Vary} names, and before all
 * others: it does not find again what one behind it has changed. May be used by several sessions, but not for several
 * users: they would share what {@code Vary} does not tell apart. Where the store fails, the server is asked, and a line
 * is logged.
 */
public interface CacheMiddleware extends ClientMiddleware {

    /** With a store in memory of 64 MiB. */
    static CacheMiddleware create() {
        return builder().build();
    }

    /** Settings, all of them at their defaults. */
    static Builder builder() {
        return HttpProvider.get().caches().middleware();
    }

    /** The settings. Its methods change this object and return it. */
    interface Builder {

        /** Where responses are kept; 64 MiB of memory unless set. */
        Builder store(CacheStore store);

        /**
         * How large the body of a response in the store may be, in bytes as received; 8 MiB unless set.
         *
         * @throws IllegalArgumentException if it is negative
         */
        Builder maxBodySize(int bytes);

        /** The clock for the age of responses; the system's unless set. */
        Builder clock(Clock clock);

        /** The middleware. */
        CacheMiddleware build();
    }
}
