package asyncio.internal.http.provider

import asyncio.http.ClientRequest
import asyncio.http.ClientSession
import asyncio.http.Cookie
import asyncio.http.CookieJar
import asyncio.http.Download
import asyncio.http.MockTransport
import asyncio.internal.http.cache.Caches
import asyncio.internal.http.connector.Connections
import asyncio.internal.http.cookie.CookieJarBuilder
import asyncio.internal.http.cookie.SetCookie
import asyncio.internal.http.download.DownloadBuilder
import asyncio.internal.http.har.Hars
import asyncio.internal.http.middleware.Middlewares
import asyncio.internal.http.mock.MockTransportImpl
import asyncio.internal.http.session.ClientSessionBuilder
import asyncio.internal.http.sse.Events
import asyncio.internal.http.ws.WebSocketRequestImpl
import asyncio.spi.HttpBodies
import asyncio.spi.HttpCaches
import asyncio.spi.HttpConnections
import asyncio.spi.HttpEvents
import asyncio.spi.HttpHars
import asyncio.spi.HttpMiddlewares
import asyncio.spi.HttpProvider
import java.util.function.Supplier

/**
 * The HTTP client of this module. Its packages build on each other, each one only on the ones before it:
 *
 * - bytes, concurrent: growable arrays; wake-ups and the context's thread
 * - message: URLs, headers, the characters of HTTP
 * - payload, body: the bodies of requests, and of responses with their codings
 * - multipart, json, cookie, auth, middleware: independent of connections
 * - wire: what an HTTP connection and a stream are, and the check of HTTP/1.1 responses
 * - http1, http2: the two protocols
 * - connect, pool, connector: opening connections and sharing them
 * - session: sessions, requests, redirects, exchanges
 * - ws, sse, download, mock: WebSockets, server-sent events, downloads, responses for tests
 * - cache: the HTTP cache, which answers as a mock does
 * - har: recordings of requests, and mocks that answer from them
 * - provider: the factories of all these
 *
 * LayersTest of the architecture tests finds cycles.
 */
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

    override fun caches(): HttpCaches = Caches

    override fun hars(): HttpHars = Hars

    override fun parseSetCookies(headers: List<String>): List<Cookie> = SetCookie.parse(headers)

    override fun events(): HttpEvents = Events

    override fun download(request: Supplier<out ClientRequest>): Download.Builder = DownloadBuilder(request)

    private fun builder() = ClientSessionBuilder(::WebSocketRequestImpl)
}
