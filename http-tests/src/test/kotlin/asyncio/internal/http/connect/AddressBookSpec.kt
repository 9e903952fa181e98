package asyncio.internal.http.connect

import asyncio.Asyncio
import asyncio.CancelledError
import asyncio.Coroutine
import asyncio.Event
import asyncio.http.AddressFamily
import asyncio.http.ClientConnectionException
import asyncio.http.ClientConnectorDnsException
import asyncio.http.Resolver
import asyncio.internal.run.EventLoopImpl
import asyncio.internal.testing.VirtualLoop
import asyncio.kotlin.await
import asyncio.kotlin.coroutine
import asyncio.kotlin.createTask
import asyncio.kotlin.sleep
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import java.net.InetAddress
import java.net.UnknownHostException
import kotlin.time.Duration.Companion.milliseconds
import java.time.Duration as JavaDuration

class AddressBookSpec :
    FunSpec({
        fun ip(text: String) = InetAddress.getByName(text)

        fun virtually(main: suspend () -> Unit) = VirtualLoop().use { it.runUntilComplete(coroutine(main)) }

        /** Gives what it is told to, once [gate] is open. */
        class Fake(
            var answer: List<String> = listOf("10.0.0.1"),
        ) : Resolver {
            val asked = ArrayList<String>()
            var gate: Event? = null
            var failure: Exception? = null
            var closed = false

            override fun resolve(
                host: String,
                port: Int,
                family: AddressFamily,
            ): Coroutine<List<InetAddress>> =
                coroutine {
                    asked.add("$host:$port")
                    gate?.let { await(it.waitSet()) }
                    failure?.let { throw it }
                    answer.map(::ip)
                }

            override fun close() {
                closed = true
            }
        }

        class Log : ConnectListener {
            val said = ArrayList<String>()

            override fun cacheHit(host: String) {
                said.add("hit")
            }

            override fun cacheMiss(host: String) {
                said.add("miss")
            }

            override fun dnsStart(host: String) {
                said.add("start")
            }

            override fun dnsEnd(host: String) {
                said.add("end")
            }
        }

        fun book(settings: ConnectorSettings) = AddressBook(Asyncio.getRunningLoop() as EventLoopImpl, settings)

        suspend fun AddressBook.find(
            host: String = "a.example",
            port: Int = 80,
        ) = find(host, port, null).map { it.hostAddress }

        test("an answer is kept for its time, on the loop's clock") {
            val fake = Fake()
            virtually {
                val book = book(ConnectorSettings(resolver = fake, ttlDnsCache = JavaDuration.ofSeconds(10)))
                repeat(3) { book.find() }
                fake.asked shouldBe listOf("a.example:80")
                sleep(9999.milliseconds)
                book.find()
                fake.asked.size shouldBe 1
                sleep(1.milliseconds)
                book.find()
                fake.asked.size shouldBe 2
                book.find(port = 81)
                fake.asked.size shouldBe 3
            }
        }

        test("null keeps it for ever, and clearing forgets it") {
            val fake = Fake()
            virtually {
                val book = book(ConnectorSettings(resolver = fake, ttlDnsCache = null))
                book.find("a.example")
                book.find("b.example")
                book.clear("a.example", 81)
                book.find("a.example")
                fake.asked.size shouldBe 2
                book.clear("a.example", 80)
                book.find("a.example")
                book.find("b.example")
                fake.asked.size shouldBe 3
                book.clear()
                book.find("a.example")
                book.find("b.example")
                fake.asked.size shouldBe 5
            }
        }

        test("each time another address is the first one") {
            val fake = Fake(listOf("10.0.0.1", "10.0.0.2", "10.0.0.3"))
            virtually {
                val book = book(ConnectorSettings(resolver = fake))
                List(4) { book.find().joinToString(" ") { it.removePrefix("10.0.0.") } } shouldBe
                    listOf("1 2 3", "2 3 1", "3 1 2", "1 2 3")
            }
        }

        test("the host asked for longest ago goes first") {
            val fake = Fake()
            virtually {
                val book = book(ConnectorSettings(resolver = fake, dnsCacheMaxSize = 2))
                for (host in listOf("a", "b", "a", "c", "a")) book.find(host)
                fake.asked shouldBe listOf("a:80", "b:80", "c:80")
                book.find("b")
                fake.asked.size shouldBe 4
            }
        }

        test("many wait for one look-up, and cancelling one of them does not cancel it") {
            val fake = Fake()
            virtually {
                fake.gate = Event.create()
                val book = book(ConnectorSettings(resolver = fake))
                val first = createTask { book.find() }
                val second = createTask { book.find() }
                sleep(1.milliseconds)
                first.cancel()
                shouldThrow<CancelledError> { await(first) }
                fake.gate!!.set()
                await(second) shouldBe listOf("10.0.0.1")
                book.find()
                fake.asked.size shouldBe 1
            }
        }

        test("a look-up that nobody waits for any more still fills the cache") {
            val fake = Fake()
            virtually {
                fake.gate = Event.create()
                val book = book(ConnectorSettings(resolver = fake))
                val task = createTask { book.find() }
                sleep(1.milliseconds)
                task.cancel()
                shouldThrow<CancelledError> { await(task) }
                fake.gate!!.set()
                sleep(1.milliseconds)
                book.find()
                fake.asked.size shouldBe 1
                Asyncio.allTasks().size shouldBe 1
            }
        }

        test("failures are told to all who wait, and are not kept") {
            val fake = Fake()
            virtually {
                fake.gate = Event.create()
                fake.failure = UnknownHostException("no such host")
                val book = book(ConnectorSettings(resolver = fake))
                val tasks = List(2) { createTask { book.find() } }
                sleep(1.milliseconds)
                fake.gate!!.set()
                for (task in tasks) {
                    val error = shouldThrow<ClientConnectorDnsException> { await(task) }
                    error.host() shouldBe "a.example"
                    error.port() shouldBe 80
                    error.cause shouldBe fake.failure
                }
                fake.failure = null
                book.find() shouldBe listOf("10.0.0.1")
                fake.asked.size shouldBe 2
            }
        }

        test("a failure that nobody waits for is reported to nobody") {
            val fake = Fake()
            val reports = ArrayList<String>()
            virtually {
                Asyncio.getRunningLoop().setExceptionHandler { _, context -> reports.add(context.toString()) }
                fake.gate = Event.create()
                fake.failure = UnknownHostException("no such host")
                val book = book(ConnectorSettings(resolver = fake))
                val task = createTask { book.find() }
                sleep(1.milliseconds)
                task.cancel()
                shouldThrow<CancelledError> { await(task) }
                fake.gate!!.set()
                sleep(1.milliseconds)
            }
            reports shouldBe emptyList()
        }

        test("no address is a failure, and so is one of the wrong family") {
            virtually {
                val fake = Fake(emptyList())
                shouldThrow<ClientConnectorDnsException> { book(ConnectorSettings(resolver = fake)).find() }
                fake.answer = listOf("10.0.0.1")
                val six = book(ConnectorSettings(resolver = fake, family = AddressFamily.IPV6))
                shouldThrow<ClientConnectorDnsException> { six.find() }
                shouldThrow<ClientConnectorDnsException> { six.find("127.0.0.1") }
                fake.answer = listOf("10.0.0.1", "::1")
                six.find() shouldBe listOf("0:0:0:0:0:0:0:1")
            }
        }

        test("an IP address is not looked up") {
            val fake = Fake()
            val log = Log()
            virtually {
                val book = book(ConnectorSettings(resolver = fake))
                book.find("127.0.0.1", 80, log).map { it.hostAddress } shouldBe listOf("127.0.0.1")
                book.find("::1", 80, log).map { it.hostAddress } shouldBe listOf("0:0:0:0:0:0:0:1")
            }
            fake.asked shouldBe emptyList()
            log.said shouldBe emptyList()
        }

        test("the listener hears of it") {
            val fake = Fake()
            val log = Log()
            val other = Log()
            virtually {
                fake.gate = Event.create()
                val book = book(ConnectorSettings(resolver = fake))
                val first = createTask { book.find("a", 80, log) }
                val second = createTask { book.find("a", 80, other) }
                sleep(1.milliseconds)
                log.said shouldBe listOf("miss", "start")
                fake.gate!!.set()
                await(first)
                await(second)
                log.said shouldBe listOf("miss", "start", "end")
                other.said shouldBe listOf("hit")
                book.find("a", 80, log)
                log.said shouldBe listOf("miss", "start", "end", "hit")
            }
        }

        test("without a cache everybody looks up alone") {
            val fake = Fake()
            val log = Log()
            virtually {
                fake.gate = Event.create()
                val book = book(ConnectorSettings(resolver = fake, useDnsCache = false))
                val tasks = List(2) { createTask { book.find("a", 80, log) } }
                sleep(1.milliseconds)
                fake.asked.size shouldBe 2
                tasks[0].cancel()
                shouldThrow<CancelledError> { await(tasks[0]) }
                fake.gate!!.set()
                await(tasks[1])
                log.said shouldBe listOf("start", "start", "end")
                sleep(1.milliseconds)
                Asyncio.allTasks().size shouldBe 1
            }
        }

        test("closing ends look-ups, and closes the resolver") {
            val fake = Fake()
            virtually {
                fake.gate = Event.create()
                val book = book(ConnectorSettings(resolver = fake))
                val task = createTask { book.find() }
                sleep(1.milliseconds)
                book.close()
                shouldThrow<ClientConnectionException> { await(task) }.message shouldBe
                    "Cannot connect to a.example: the connector was closed"
                fake.closed shouldBe true
                sleep(1.milliseconds)
                Asyncio.allTasks().size shouldBe 1
            }
        }

        test("the system's resolver knows this machine") {
            asyncio.kotlin.runAsyncio {
                val book = book(ConnectorSettings(family = AddressFamily.IPV4))
                book.find("localhost") shouldBe listOf("127.0.0.1")
                shouldThrow<ClientConnectorDnsException> { book.find("no-such-host.invalid") }
            }
        }
    })
