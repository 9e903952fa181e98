package asyncio.internal.http.connect

import asyncio.CancelledError
import asyncio.http.ClientConnectorException
import asyncio.http.ClientTimeout
import asyncio.http.ConnectionTimeoutException
import asyncio.internal.http.wire.HttpConnection
import asyncio.internal.http.wire.StreamFailure
import asyncio.kotlin.await
import asyncio.kotlin.createTask
import asyncio.kotlin.toThread
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.vertx.core.Vertx
import io.vertx.core.http.Http2Settings
import io.vertx.core.http.HttpServerOptions
import java.net.InetAddress
import java.time.Duration
import javax.net.ssl.SSLServerSocket

/** What HTTP/2 needs besides requests and responses. */
class Http2Spec :
    FunSpec({
        val vertx = Vertx.vertx()
        val certificate = TestCertificate.of("dns:localhost,ip:127.0.0.1")
        val settings = ConnectorSettings(tls = TlsBuilder().trust(certificate.pem).build())
        val port =
            Rig.serve(
                vertx,
                HttpServerOptions()
                    .setSsl(true)
                    .setUseAlpn(true)
                    .setKeyCertOptions(certificate.forVertx())
                    .setInitialSettings(Http2Settings().setMaxConcurrentStreams(3)),
            ) { request ->
                val connection = request.connection()
                val response = request.response()
                if (request.path() == "/settings") {
                    val theirs = connection.remoteSettings() as Http2Settings
                    response.end("${theirs.initialWindowSize} ${theirs.maxHeaderListSize} ${theirs.isPushEnabled}")
                } else if (request.path() == "/bye") {
                    response.end("bye")
                    @Suppress("DEPRECATION")
                    connection.goAway(0)
                } else {
                    response.end("x".repeat(3_000_000))
                }
            }
        afterSpec { vertx.close() }

        /** Agrees to HTTP/2, and then does what [script] says. */
        fun agreeing(script: (java.net.Socket) -> Unit): Peer {
            val listener =
                certificate.sslContext().serverSocketFactory.createServerSocket(
                    0,
                    50,
                    InetAddress.getByName("127.0.0.1"),
                ) as SSLServerSocket
            listener.sslParameters = listener.sslParameters.apply { applicationProtocols = arrayOf("h2") }
            return Peer(listener) { socket ->
                socket.getInputStream().readNBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".length)
                script(socket)
            }
        }

        test("what the two sides allow each other") {
            Rig.run(settings) {
                val connection = open(ConnectionKey(true, "localhost", port))
                connection.concurrency shouldBe 3
                get(connection, "/settings") shouldBe "${1024 * 1024} ${4 * 1024 * 1024} false"
                connection.close()
            }
        }

        test("a body larger than the window") {
            Rig.run(settings) {
                val connection = open(ConnectionKey(true, "localhost", port))
                get(connection, "/large").length shouldBe 3_000_000
                connection.close()
            }
        }

        test("GOAWAY tells that the connection takes no more requests") {
            Rig.run(settings) {
                val connection = open(ConnectionKey(true, "localhost", port))
                val gone = loop.createFuture<Unit>()
                connection.listen(
                    object : HttpConnection.Listener {
                        override fun retired() {
                            if (!gone.done()) gone.setResult(Unit)
                        }

                        override fun closed() {}

                        override fun concurrencyChanged() {}
                    },
                )
                get(connection, "/bye") shouldBe "bye"
                await(gone)
                connection.close()
            }
        }

        test("a server that agrees to HTTP/2 and then says nothing") {
            agreeing { }.use { peer ->
                Rig.run(settings) {
                    val limits = ClientTimeout.NONE.withSockConnect(Duration.ofMillis(300))
                    shouldThrow<ConnectionTimeoutException> {
                        transport.open(ConnectionKey(true, "localhost", peer.port), limits)
                    }
                    val task = createTask { open(ConnectionKey(true, "localhost", peer.port)) }
                    toThread { peer.awaitConnection() }
                    task.cancel()
                    shouldThrow<CancelledError> { await(task) }
                }
                peer.awaitNobody()
            }
        }

        test("a server that agrees to HTTP/2 and goes away at once") {
            // SETTINGS, and GOAWAY with last stream 0 and no error.
            val frames = "000000040000000000" + "0000080700000000000000000000000000"
            agreeing { socket ->
                socket.getOutputStream().write(
                    java.util.HexFormat
                        .of()
                        .parseHex(frames),
                )
            }.use { peer ->
                Rig.run(settings) {
                    val connection = open(ConnectionKey(true, "localhost", peer.port))
                    val error = shouldThrow<StreamFailure> { get(connection, "/") }
                    error.isUnprocessed shouldBe true
                    error.message!! shouldContain "(GOAWAY, NO_ERROR)"
                    connection.isRetired shouldBe true
                    connection.close()
                }
                peer.awaitNobody()
            }
        }

        test("a server that agrees to HTTP/2 and then closes, or speaks something else") {
            agreeing { it.close() }.use { peer ->
                Rig.run(settings) {
                    val error =
                        shouldThrow<ClientConnectorException> { open(ConnectionKey(true, "localhost", peer.port)) }
                    error.message!! shouldContain "Cannot connect to host localhost:${peer.port}: "
                }
            }
            agreeing { Peer.send(it, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n") }.use { peer ->
                Rig.run(settings) {
                    val error =
                        shouldThrow<ClientConnectorException> { open(ConnectionKey(true, "localhost", peer.port)) }
                    error.message!! shouldContain "the server does not speak HTTP/2"
                }
                peer.awaitNobody()
            }
        }
    })
