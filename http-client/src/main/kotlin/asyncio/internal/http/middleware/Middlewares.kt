package asyncio.internal.http.middleware

import asyncio.http.DigestAuthMiddleware
import asyncio.http.RateLimitMiddleware
import asyncio.http.RetryMiddleware
import asyncio.spi.HttpMiddlewares

/** The middlewares that come along. */
internal object Middlewares : HttpMiddlewares {
    override fun digestAuth(
        login: String,
        password: String,
    ): DigestAuthMiddleware.Builder = DigestAuthBuilder(login, password)

    override fun retry(): RetryMiddleware.Builder = RetryBuilder()

    override fun rateLimit(): RateLimitMiddleware.Builder = RateLimitBuilder()
}
