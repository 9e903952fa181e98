package asyncio.spi;

import asyncio.http.DigestAuthMiddleware;
import asyncio.http.RateLimitMiddleware;
import asyncio.http.RetryMiddleware;

/** What stands behind the middlewares in {@link asyncio.http}. */
public interface HttpMiddlewares {

    /** {@link DigestAuthMiddleware#builder}. */
    DigestAuthMiddleware.Builder digestAuth(String login, String password);

    /** {@link RetryMiddleware#builder}. */
    RetryMiddleware.Builder retry();

    /** {@link RateLimitMiddleware#builder}. */
    RateLimitMiddleware.Builder rateLimit();
}
