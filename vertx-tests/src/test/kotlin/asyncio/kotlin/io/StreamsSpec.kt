package asyncio.kotlin.io

import asyncio.Asyncio
import asyncio.CancelledError
import asyncio.TimeoutException
import asyncio.io.AddressFamily
import asyncio.io.ConnectOptions
import asyncio.io.ServerOptions
import asyncio.kotlin.await
import asyncio.kotlin.createTask
import asyncio.kotlin.iterator
import asyncio.kotlin.runAsyncio
import asyncio.kotlin.timeout
import asyncio.kotlin.use
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContain
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope
import java.net.InetAddress
import java.net.InetSocketAddress
import java.nio.file.Files
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds
import java.time.Duration as JavaDuration

/** Streams, servers, datagrams and names for suspend functions. */
class StreamsSpec :
    FunSpec({
        test("a server of suspend functions serves clients of suspend functions") {
            runAsyncio {
                startServer("127.0.0.1", 0) { reader, writer ->
                    for (line in reader.textLines()) {
                        writer.write("${line.uppercase()}\n")
                        await(writer.drain())
                    }
                    writer.close()
                }.use { server ->
                    val (reader, writer) = openConnection("127.0.0.1", server.port())
                    writer.write("one\ntwo\r\n\nlast")
                    writer.writeEof()
                    val lines = ArrayList<String>()
                    for (line in reader.textLines()) lines += line
                    lines shouldBe listOf("ONE", "TWO", "", "LAST")
                    writer.use { }
                }
            }
        }

        test("clients that kotlinx launches are served at once") {
            runAsyncio {
                startServer("127.0.0.1", 0) { reader, writer ->
                    writer.write(await(reader.read()))
                    writer.close()
                }.use { server ->
                    val answers =
                        coroutineScope {
                            List(20) { number ->
                                async {
                                    openConnection("127.0.0.1", server.port()).use { connection ->
                                        connection.writer().write("number $number")
                                        connection.writer().writeEof()
                                        await(connection.reader().read()).decodeToString()
                                    }
                                }
                            }.awaitAll()
                        }
                    answers shouldBe List(20) { "number $it" }
                }
            }
        }

        test("a timeout ends a read and takes nothing") {
            runAsyncio {
                startServer("127.0.0.1", 0) { reader, writer ->
                    writer.write("first")
                    await(reader.readline())
                    writer.write(" second")
                    writer.close()
                }.use { server ->
                    openConnection("127.0.0.1", server.port()).use { connection ->
                        shouldThrow<TimeoutException> {
                            timeout(30.milliseconds) { await(connection.reader().readexactly(12)) }
                        }
                        connection.writer().write("\n")
                        await(connection.reader().readexactly(12)).decodeToString() shouldBe "first second"
                    }
                }
            }
        }

        test("a Unix domain socket") {
            val folder = Files.createTempDirectory("streams")
            val path = folder.resolve("socket")
            runAsyncio {
                startUnixServer(path) { reader, writer ->
                    writer.write(await(reader.readline()))
                    writer.close()
                }.use {
                    openUnixConnection(path).use { connection ->
                        connection.writer().write("by path\n")
                        await(connection.reader().read()).decodeToString() shouldBe "by path\n"
                    }
                }
            }
            Files.list(folder).use { it.toList() }.shouldBeEmpty()
        }

        test("a serving task that is cancelled closes its server") {
            runAsyncio {
                val server = startServer("127.0.0.1", 0, ServerOptions.NONE.withStartServing(false)) { _, _ -> }
                val serving = createTask { await(server.serveForever()) }
                while (!server.isServing) await(Asyncio.sleep(JavaDuration.ZERO))
                serving.cancel()
                shouldThrow<CancelledError> { await(serving) }
                server.sockets().shouldBeEmpty()
            }
        }

        test("datagrams") {
            runAsyncio {
                openDatagrams(local = InetSocketAddress("127.0.0.1", 0)).use { server ->
                    openDatagrams(remote = server.localAddress()).use { client ->
                        await(client.send("ping".encodeToByteArray()))
                        val ping = await(server.receive())
                        await(server.send("pong".encodeToByteArray(), ping.address()))
                        await(client.receive()).data().decodeToString() shouldBe "pong"
                    }
                }
            }
        }

        test("names") {
            runAsyncio {
                val addresses = getaddrinfo("localhost", 80, AddressFamily.IPV4)
                addresses shouldContain InetSocketAddress(InetAddress.getByAddress(byteArrayOf(127, 0, 0, 1)), 80)
                getaddrinfo(null, 1).isEmpty() shouldBe false
                getnameinfo(InetAddress.getByAddress(byteArrayOf(127, 0, 0, 1))) shouldBe "localhost"
            }
        }

        test("durations are Kotlin's") {
            val options =
                ConnectOptions.NONE
                    .withHappyEyeballsDelay(250.milliseconds)
                    .withSslHandshakeTimeout(5.seconds)
                    .withSslShutdownTimeout(1.seconds)
            options.happyEyeballsDelay() shouldBe JavaDuration.ofMillis(250)
            options.sslHandshakeTimeout() shouldBe JavaDuration.ofSeconds(5)
            options.sslShutdownTimeout() shouldBe JavaDuration.ofSeconds(1)
            options.withHappyEyeballsDelay(null as Duration?).happyEyeballsDelay() shouldBe null
        }
    })
