package asyncio.internal.testing

import asyncio.http.ClientSession
import asyncio.http.Cookie
import asyncio.http.CookieJar
import asyncio.http.MockTransport
import asyncio.internal.loop.LoopHost
import asyncio.internal.run.CoreProvider
import asyncio.spi.HttpBodies
import asyncio.spi.HttpConnections
import asyncio.spi.HttpEvents
import asyncio.spi.HttpMiddlewares

/** The provider of this module's tests, which have no Vert.x. */
class TestProvider : CoreProvider() {
    override fun newHost(): LoopHost = ThreadHost()

    override fun clientSession(): ClientSession.Builder = throw UnsupportedOperationException("no HTTP here")

    override fun requestOnce(
        method: String,
        url: String,
    ) = throw UnsupportedOperationException("no HTTP here")

    override fun mockTransport(): MockTransport = throw UnsupportedOperationException("no HTTP here")

    override fun httpBodies(): HttpBodies = throw UnsupportedOperationException("no HTTP here")

    override fun httpConnections(): HttpConnections = throw UnsupportedOperationException("no HTTP here")

    override fun cookieJar(): CookieJar.Builder = throw UnsupportedOperationException("no HTTP here")

    override fun httpMiddlewares(): HttpMiddlewares = throw UnsupportedOperationException("no HTTP here")

    override fun parseSetCookies(headers: List<String>): List<Cookie> =
        throw UnsupportedOperationException("no HTTP here")

    override fun httpEvents(): HttpEvents = throw UnsupportedOperationException("no HTTP here")
}
