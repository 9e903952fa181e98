package asyncio.internal.http.connect

import asyncio.CancelledError
import asyncio.http.ClientConnectorCertificateException
import asyncio.http.ClientConnectorDnsException
import asyncio.http.ClientConnectorException
import asyncio.http.ClientConnectorSslException
import asyncio.http.ClientHttpProxyException
import asyncio.http.ClientProxyConnectionException
import asyncio.http.ClientTimeout
import asyncio.http.ConnectionTimeoutException
import asyncio.http.Proxy
import asyncio.kotlin.await
import asyncio.kotlin.createTask
import asyncio.kotlin.toThread
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain
import io.vertx.core.Vertx
import io.vertx.core.http.HttpServerOptions
import java.net.InetAddress
import java.time.Duration
import java.util.concurrent.CopyOnWriteArrayList

/** HTTP proxies, good ones and bad ones. */
class HttpTunnelSpec :
    FunSpec({
        val vertx = Vertx.vertx()
        val certificate = TestCertificate.of("dns:localhost,ip:127.0.0.1")
        val proxyCertificate = TestCertificate.of("dns:localhost,dns:proxy")
        val settings = ConnectorSettings(tls = TlsBuilder().trust(certificate.pem).build())
        val tls =
            Rig.serve(
                vertx,
                HttpServerOptions().setSsl(true).setUseAlpn(true).setKeyCertOptions(certificate.forVertx()),
            ) { it.response().end("${it.version()} ${it.path()}") }
        val plain = Rig.serve(vertx) { it.response().end("${it.uri()} ${it.getHeader("x-key")}") }
        val heads = CopyOnWriteArrayList<String>()
        afterSpec { vertx.close() }
        beforeTest { heads.clear() }

        /** A proxy that makes tunnels. */
        fun tunnelling(
            answer: String = "HTTP/1.1 200 Connection established\r\n\r\n",
            secret: Boolean = false,
        ): Peer {
            val script: (java.net.Socket) -> Unit = { socket ->
                val head = Peer.readHead(socket)
                heads.add(head)
                Peer.send(socket, answer)
                pipe(socket, head.substringBefore(" HTTP/1.1").substringAfterLast(':').toInt())
            }
            if (!secret) return Peer(script = script)
            val factory = proxyCertificate.sslContext().serverSocketFactory
            return Peer(factory.createServerSocket(0, 50, InetAddress.getByName("127.0.0.1")), script)
        }

        fun Peer.proxy() = Proxy.of("http://127.0.0.1:$port")

        fun key(
            proxy: Proxy,
            webSocket: Boolean = false,
        ) = ConnectionKey(true, "localhost", tls, proxy = proxy, webSocket = webSocket)

        test("a tunnel to a server behind TLS") {
            tunnelling().use { peer ->
                Rig.run(settings) {
                    val connection = open(key(peer.proxy()))
                    get(connection, "/a") shouldBe "HTTP_2 /a"
                    connection.close()
                    val one = open(key(peer.proxy(), webSocket = true))
                    get(one, "/b") shouldBe "HTTP_1_1 /b"
                    one.close()
                }
                peer.awaitNobody()
                heads[0] shouldBe "CONNECT localhost:$tls HTTP/1.1\r\nHost: localhost:$tls\r\n\r\n"
            }
        }

        test("a tunnel for a WebSocket without TLS, but none for a plain request") {
            val proxy = Proxy.of("http://127.0.0.1:1")
            ConnectionKey(false, "a", 80, proxy = proxy).viaProxy shouldBe true
            ConnectionKey(false, "a", 80, proxy = proxy, webSocket = true).viaProxy shouldBe false
            ConnectionKey(true, "a", 80, proxy = proxy).viaProxy shouldBe false
            ConnectionKey(false, "a", 80, proxy = Proxy.of("socks5://127.0.0.1:1")).viaProxy shouldBe false
            tunnelling().use { peer ->
                Rig.run {
                    val key = ConnectionKey(false, "127.0.0.1", plain, proxy = peer.proxy(), webSocket = true)
                    val connection = open(key)
                    get(connection, "/a") shouldBe "/a null"
                    connection.close()
                }
                heads[0] shouldContain "CONNECT 127.0.0.1:$plain HTTP/1.1\r\n"
            }
        }

        test("a plain request gets a plain connection to the proxy, and the headers for it") {
            val proxy = Proxy.of("http://127.0.0.1:$plain").withHeader("X-Key", "7").withAuth("me", "secret")
            val key = ConnectionKey(false, "a.example", 80, proxy = proxy)
            key.proxyHeaders().map { it.toString() } shouldBe
                listOf("X-Key=7", "Proxy-Authorization=Basic bWU6c2VjcmV0")
            Rig.run {
                val connection = open(key)
                get(connection, "http://a.example/b", key.proxyHeaders()) shouldBe "http://a.example/b 7"
                connection.close()
            }
        }

        test("user, password and headers are for the proxy") {
            tunnelling().use { peer ->
                Rig.run(settings) {
                    val proxy =
                        Proxy
                            .of("http://me:s%C3%A9cret@127.0.0.1:${peer.port}")
                            .withHeader("X-Key", "7")
                            .withHeader("x-key", "8")
                    open(key(proxy)).close()
                    heads[0] shouldBe
                        "CONNECT localhost:$tls HTTP/1.1\r\nHost: localhost:$tls\r\nX-Key: 7\r\nx-key: 8\r\n" +
                        "Proxy-Authorization: Basic bWU6c8OpY3JldA==\r\n\r\n"
                    open(key(proxy.withHeader("proxy-authorization", "Bearer x"))).close()
                    heads[1] shouldNotContain "Basic"
                }
            }
        }

        test("an IPv6 address is in brackets") {
            Peer { socket ->
                heads.add(Peer.readHead(socket))
                Peer.send(socket, "HTTP/1.1 403 \r\n\r\n")
            }.use { peer ->
                Rig.run {
                    val key = ConnectionKey(true, "::1", 443, proxy = peer.proxy())
                    shouldThrow<ClientHttpProxyException> { open(key) }
                }
                heads[0] shouldBe "CONNECT [::1]:443 HTTP/1.1\r\nHost: [::1]:443\r\n\r\n"
            }
        }

        test("answers that are as good") {
            val good =
                listOf(
                    "HTTP/1.0 200 OK\r\n\r\n",
                    "HTTP/1.1 200\r\n\r\n",
                    "HTTP/1.1 299 x\r\nContent-Length: 10\r\nTransfer-Encoding: chunked\r\n\r\n",
                    "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
                )
            for (answer in good) {
                tunnelling(answer).use { peer ->
                    Rig.run(settings) {
                        val connection = open(key(peer.proxy()))
                        get(connection, "/a") shouldBe "HTTP_2 /a"
                        connection.close()
                    }
                }
            }
        }

        test("a refusal") {
            for (status in listOf(403, 407, 502, 302, 101)) {
                Peer { socket ->
                    Peer.readHead(socket)
                    Peer.send(socket, "HTTP/1.1 $status Not you\r\nProxy-Authenticate: Basic realm=x\r\n\r\n")
                    // A body without end.
                    runCatching { while (true) socket.getOutputStream().write(ByteArray(1000)) }
                }.use { peer ->
                    Rig.run(settings) {
                        val proxy = Proxy.of("http://me:secret@127.0.0.1:${peer.port}")
                        val error = shouldThrow<ClientHttpProxyException> { open(key(proxy)) }
                        error.status() shouldBe status
                        error.reason() shouldBe "Not you"
                        error.url() shouldBe "http://127.0.0.1:${peer.port}"
                        error.headers().get("proxy-authenticate") shouldBe "Basic realm=x"
                        error.stackTraceToString() shouldNotContain "secret"
                    }
                    peer.awaitNobody()
                }
            }
        }

        test("what is no answer") {
            val bad =
                listOf(
                    "SSH-2.0-OpenSSH_9.6\r\n\r\n",
                    "\r\n",
                    "HTTP/2 200 OK\r\n\r\n",
                    "HTTP/1.1  200 OK\r\n\r\n",
                    "HTTP/1.1 20 OK\r\n\r\n",
                    "HTTP/1.1 2000 OK\r\n\r\n",
                    "HTTP/1.1 ٢٠٠ OK\r\n\r\n",
                    "HTTP/1.1 600 OK\r\n\r\n",
                    "HTTP/1.1 000 OK\r\n\r\n",
                    "HTTP/1.1 200 OK\n\n",
                    "HTTP/1.1 200 OK\r\r\n",
                    "HTTP/1.1 200 O\u0000K\r\n\r\n",
                    "HTTP/1.1 200 OK\r\n: x\r\n\r\n",
                    "HTTP/1.1 200 OK\r\nx\r\n\r\n",
                    "HTTP/1.1 200 OK\r\nx : y\r\n\r\n",
                    "HTTP/1.1 200 OK\r\nx: y\r\n z\r\n\r\n",
                    "HTTP/1.1 200 OK\r\nx: y\u001bz\r\n\r\n",
                    "HTTP/1.1 200 OK\r\n" + "x: y\r\n".repeat(12_000),
                    "HTTP/1.1 200 " + "x".repeat(70_000),
                    "HTTP/1.1 100 Continue\r\n\r\n".repeat(3_000),
                )
            for (answer in bad) {
                Peer { socket ->
                    Peer.readHead(socket)
                    Peer.send(socket, answer)
                }.use { peer ->
                    Rig.run(settings) {
                        withClue(answer.take(50)) {
                            val error = shouldThrow<ClientProxyConnectionException> { open(key(peer.proxy())) }
                            error.port() shouldBe peer.port
                            error.message!! shouldContain
                                "Cannot connect to host localhost:$tls through the proxy ${peer.proxy()}: " +
                                "its answer to CONNECT is not HTTP: "
                        }
                    }
                    peer.awaitNobody()
                }
            }
        }

        test("a proxy that closes the connection after each byte of its answer") {
            val answer = "HTTP/1.1 200 OK\r\nx: y\r\n\r\n"
            for (length in answer.indices) {
                Peer { socket ->
                    Peer.readHead(socket)
                    Peer.send(socket, answer.take(length))
                    socket.close()
                }.use { peer ->
                    Rig.run(settings) {
                        withClue(length) {
                            val error = shouldThrow<ClientProxyConnectionException> { open(key(peer.proxy())) }
                            error.message!! shouldContain "the other side closed the connection"
                        }
                    }
                }
            }
            tunnellingThenClosing(answer).use { peer ->
                Rig.run(settings) { shouldThrow<ClientConnectorSslException> { open(key(peer.proxy())) } }
            }
        }

        test("a proxy that answers byte by byte") {
            Peer { socket ->
                val head = Peer.readHead(socket)
                for (char in "HTTP/1.1 200 OK\r\nx: y\r\n\r\n") {
                    Peer.send(socket, char.toString())
                    Thread.sleep(1)
                }
                pipe(socket, head.substringBefore(" HTTP/1.1").substringAfterLast(':').toInt())
            }.use { peer ->
                Rig.run(settings) {
                    val connection = open(key(peer.proxy()))
                    get(connection, "/a") shouldBe "HTTP_2 /a"
                    connection.close()
                }
            }
        }

        test("what comes right after the answer belongs to TLS") {
            // It is no TLS, and that has to be noticed.
            Peer { socket ->
                Peer.readHead(socket)
                Peer.send(socket, "HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200 OK\r\n\r\n")
            }.use { peer ->
                Rig.run(settings) { shouldThrow<ClientConnectorSslException> { open(key(peer.proxy())) } }
                peer.awaitNobody()
            }
        }

        test("a proxy that says nothing") {
            Peer { }.use { peer ->
                Rig.run(settings) {
                    val limits = ClientTimeout.NONE.withSockConnect(Duration.ofMillis(100))
                    val error = shouldThrow<ConnectionTimeoutException> { transport.open(key(peer.proxy()), limits) }
                    error.message!! shouldContain "through the proxy ${peer.proxy()} took longer than sockConnect"
                }
                peer.awaitNobody()
            }
            Peer { socket -> Peer.readHead(socket) }.use { peer ->
                Rig.run(settings) {
                    val task = createTask { open(key(peer.proxy())) }
                    toThread { peer.awaitConnection() }
                    task.cancel()
                    shouldThrow<CancelledError> { await(task) }
                }
                peer.awaitNobody()
            }
        }

        test("a proxy that is not there") {
            Rig.run(settings) {
                val port = Peer.refusedPort()
                val nobody = Proxy.of("http://127.0.0.1:$port")
                val error = shouldThrow<ClientProxyConnectionException> { open(key(nobody)) }
                error.host() shouldBe "127.0.0.1"
                error.port() shouldBe port
                error.message!! shouldContain
                    "Cannot connect to host localhost:$tls through the proxy http://127.0.0.1:$port: "
                val unknown = shouldThrow<ClientConnectorDnsException> { open(key(Proxy.of("http://proxy.invalid"))) }
                unknown.host() shouldBe "proxy.invalid"
            }
        }

        test("a server that is not the one it should be, through a tunnel") {
            tunnelling().use { peer ->
                Rig.run {
                    val error = shouldThrow<ClientConnectorCertificateException> { open(key(peer.proxy())) }
                    error.host() shouldBe "localhost"
                    error.port() shouldBe tls
                }
                peer.awaitNobody()
            }
        }

        test("TLS in TLS") {
            tunnelling(secret = true).use { peer ->
                val proxy =
                    Proxy.of("https://localhost:${peer.port}").withTls(TlsBuilder().trust(proxyCertificate.pem).build())
                Rig.run(settings) {
                    val two = open(key(proxy))
                    get(two, "/a") shouldBe "HTTP_2 /a"
                    two.close()
                    val one = open(key(proxy, webSocket = true))
                    get(one, "/b") shouldBe "HTTP_1_1 /b"
                    one.close()
                    // A server without TLS, through a tunnel in TLS.
                    val plainOne = open(ConnectionKey(false, "127.0.0.1", plain, proxy = proxy, webSocket = true))
                    get(plainOne, "/c") shouldBe "/c null"
                    plainOne.close()
                }
                peer.awaitNobody()
            }
        }

        test("the settings of TLS for servers are not those for proxies") {
            tunnelling(secret = true).use { peer ->
                Rig.run(ConnectorSettings(tls = TlsImpl.INSECURE)) {
                    val error =
                        shouldThrow<ClientConnectorCertificateException> {
                            open(key(Proxy.of("https://localhost:${peer.port}")))
                        }
                    error.port() shouldBe peer.port
                }
                peer.awaitNobody()
                heads shouldBe emptyList()
            }
        }

        test("a plain request through a proxy behind TLS") {
            val port =
                Rig.serve(
                    vertx,
                    HttpServerOptions().setSsl(true).setUseAlpn(true).setKeyCertOptions(proxyCertificate.forVertx()),
                ) { it.response().end("${it.version()} ${it.uri()}") }
            val proxy = Proxy.of("https://localhost:$port").withTls(TlsBuilder().trust(proxyCertificate.pem).build())
            Rig.run {
                val connection = open(ConnectionKey(false, "a.example", 80, proxy = proxy))
                get(connection, "http://a.example/") shouldBe "HTTP_1_1 http://a.example/"
                connection.close()
            }
        }

        test("no proxy for a Unix domain socket") {
            Rig.run(
                ConnectorSettings(
                    unixSocket =
                        java.nio.file.Path
                            .of("/tmp/none"),
                ),
            ) {
                shouldThrow<IllegalArgumentException> { open(key(Proxy.of("http://127.0.0.1"))) }
                shouldThrow<ClientConnectorException> { open(ConnectionKey(false, "a", 80)) }
            }
        }
    }) {
    private companion object {
        fun tunnellingThenClosing(answer: String) =
            Peer { socket ->
                Peer.readHead(socket)
                Peer.send(socket, answer)
                socket.close()
            }
    }
}
