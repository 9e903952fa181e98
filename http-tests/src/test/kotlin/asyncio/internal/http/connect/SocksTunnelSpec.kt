package asyncio.internal.http.connect

import asyncio.CancelledError
import asyncio.Coroutine
import asyncio.http.AddressFamily
import asyncio.http.ClientConnectorDnsException
import asyncio.http.ClientProxyConnectionException
import asyncio.http.Proxy
import asyncio.http.Resolver
import asyncio.kotlin.await
import asyncio.kotlin.coroutine
import asyncio.kotlin.createTask
import asyncio.kotlin.toThread
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.vertx.core.Vertx
import io.vertx.core.http.HttpServerOptions
import java.net.InetAddress
import java.net.Socket
import java.net.UnknownHostException
import java.util.HexFormat

/** SOCKS proxies. Expected bytes are written by hand from the protocols' texts. */
class SocksTunnelSpec :
    FunSpec({
        val vertx = Vertx.vertx()
        val certificate = TestCertificate.of("dns:localhost,ip:127.0.0.1")
        val tls = TlsBuilder().trust(certificate.pem).build()
        val plain = Rig.serve(vertx) { it.response().end("${it.version()} ${it.path()}") }
        val secret =
            Rig.serve(
                vertx,
                HttpServerOptions().setSsl(true).setUseAlpn(true).setKeyCertOptions(certificate.forVertx()),
            ) { it.response().end("${it.version()} ${it.path()}") }
        afterSpec { vertx.close() }

        fun hex(text: String): ByteArray = HexFormat.of().parseHex(text.replace(" ", ""))

        /** What is to come, and what to answer. */
        class Talk(
            vararg val lines: Pair<String, String>,
        )

        fun talk(
            socket: Socket,
            talk: Talk,
        ) {
            for ((expected, answer) in talk.lines) {
                val bytes = socket.getInputStream().readNBytes(hex(expected).size)
                HexFormat.of().formatHex(bytes) shouldBe expected.replace(" ", "")
                socket.getOutputStream().write(hex(answer))
            }
        }

        fun port(port: Int) = "%04x".format(port)

        val somewhere =
            object : Resolver {
                override fun resolve(
                    host: String,
                    port: Int,
                    family: AddressFamily,
                ): Coroutine<List<InetAddress>> =
                    coroutine {
                        if (host == "unknown.example") throw UnknownHostException("not known")
                        if (host == "six.example") {
                            listOf(InetAddress.getByName("fd00::1"))
                        } else {
                            listOf(InetAddress.getByName("10.1.2.3"), InetAddress.getByName("fd00::1"))
                        }
                    }
            }
        val settings = ConnectorSettings(resolver = somewhere, tls = tls)

        /** Connects to [host], port [target], by a proxy that holds this [talk]. */
        fun works(
            scheme: String,
            user: String,
            host: String,
            target: Int,
            talk: Talk,
        ) {
            Peer { socket ->
                talk(socket, talk)
                pipe(socket, target)
            }.use { peer ->
                Rig.run(settings) {
                    val proxy = Proxy.of("$scheme://${user}127.0.0.1:${peer.port}")
                    val connection = open(ConnectionKey(target == secret, host, target, proxy = proxy))
                    get(connection, "/a") shouldBe if (target == secret) "HTTP_2 /a" else "HTTP_1_1 /a"
                    connection.close()
                }
                peer.awaitNobody()
            }
        }

        fun fails(
            scheme: String,
            host: String,
            talk: Talk,
            why: String,
        ) {
            Peer { socket -> talk(socket, talk) }.use { peer ->
                Rig.run(settings) {
                    val proxy = Proxy.of("$scheme://127.0.0.1:${peer.port}")
                    val used = if ("auth" in why) proxy.withAuth("me", "secret") else proxy
                    val error =
                        shouldThrow<ClientProxyConnectionException> {
                            open(
                                ConnectionKey(false, host, 80, proxy = used),
                            )
                        }
                    error.port() shouldBe peer.port
                    error.message!! shouldContain why.removePrefix("auth")
                }
                peer.awaitNobody()
            }
        }

        val port = port(plain)
        val noAuth = "050100" to "0500"
        val granted = "05000001 00000000 0000"
        val granted4 = "005a 0000 00000000"
        val unknownHex = "756e6b6e6f776e2e6578616d706c65"
        val wantsPassword = "05020002" to "0502"
        val password = "01 026d65 06736563726574"

        test("SOCKS 5 resolves here") {
            works("socks5", "", "a.example", plain, Talk(noAuth, "05010001 0a010203 $port" to granted))
            val grantedTo6 = "05000004 00000000000000000000000000000000 0000"
            val six = "fd000000000000000000000000000001"
            works("socks5", "", "six.example", plain, Talk(noAuth, "05010004 $six $port" to grantedTo6))
            works("socks5", "", "127.0.0.1", plain, Talk(noAuth, "05010001 7f000001 $port" to "05000003 03616263 0000"))
        }

        test("SOCKS 5h lets the proxy resolve") {
            val named = "05010003 0f $unknownHex $port" to granted
            works("socks5h", "", "unknown.example", plain, Talk(noAuth, named))
            works("socks5h", "", "127.0.0.1", plain, Talk(noAuth, "05010001 7f000001 $port" to granted))
            val six = "00000000000000000000000000000001"
            works("socks5h", "", "::1", plain, Talk(noAuth, "05010004 $six $port" to granted))
        }

        test("SOCKS 5 with user and password") {
            val request = "05010001 0a010203 $port" to granted
            works("socks5", "me:secret@", "a.example", plain, Talk(wantsPassword, password to "0100", request))
            works("socks5", "me:secret@", "a.example", plain, Talk("05020002" to "0500", request))
            works("socks5", "me@", "a.example", plain, Talk(wantsPassword, "01 026d65 00" to "0100", request))
        }

        test("SOCKS 4 and 4a") {
            works("socks4", "", "a.example", plain, Talk("0401 $port 0a010203 00" to granted4))
            works("socks4", "me@", "127.0.0.1", plain, Talk("0401 $port 7f000001 6d6500" to granted4))
            val named = "0401 $port 00000001 00 $unknownHex 00" to granted4
            works("socks4a", "", "unknown.example", plain, Talk(named))
            works("socks4a", "", "127.0.0.1", plain, Talk("0401 $port 7f000001 00" to granted4))
        }

        test("TLS and HTTP/2 through SOCKS") {
            val request = "05010003 09 6c6f63616c686f7374 ${port(secret)}"
            works("socks5h", "", "localhost", secret, Talk(noAuth, request to granted))
        }

        test("what the proxy refuses") {
            val request = "05010001 0a010203 0050"
            fails("socks5", "a.example", Talk("050100" to "05ff"), "it wants a user and a password")
            fails("socks5", "a.example", Talk("05020002" to "05ff"), "authit takes no user and password")
            fails("socks5", "a.example", Talk("050100" to "0502"), "it wants a user and a password")
            fails("socks5", "a.example", Talk(wantsPassword, password to "0101"), "authit refused user")
            val reasons = listOf("failed", "rules", "network", "host cannot", "refused", "TTL", "CONNECT", "address")
            for ((code, why) in reasons.withIndex().associate { "0${it.index + 1}" to it.value } + ("63" to "99")) {
                withClue(code) { fails("socks5", "a.example", Talk(noAuth, request to "05$code"), why) }
            }
            for (code in listOf("5b", "5c", "5d", "00")) {
                fails("socks4", "a.example", Talk("0401 0050 0a010203 00" to "00$code 0000 00000000"), "it answered")
            }
            fails("socks4", "six.example", Talk(), "IPv4 addresses only")
            fails("socks4a", "::1", Talk(), "IPv4 addresses only")
            fails("socks5h", "a.".repeat(130) + "example", Talk(noAuth), "too long")
        }

        test("what is no SOCKS") {
            fails("socks5", "a.example", Talk("050100" to "485454502f312e31"), "its answer is not SOCKS 5")
            fails("socks5", "a.example", Talk(noAuth, "0501" to "04000001"), "its answer is not SOCKS 5")
            fails("socks5", "a.example", Talk(noAuth, "0501" to "05000009"), "its answer is not SOCKS 5")
            fails("socks4", "a.example", Talk("0401" to "485454502f312e31"), "its answer is not SOCKS 4")
        }

        test("a proxy that closes the connection after each byte") {
            val answers = listOf("0500", "05000001 00000000 0000")
            val length = hex(answers.joinToString("")).size
            for (end in 0 until length) {
                Peer { socket ->
                    socket.getInputStream().readNBytes(3)
                    socket.getOutputStream().write(hex(answers[0]).take(end).toByteArray())
                    if (end >= 2) {
                        socket.getInputStream().readNBytes(10)
                        socket.getOutputStream().write(hex(answers[1]).take(end - 2).toByteArray())
                    }
                    socket.close()
                }.use { peer ->
                    Rig.run(settings) {
                        val proxy = Proxy.of("socks5://127.0.0.1:${peer.port}")
                        withClue(end) {
                            shouldThrow<ClientProxyConnectionException> {
                                open(ConnectionKey(false, "a.example", 80, proxy = proxy))
                            }.message!! shouldContain "the other side closed the connection"
                        }
                    }
                }
            }
        }

        test("a host that cannot be resolved, and a proxy that says nothing") {
            Peer { }.use { peer ->
                Rig.run(settings) {
                    val proxy = Proxy.of("socks5://127.0.0.1:${peer.port}")
                    shouldThrow<ClientConnectorDnsException> {
                        open(ConnectionKey(false, "unknown.example", 80, proxy = proxy))
                    }.host() shouldBe "unknown.example"
                    val task = createTask { open(ConnectionKey(false, "a.example", 80, proxy = proxy)) }
                    toThread { peer.awaitConnection() }
                    task.cancel()
                    shouldThrow<CancelledError> { await(task) }
                }
                peer.awaitNobody()
            }
        }
    })
