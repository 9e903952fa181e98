package asyncio.internal.http.connect

import asyncio.CancelledError
import asyncio.http.ClientConnectorCertificateException
import asyncio.http.ClientConnectorSslException
import asyncio.http.ClientTimeout
import asyncio.http.ConnectionTimeoutException
import asyncio.http.ServerFingerprintMismatchException
import asyncio.http.Tls
import asyncio.kotlin.await
import asyncio.kotlin.createTask
import asyncio.kotlin.toThread
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.vertx.core.Vertx
import io.vertx.core.http.ClientAuth
import io.vertx.core.http.HttpServerOptions
import java.net.InetAddress
import java.nio.file.Files
import java.time.Duration
import java.util.concurrent.CopyOnWriteArrayList

/** Whom a connection trusts, and what becomes of it if not. */
class TlsSpec :
    FunSpec({
        val vertx = Vertx.vertx()
        val local = TestCertificate.of("dns:localhost,ip:127.0.0.1")
        val other = TestCertificate.of("dns:other.example")
        val trusting = TlsBuilder().trust(local.pem).trust(other.pem).build()

        fun options(certificate: TestCertificate) =
            HttpServerOptions().setSsl(true).setUseAlpn(true).setKeyCertOptions(certificate.forVertx())

        val names = CopyOnWriteArrayList<String>()
        val localPort =
            Rig.serve(vertx, options(local)) {
                names.add(it.connection().indicatedServerName() ?: "none")
                it.response().end("ok")
            }
        val otherPort = Rig.serve(vertx, options(other)) { it.response().end("ok") }
        val sniPort =
            Rig.serve(vertx, options(local).setSni(true)) {
                it.response().end(it.connection().indicatedServerName() ?: "none")
            }
        val mutualPort =
            Rig.serve(
                vertx,
                options(local)
                    .setClientAuth(ClientAuth.REQUIRED)
                    .setTrustOptions(
                        io.vertx.core.net
                            .PemTrustOptions()
                            .addCertPath(other.pem.toString()),
                    ),
            ) { it.response().end("ok") }
        afterSpec { vertx.close() }

        suspend fun Rig.works(
            host: String,
            port: Int,
            tls: Tls,
            serverName: String? = null,
        ): String {
            val connection = open(ConnectionKey(true, host, port, tls, serverName))
            return get(connection, "/").also { connection.close() }
        }

        test("a certificate is for the host of the URL, not for the address that is connected to") {
            Rig.run {
                works("localhost", localPort, trusting) shouldBe "ok"
                works("127.0.0.1", localPort, trusting) shouldBe "ok"
                val error = shouldThrow<ClientConnectorCertificateException> { works("localhost", otherPort, trusting) }
                error.host() shouldBe "localhost"
                error.port() shouldBe otherPort
                error.message!! shouldContain "The certificate of localhost:$otherPort was refused: "
                shouldThrow<ClientConnectorCertificateException> { works("127.0.0.1", otherPort, trusting) }
            }
        }

        test("a certificate that nobody vouches for") {
            Rig.run {
                shouldThrow<ClientConnectorCertificateException> { works("localhost", localPort, TlsImpl.SYSTEM) }
                works("localhost", localPort, TlsImpl.INSECURE) shouldBe "ok"
                works("localhost", otherPort, TlsImpl.INSECURE) shouldBe "ok"
            }
        }

        test("the name of the server, of a request or of the settings") {
            val named = TlsBuilder().trust(other.pem).serverName("other.example").build()
            Rig.run {
                works("localhost", otherPort, trusting, "other.example") shouldBe "ok"
                works("localhost", otherPort, named) shouldBe "ok"
                shouldThrow<ClientConnectorCertificateException> {
                    works("localhost", localPort, trusting, "other.example")
                }
                works("localhost", sniPort, trusting) shouldBe "localhost"
                works("127.0.0.1", sniPort, trusting) shouldBe "none"
            }
        }

        test("a pinned certificate") {
            val pinned = TlsBuilder().trust(local.pem).fingerprint(local.sha256).build()
            val only = TlsBuilder().verify(false).fingerprint(other.sha256).build()
            Rig.run {
                works("localhost", localPort, pinned) shouldBe "ok"
                works("localhost", otherPort, only) shouldBe "ok"
                val error = shouldThrow<ServerFingerprintMismatchException> { works("localhost", localPort, only) }
                error.expected() shouldBe other.sha256
                error.got() shouldBe local.sha256
                error.host() shouldBe "localhost"
                error.port() shouldBe localPort
            }
        }

        test("nothing is sent to a server with another certificate than the pinned one") {
            val context = local.sslContext()
            val listener = context.serverSocketFactory.createServerSocket(0, 50, InetAddress.getByName("127.0.0.1"))
            val read = CopyOnWriteArrayList<Int>()
            Peer(listener) { socket ->
                read.add(runCatching { socket.getInputStream().read() }.getOrDefault(-1))
            }.use { peer ->
                Rig.run {
                    val only = TlsBuilder().verify(false).fingerprint(other.sha256).build()
                    shouldThrow<ServerFingerprintMismatchException> { works("localhost", peer.port, only) }
                }
                peer.awaitNobody()
                read shouldBe listOf(-1)
            }
        }

        test("a client's certificate, as PEM and as a key store") {
            val pem = TlsBuilder().trust(local.pem).certificate(other.pem, other.pemKey).build()
            val store =
                TlsBuilder()
                    .trust(local.keyStore, TestCertificate.PASSWORD.toCharArray())
                    .certificate(other.keyStore, TestCertificate.PASSWORD.toCharArray())
                    .build()
            Rig.run(ConnectorSettings(http2 = false)) {
                works("localhost", mutualPort, pem) shouldBe "ok"
                works("localhost", mutualPort, store) shouldBe "ok"
                // In TLS 1.3 the server refuses after the client's handshake has ended.
                shouldThrow<Exception> { works("localhost", mutualPort, trusting) }
            }
        }

        test("versions") {
            for (version in listOf("TLSv1.2", "TLSv1.3")) {
                val tls = TlsBuilder().trust(local.pem).protocols(listOf(version)).build()
                Rig.run {
                    val connection = open(ConnectionKey(true, "localhost", localPort, tls))
                    connection.isMultiplexed shouldBe true
                    connection.tls.protocol shouldBe version
                    connection.close()
                }
            }
            val suite = "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"
            val tls =
                TlsBuilder()
                    .trust(local.pem)
                    .protocols(listOf("TLSv1.2"))
                    .ciphers(listOf(suite))
                    .build()
            Rig.run {
                val connection = open(ConnectionKey(true, "localhost", localPort, tls))
                connection.tls.cipherSuite shouldBe suite
                connection.close()
            }
        }

        test("a server that speaks no TLS") {
            Peer { socket -> Peer.send(socket, "HTTP/1.1 400 Bad Request\r\n\r\n") }.use { peer ->
                Rig.run {
                    val error =
                        shouldThrow<ClientConnectorSslException> { open(ConnectionKey(true, "127.0.0.1", peer.port)) }
                    error.message!! shouldContain "Cannot connect to host 127.0.0.1:${peer.port} with TLS: "
                }
                peer.awaitNobody()
            }
        }

        test("a server that closes the connection in the handshake") {
            for (reads in listOf(0, 1, 100)) {
                Peer { socket ->
                    socket.getInputStream().readNBytes(reads)
                    socket.close()
                }.use { peer ->
                    Rig.run {
                        withClue(reads) {
                            val key = ConnectionKey(true, "127.0.0.1", peer.port)
                            shouldThrow<ClientConnectorSslException> { open(key) }
                        }
                    }
                }
            }
        }

        test("a server that says nothing in the handshake") {
            Peer { }.use { peer ->
                Rig.run {
                    val limits = ClientTimeout.NONE.withSockConnect(Duration.ofMillis(200))
                    val key = ConnectionKey(true, "127.0.0.1", peer.port)
                    shouldThrow<ConnectionTimeoutException> { transport.open(key, limits) }
                }
                peer.awaitNobody()
            }
            Peer { }.use { peer ->
                Rig.run {
                    val task = createTask { open(ConnectionKey(true, "127.0.0.1", peer.port)) }
                    toThread { peer.awaitConnection() }
                    task.cancel()
                    shouldThrow<CancelledError> { await(task) }
                }
                peer.awaitNobody()
            }
        }

        test("settings that make no sense") {
            shouldThrow<IllegalArgumentException> { TlsBuilder().fingerprint(ByteArray(20)) }
            shouldThrow<IllegalArgumentException> { TlsBuilder().fingerprint(ByteArray(0)) }
            shouldThrow<IllegalArgumentException> { TlsBuilder().serverName("not a name") }
            shouldThrow<IllegalArgumentException> { TlsBuilder().serverName("") }
            shouldThrow<IllegalArgumentException> { TlsBuilder().protocols(listOf("TLSv9")) }
            shouldThrow<IllegalArgumentException> { TlsBuilder().protocols(emptyList()) }
            shouldThrow<IllegalArgumentException> { TlsBuilder().ciphers(listOf("ROT13")) }
            shouldThrow<IllegalArgumentException> { TlsBuilder().verify(false).trust(local.pem).build() }
            shouldThrow<IllegalArgumentException> { TlsBuilder().trust(local.pemKey) }
            shouldThrow<IllegalArgumentException> { TlsBuilder().certificate(local.pemKey, local.pem) }
            val none = Files.createTempDirectory("asyncio4j").resolve("none.pem")
            shouldThrow<java.io.UncheckedIOException> { TlsBuilder().trust(none) }
            shouldThrow<java.io.UncheckedIOException> { TlsBuilder().certificate(none, none) }
            shouldThrow<java.io.UncheckedIOException> { TlsBuilder().trust(local.keyStore, "wrong".toCharArray()) }
            val own = object : Tls {}
            Rig.run {
                shouldThrow<IllegalArgumentException> { open(ConnectionKey(true, "127.0.0.1", localPort, own)) }
            }
        }
    })
