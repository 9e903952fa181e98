package asyncio.internal.http.connect

import asyncio.CancelledError
import asyncio.Coroutine
import asyncio.http.AddressFamily
import asyncio.http.ClientConnectionException
import asyncio.http.ClientConnectorDnsException
import asyncio.http.ClientConnectorException
import asyncio.http.ClientTimeout
import asyncio.http.ConnectionTimeoutException
import asyncio.http.Resolver
import asyncio.http.UnixClientConnectorException
import asyncio.internal.net.interleaved
import asyncio.kotlin.await
import asyncio.kotlin.coroutine
import asyncio.kotlin.createTask
import asyncio.kotlin.sleep
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.ints.shouldBeLessThan
import io.kotest.matchers.longs.shouldBeLessThan
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import java.net.InetAddress
import java.net.InetSocketAddress
import java.net.ServerSocket
import java.net.Socket
import java.net.StandardProtocolFamily
import java.net.UnixDomainSocketAddress
import java.nio.channels.ServerSocketChannel
import java.nio.file.Files
import java.nio.file.Path
import java.time.Duration
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.TimeUnit
import kotlin.time.Duration.Companion.milliseconds

/** Which sockets are opened, and that none stays open. */
class DialerSpec :
    FunSpec({
        class Fixed(
            vararg addresses: String,
        ) : Resolver {
            val addresses = addresses.map(InetAddress::getByName)

            override fun resolve(
                host: String,
                port: Int,
                family: AddressFamily,
            ): Coroutine<List<InetAddress>> = coroutine { addresses }
        }

        fun answering() =
            Peer { socket ->
                while (Peer
                        .readHead(
                            socket,
                        ).isNotEmpty()
                ) {
                    Peer.send(socket, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
                }
            }

        /** Takes no more connections: those that the system takes before anybody accepts them are used up. */
        class Deaf(
            at: Int = 0,
        ) : AutoCloseable {
            val listener = ServerSocket(at, 1, InetAddress.getByName("127.0.0.2"))
            private val fillers = ArrayList<Socket>()
            val port = listener.localPort

            init {
                repeat(8) {
                    val socket = Socket()
                    fillers.add(socket)
                    runCatching { socket.connect(InetSocketAddress("127.0.0.2", port), 100) }
                }
            }

            override fun close() {
                fillers.forEach(Socket::close)
                listener.close()
            }
        }

        fun key(port: Int) = ConnectionKey(false, "a.example", port)

        /** How many sockets this process has. */
        fun sockets(): Int {
            val folder = Path.of("/proc/self/fd")
            if (!Files.exists(folder)) return 0
            return Files.list(folder).use { files ->
                files
                    .filter {
                        runCatching {
                            Files
                                .readSymbolicLink(
                                    it,
                                ).toString()
                        }.getOrDefault("").startsWith("socket:")
                    }.count()
                    .toInt()
            }
        }

        /** The system closes a socket when the loop's thread has looked at all of them once more. */
        suspend fun awaitSockets(count: Int) {
            repeat(1000) { if (sockets() > count) sleep(5.milliseconds) }
            // Fewer, if those of an earlier test were still to be closed.
            sockets() shouldBeLessThan count + 1
        }

        test("an address that refuses is passed over") {
            answering().use { peer ->
                Rig.run(ConnectorSettings(resolver = Fixed("127.0.0.2", "127.0.0.3", "127.0.0.1"))) {
                    val connection = open(key(peer.port))
                    (connection.channel.remoteAddress() as InetSocketAddress).address.hostAddress shouldBe "127.0.0.1"
                    get(connection, "/") shouldBe "ok"
                    connection.close()
                }
                peer.awaitNobody()
            }
        }

        test("an address that does not answer is not waited for") {
            // The port is chosen at 127.0.0.1, where other programs have theirs.
            val listener = ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"))
            Deaf(listener.localPort).use {
                Peer(listener) { socket ->
                    Peer.readHead(socket)
                    Peer.send(socket, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
                }.use { peer ->
                    val settings =
                        ConnectorSettings(
                            resolver = Fixed("127.0.0.2", "127.0.0.1"),
                            happyEyeballsDelay = Duration.ofMillis(20),
                        )
                    Rig.run(settings) {
                        val before = sockets()
                        val connection = open(key(peer.port))
                        get(connection, "/") shouldBe "ok"
                        // The one that lost is closed.
                        awaitSockets(before + 2)
                        connection.close()
                    }
                    peer.awaitNobody()
                }
            }
        }

        test("without a delay it is waited for, as long as may be") {
            Deaf().use { deaf ->
                answering().use {
                    val settings =
                        ConnectorSettings(resolver = Fixed("127.0.0.2", "127.0.0.1"), happyEyeballsDelay = null)
                    Rig.run(settings) {
                        val before = sockets()
                        val limits = ClientTimeout.NONE.withSockConnect(Duration.ofMillis(300))
                        val error = shouldThrow<ConnectionTimeoutException> { transport.open(key(deaf.port), limits) }
                        error.message shouldBe
                            "Connecting to a.example:${deaf.port} took longer than sockConnect, 300 ms"
                        awaitSockets(before)
                    }
                }
            }
        }

        test("a connect that is cancelled closes its sockets") {
            Deaf().use { deaf ->
                val settings =
                    ConnectorSettings(
                        resolver = Fixed("127.0.0.2", "127.0.0.2"),
                        happyEyeballsDelay = Duration.ofMillis(1),
                    )
                Rig.run(settings) {
                    val before = sockets()
                    val task = createTask { open(key(deaf.port)) }
                    sleep(30.milliseconds)
                    task.cancel()
                    shouldThrow<CancelledError> { await(task) }
                    awaitSockets(before)
                }
            }
        }

        test("if all refuse, all reasons are told") {
            val port = Peer.refusedPort()
            Rig.run(ConnectorSettings(resolver = Fixed("127.0.0.1", "127.0.0.2", "127.0.0.3"))) {
                val error = shouldThrow<ClientConnectorException> { open(key(port)) }
                error.host() shouldBe "a.example"
                error.port() shouldBe port
                error.message!! shouldContain "Cannot connect to host a.example:$port: "
                for (address in listOf("127.0.0.1", "127.0.0.2", "127.0.0.3")) error.message!! shouldContain address
                error.cause!!.suppressed.toList() shouldHaveSize 3
            }
            Rig.run {
                val error = shouldThrow<ClientConnectorException> { open(ConnectionKey(false, "127.0.0.1", port)) }
                error.message!! shouldContain "refused"
                (error is ClientConnectorDnsException) shouldBe false
            }
        }

        test("the families take turns") {
            fun order(
                interleave: Int,
                vararg addresses: String,
            ): List<String> {
                var ordered = emptyList<InetAddress>()
                Rig.run(ConnectorSettings(interleave = interleave)) {
                    ordered = interleaved(addresses.map(InetAddress::getByName), interleave)
                }
                return ordered.map { it.hostAddress.removePrefix("0:0:0:0:0:0:0:").removePrefix("0.0.0.") }
            }
            order(1, "::1", "::2", "::3", "0.0.0.4", "0.0.0.5") shouldBe listOf("1", "4", "2", "5", "3")
            order(1, "0.0.0.4", "::1", "0.0.0.5", "::2") shouldBe listOf("4", "1", "5", "2")
            order(2, "::1", "::2", "::3", "0.0.0.4", "0.0.0.5") shouldBe listOf("1", "2", "4", "3", "5")
            order(9, "::1", "::2", "0.0.0.4") shouldBe listOf("1", "2", "4")
            order(0, "::1", "::2", "::3", "0.0.0.4") shouldBe listOf("1", "2", "3", "4")
            order(1, "::1", "::2") shouldBe listOf("1", "2")
        }

        test("one address after the other within the delay: a failure does not wait for it") {
            answering().use { peer ->
                val settings =
                    ConnectorSettings(
                        resolver = Fixed("127.0.0.2", "127.0.0.1"),
                        happyEyeballsDelay = Duration.ofSeconds(30),
                    )
                Rig.run(settings) {
                    val start = loop.time()
                    open(key(peer.port)).close()
                    (loop.time() - start).toMillis() shouldBeLessThan 20_000L
                }
            }
        }

        test("the local address") {
            val seen = LinkedBlockingQueue<String>()
            Peer { socket -> seen.add(socket.inetAddress.hostAddress) }.use { peer ->
                Rig.run(ConnectorSettings(localAddress = InetSocketAddress("127.0.0.9", 0))) {
                    open(ConnectionKey(false, "127.0.0.1", peer.port)).close()
                }
                seen.poll(20, TimeUnit.SECONDS) shouldBe "127.0.0.9"
                Rig.run(ConnectorSettings(localAddress = InetSocketAddress("192.0.2.1", 0))) {
                    shouldThrow<ClientConnectorException> { open(ConnectionKey(false, "127.0.0.1", peer.port)) }
                }
            }
        }

        test("a Unix domain socket") {
            val path = Files.createTempDirectory("asyncio4j").resolve("s")
            ServerSocketChannel.open(StandardProtocolFamily.UNIX).use { listener ->
                listener.bind(UnixDomainSocketAddress.of(path))
                Thread {
                    listener.accept().use { socket ->
                        val buffer = java.nio.ByteBuffer.allocate(1000)
                        socket.read(buffer)
                        val answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
                        socket.write(java.nio.ByteBuffer.wrap(answer.toByteArray()))
                        buffer.clear()
                        socket.read(buffer)
                    }
                }.apply { isDaemon = true }.start()
                Rig.run(ConnectorSettings(unixSocket = path)) {
                    val connection = open(ConnectionKey(false, "whatever.invalid", 80))
                    get(connection, "/") shouldBe "ok"
                    connection.close()
                }
            }
            Files.delete(path)
            Rig.run(ConnectorSettings(unixSocket = path)) {
                val error = shouldThrow<UnixClientConnectorException> { open(ConnectionKey(false, "a.example", 80)) }
                error.path() shouldBe path.toString()
                error.host() shouldBe "a.example"
                error.message!! shouldContain path.toString()
            }
        }

        test("a closed transport") {
            Rig.run {
                transport.close()
                shouldThrow<ClientConnectionException> { open(ConnectionKey(false, "127.0.0.1", 1)) }
            }
        }
    })
