package asyncio.internal.http.connect

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.vertx.core.Vertx
import io.vertx.core.http.HttpServerOptions

/** Connections to servers that do as they should. */
class TransportSpec :
    FunSpec({
        val vertx = Vertx.vertx()
        val certificate = TestCertificate.of("dns:localhost,ip:127.0.0.1")
        val trusting = TlsBuilder().trust(certificate.pem).build()
        val plain = Rig.serve(vertx) { it.response().end("${it.version()} ${it.path()}") }
        val tlsOptions = HttpServerOptions().setSsl(true).setUseAlpn(true).setKeyCertOptions(certificate.forVertx())
        val tls = Rig.serve(vertx, tlsOptions) { it.response().end("${it.version()} ${it.path()}") }
        afterSpec { vertx.close() }

        test("HTTP/1.1 without TLS") {
            Rig.run {
                val connection = open(ConnectionKey(false, "127.0.0.1", plain))
                connection.isMultiplexed shouldBe false
                get(connection, "/a") shouldBe "HTTP_1_1 /a"
                get(connection, "/b") shouldBe "HTTP_1_1 /b"
                connection.close()
            }
        }

        test("HTTP/2 if both sides want it") {
            Rig.run(ConnectorSettings(tls = trusting)) {
                val connection = open(ConnectionKey(true, "localhost", tls))
                connection.isMultiplexed shouldBe true
                get(connection, "/a") shouldBe "HTTP_2 /a"
                connection.close()
            }
        }

        test("HTTP/1.1 in TLS for those who do not want HTTP/2, and for WebSockets") {
            Rig.run(ConnectorSettings(tls = trusting, http2 = false)) {
                val connection = open(ConnectionKey(true, "localhost", tls))
                connection.isMultiplexed shouldBe false
                get(connection, "/a") shouldBe "HTTP_1_1 /a"
                connection.close()
            }
            Rig.run(ConnectorSettings(tls = trusting)) {
                val connection = open(ConnectionKey(true, "localhost", tls, webSocket = true))
                get(connection, "/a") shouldBe "HTTP_1_1 /a"
                connection.close()
            }
        }
    })
