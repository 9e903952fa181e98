package asyncio.internal.http.provider

import asyncio.http.ClientRequest
import asyncio.http.ClientSession
import asyncio.http.Cookie
import asyncio.http.CookieJar
import asyncio.http.MockTransport
import asyncio.internal.http.connector.Connections
import asyncio.internal.http.cookie.CookieJarBuilder
import asyncio.internal.http.cookie.SetCookie
import asyncio.internal.http.middleware.Middlewares
import asyncio.internal.http.mock.MockTransportImpl
import asyncio.internal.http.session.ClientSessionBuilder
import asyncio.internal.http.sse.Events
import asyncio.internal.http.ws.WebSocketRequestImpl
import asyncio.spi.HttpBodies
import asyncio.spi.HttpConnections
import asyncio.spi.HttpEvents
import asyncio.spi.HttpMiddlewares
import asyncio.spi.HttpProvider

/** The HTTP client of this module. */
public class HttpClientProvider : HttpProvider {
    override fun clientSession(): ClientSession.Builder = builder()

    override fun requestOnce(
        method: String,
        url: String,
    ): ClientRequest = builder().requestOnce(method, url)

    override fun mockTransport(): MockTransport = MockTransportImpl()

    override fun bodies(): HttpBodies = Bodies

    override fun connections(): HttpConnections = Connections

    override fun cookieJar(): CookieJar.Builder = CookieJarBuilder()

    override fun middlewares(): HttpMiddlewares = Middlewares

    override fun parseSetCookies(headers: List<String>): List<Cookie> = SetCookie.parse(headers)

    override fun events(): HttpEvents = Events

    private fun builder() = ClientSessionBuilder(::WebSocketRequestImpl)
}
