package asyncio.http;

import asyncio.spi.HttpProvider;
import java.time.Clock;
import java.time.Duration;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * Sends a request again that has failed in a way that may pass: after a pause that doubles each time, or that the
 * server has asked for. aiohttp has none; its documents show one.
 *
 * <p>Sent again is what cannot do harm twice: methods that are idempotent, or a request with the header
 * {@code Idempotency-Key}; its body has to be {@linkplain Payload#replayable() replayable}. When all attempts are used
 * up, the last response or exception is what the caller gets; earlier exceptions are suppressed ones of the last. All
 * attempts and pauses count for {@link ClientTimeout} {@code total}. May be used by several sessions.
 */
public interface RetryMiddleware extends ClientMiddleware {

    /** With the default settings. */
    static RetryMiddleware create() {
        return builder().build();
    }

    /** Settings, all of them at their defaults. */
    static Builder builder() {
        return HttpProvider.get().middlewares().retry();
    }

    /** The settings. Its methods change this object and return it. */
    interface Builder {

        /**
         * How often a request is sent at most, the first time included; 3 unless set.
         *
         * @throws IllegalArgumentException if it is less than 1
         */
        Builder attempts(int attempts);

        /**
         * How long the first pause is, and the longest; each one is twice as long as the one before. 500 ms and 30 s
         * unless set.
         *
         * @throws IllegalArgumentException if one is negative, or the first one longer than the longest
         */
        Builder backoff(Duration first, Duration longest);

        /**
         * Which part of each pause is left to chance, so that many clients do not come back at once: 0 for nothing of
         * it, 1 for all of it. 0.5 unless set: a pause of 4 s becomes one between 2 s and 4 s.
         *
         * @throws IllegalArgumentException if it is not between 0 and 1
         */
        Builder jitter(double part);

        /** Where chance comes from; for tests one with a fixed seed. */
        Builder random(RandomGenerator random);

        /**
         * The statuses that may pass; 429, 502, 503 and 504 unless set.
         *
         * @throws IllegalArgumentException if one is not between 100 and 599
         */
        Builder statuses(int... statuses);

        /**
         * The exceptions that may pass. Unless set: {@link ClientConnectionException}, but not those of TLS and of
         * certificates.
         */
        Builder exceptions(Predicate<? super Exception> which);

        /**
         * The longest pause that a server may ask for, with {@code Retry-After}; 60 s unless set. If it asks for more,
         * its response is what the caller gets: to come back sooner would not help. Zero for not looking at the header.
         *
         * @throws IllegalArgumentException if it is negative
         */
        Builder maxRetryAfter(Duration longest);

        /**
         * The methods that are sent again; GET, HEAD, OPTIONS, TRACE, PUT, DELETE and QUERY unless set. Those with
         * {@code Idempotency-Key} always are.
         *
         * @throws IllegalArgumentException if one is not a token
         */
        Builder methods(String... methods);

        /** What time it is, for {@code Retry-After} with a date; the clock of the system unless set. */
        Builder clock(Clock clock);

        /** The middleware. */
        RetryMiddleware build();
    }
}
