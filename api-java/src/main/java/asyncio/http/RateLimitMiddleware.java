package asyncio.http;

import asyncio.spi.HttpProvider;
import java.time.Duration;

/**
 * Lets requests wait, so that not too many are sent in a time, or are under way at once: first come, first served. A
 * request is under way until the head of its response is there. Redirects and retries that are made inside of this
 * middleware count too. aiohttp has none.
 *
 * <pre>{@code
 * var tenASecond = RateLimitMiddleware.builder().rate(10, ofSeconds(1)).perHost(true).build();
 * }</pre>
 *
 * <p>May be used by several sessions of one loop: awaiting a request raises {@link IllegalStateException} in another
 * loop while requests of the first one wait or are under way.
 */
public interface RateLimitMiddleware extends ClientMiddleware {

    /** Settings, without any limit yet. */
    static Builder builder() {
        return HttpProvider.get().middlewares().rateLimit();
    }

    /** How many requests are waiting now. */
    int waiting();

    /** How many requests are under way now. */
    int underWay();

    /** The settings. Its methods change this object and return it. */
    interface Builder {

        /**
         * How many requests may be sent in such a time. They are spread over it evenly, but for a {@link #burst}.
         *
         * @throws IllegalArgumentException if one of them is not positive
         */
        Builder rate(int requests, Duration time);

        /**
         * How many requests may be sent at once after a pause; as many as {@link #rate} says unless set.
         *
         * @throws IllegalArgumentException if it is less than 1
         */
        Builder burst(int requests);

        /**
         * How many requests may be under way at once; 0, any number, unless set.
         *
         * @throws IllegalArgumentException if it is negative
         */
        Builder concurrency(int requests);

        /** Whether the limits hold for each scheme, host and port; unless set they hold for all requests together. */
        Builder perHost(boolean perHost);

        /**
         * The middleware.
         *
         * @throws IllegalStateException if there is neither a rate nor a concurrency
         */
        RateLimitMiddleware build();
    }
}
