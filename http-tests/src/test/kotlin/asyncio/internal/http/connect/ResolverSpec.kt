package asyncio.internal.http.connect

import asyncio.CancelledError
import asyncio.http.AddressFamily
import asyncio.http.Resolver
import asyncio.kotlin.await
import asyncio.kotlin.createTask
import asyncio.kotlin.runAsyncio
import asyncio.kotlin.sleep
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import java.io.ByteArrayOutputStream
import java.net.DatagramPacket
import java.net.DatagramSocket
import java.net.InetAddress
import java.net.InetSocketAddress
import java.net.UnknownHostException
import kotlin.time.Duration.Companion.milliseconds

/** The resolver that asks name servers itself. */
class ResolverSpec :
    FunSpec({
        /** A name server that knows a few names; null is no answer at all. */
        class NameServer(
            private val answer: (name: String, type: Int) -> List<ByteArray>?,
        ) : AutoCloseable {
            private val socket = DatagramSocket(0, InetAddress.getByName("127.0.0.1"))
            val address = InetSocketAddress("127.0.0.1", socket.localPort)

            init {
                Thread {
                    runCatching { while (true) serve() }
                }.apply { isDaemon = true }.start()
            }

            private fun serve() {
                val packet = DatagramPacket(ByteArray(512), 512)
                socket.receive(packet)
                val query = packet.data.copyOf(packet.length)
                var at = 12
                val labels = ArrayList<String>()
                while (query[at] > 0) {
                    labels.add(String(query, at + 1, query[at].toInt()))
                    at += query[at] + 1
                }
                val type = query[at + 2].toInt()
                val name = labels.joinToString(".")
                val records = answer(name, type) ?: return
                val known = name == "known.example"
                val reply = ByteArrayOutputStream()
                reply.write(query, 0, 2)
                reply.writeBytes(byteArrayOf(0x81.toByte(), if (known) 0x80.toByte() else 0x83.toByte()))
                reply.writeBytes(byteArrayOf(0, 1, 0, records.size.toByte(), 0, 0, 0, 0))
                reply.write(query, 12, at + 5 - 12)
                for (record in records) {
                    reply.writeBytes(byteArrayOf(0xC0.toByte(), 12, 0, type.toByte(), 0, 1, 0, 0, 0, 60))
                    reply.writeBytes(byteArrayOf(0, record.size.toByte()))
                    reply.writeBytes(record)
                }
                socket.send(DatagramPacket(reply.toByteArray(), reply.size(), packet.socketAddress))
            }

            override fun close(): Unit = socket.close()
        }

        val six = ByteArray(15) + 1

        fun knowing() =
            NameServer { name, type ->
                when {
                    name != "known.example" -> emptyList()
                    type == 1 -> listOf(byteArrayOf(10, 0, 0, 1), byteArrayOf(10, 0, 0, 2))
                    else -> listOf(six)
                }
            }

        suspend fun Resolver.find(
            host: String,
            family: AddressFamily = AddressFamily.ANY,
        ) = await(resolve(host, 80, family)).map { it.hostAddress }

        test("both kinds of addresses, or one") {
            knowing().use { server ->
                val resolver = Resolver.ofNameServers(listOf(server.address))
                runAsyncio {
                    resolver.find("known.example") shouldBe listOf("10.0.0.1", "10.0.0.2", "0:0:0:0:0:0:0:1")
                    resolver.find("known.example", AddressFamily.IPV4) shouldBe listOf("10.0.0.1", "10.0.0.2")
                    resolver.find("known.example", AddressFamily.IPV6) shouldBe listOf("0:0:0:0:0:0:0:1")
                    shouldThrow<UnknownHostException> { resolver.find("unknown.example") }
                }
            }
        }

        test("a look-up that is cancelled, and a server without an answer") {
            NameServer { _, _ -> null }.use { silent ->
                val resolver = Resolver.ofNameServers(listOf(silent.address))
                runAsyncio {
                    val task = createTask { resolver.find("known.example") }
                    sleep(50.milliseconds)
                    task.cancel()
                    shouldThrow<CancelledError> { await(task) }
                }
            }
        }

        test("no name servers") {
            shouldThrow<IllegalArgumentException> { Resolver.ofNameServers(emptyList()) }
            shouldThrow<IllegalArgumentException> {
                Resolver.ofNameServers(listOf(InetSocketAddress.createUnresolved("a.example", 53)))
            }
        }
    })
