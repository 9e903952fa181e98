package asyncio.internal.http.sse

import asyncio.http.LineTooLongException
import asyncio.http.ServerSentEvent
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import java.time.Duration

/** Streams of server-sent events, whole and in pieces; what they mean is in section 9.2 of the HTML standard. */
class EventParserSpec :
    FunSpec({
        fun EventParser.all(portions: List<ByteArray>): List<ServerSentEvent> {
            val events = ArrayList<ServerSentEvent>()
            for (portion in portions) {
                feed(portion)
                while (true) events.add(next() ?: break)
            }
            return events
        }

        /** What [stream] means, the same however it is cut in three, or byte by byte. */
        fun parse(stream: ByteArray): List<ServerSentEvent> {
            val expected = EventParser(1000).all(listOf(stream))
            EventParser(1000).all(stream.map { byteArrayOf(it) }) shouldBe expected
            for (first in 0..stream.size) {
                for (second in first..stream.size) {
                    val portions =
                        listOf(
                            stream.copyOf(first),
                            stream.copyOfRange(first, second),
                            stream.copyOfRange(second, stream.size),
                        )
                    Triple(first, second, EventParser(1000).all(portions)) shouldBe Triple(first, second, expected)
                }
            }
            return expected
        }

        fun parse(stream: String) = parse(stream.toByteArray())

        fun message(
            data: String,
            id: String = "",
        ) = ServerSentEvent.of("message", data, id)

        test("lines of data make one event") {
            parse("data: YHOO\ndata: +2\ndata: 10\n\n") shouldContainExactly listOf(message("YHOO\n+2\n10"))
        }

        test("comments, ids and an event that is not complete") {
            parse(
                ": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event",
            ) shouldContainExactly
                listOf(message("first event", "1"), message("second event"))
        }

        test("one space behind the colon does not count") {
            parse("data:test\n\ndata: test\n\ndata:  test\n\n") shouldContainExactly
                listOf(message("test"), message("test"), message(" test"))
        }

        test("empty lines of data are data") {
            parse("data\n\ndata\ndata\n\ndata:\n\ndata:") shouldContainExactly
                listOf(message(""), message("\n"), message(""))
        }

        test("lines end with LF, CR or CRLF, as they like") {
            parse("data:a\r\rdata:b\r\n\r\ndata:c\n\ndata:d\r\n\rdata:e\n\r\ndata:f\r\n\n") shouldContainExactly
                listOf("a", "b", "c", "d", "e", "f").map { message(it) }
        }

        test("an event that ends with CR does not wait for an LF") {
            val parser = EventParser(1000)
            parser.feed("data:a\r\r".toByteArray())
            parser.next() shouldBe message("a")
            parser.feed("\n".toByteArray())
            parser.next() shouldBe null
            parser.feed("data:b\r\r".toByteArray())
            parser.next() shouldBe message("b")
        }

        test("events have types, for that one event") {
            parse(
                "event: add\ndata: 1\n\nevent:\ndata: 2\n\nevent: gone\n\ndata: 3\n\nevent: a\nevent: b\ndata: 4\n\n",
            ) shouldContainExactly
                listOf(ServerSentEvent.of("add", "1", ""), message("2"), message("3"), ServerSentEvent.of("b", "4", ""))
        }

        test("an id stays until there is another, and counts also without data") {
            val parser = EventParser(1000)
            parser.all(listOf("id: 1\ndata: a\n\ndata: b\n\nid: 2\n\n".toByteArray())) shouldContainExactly
                listOf(message("a", "1"), message("b", "1"))
            parser.lastEventId shouldBe "2"
            parser.all(listOf("id: 3\ndata: c".toByteArray())) shouldContainExactly listOf()
            parser.lastEventId shouldBe "2"
        }

        test("an id with NUL in it is none") {
            parse("id: 1\u00002\ndata: a\n\nid: 3\ndata: b\n\nid: \u0000\ndata: c\n\n") shouldContainExactly
                listOf(message("a"), message("b", "3"), message("c", "3"))
        }

        test("a parser goes on with the id of an earlier connection") {
            val parser = EventParser(1000, "7")
            parser.all(listOf("data: a\n\nid\ndata: b\n\n".toByteArray())) shouldContainExactly
                listOf(message("a", "7"), message("b"))
            parser.lastEventId shouldBe ""
        }

        test("retry is a number of milliseconds, or nothing") {
            val values =
                mapOf(
                    "5" to 5L,
                    " 1000" to 1000L,
                    "0" to 0L,
                    "007" to 7L,
                    "" to null,
                    "  5" to null,
                    "5 " to null,
                    "-5" to null,
                    "+5" to null,
                    "5.0" to null,
                    "1e3" to null,
                    "٣" to null,
                    "99999999999999999999999" to Long.MAX_VALUE,
                )
            for ((value, milliseconds) in values) {
                val parser = EventParser(1000)
                parser.all(listOf("retry:$value\n".toByteArray())) shouldContainExactly listOf()
                value to parser.retry shouldBe (value to milliseconds?.let(Duration::ofMillis))
            }
        }

        test("fields that nobody knows, and names in capitals, are passed over") {
            parse("Data: a\nDATA: b\n data: c\ndata : d\nfoo: e\nfoo\ndata: f\n\n") shouldContainExactly
                listOf(message("f"))
        }

        test("a byte order mark at the very beginning does not count, another one does") {
            parse("\uFEFFdata: a\n\n\uFEFFdata: b\n\ndata: c\n\n") shouldContainExactly
                listOf(message("a"), message("c"))
            parse("\uFEFF\uFEFFdata: a\n\n") shouldContainExactly listOf()
            parse("\uFEFF\ndata: a\n\n") shouldContainExactly listOf(message("a"))
        }

        test("characters of several bytes may be cut anywhere") {
            parse("data: Grüße, 日本, 😀\nid: é\n\n") shouldContainExactly listOf(message("Grüße, 日本, 😀", "é"))
        }

        test("malformed UTF-8 becomes U+FFFD") {
            parse("data: a".toByteArray() + byteArrayOf(0xC3.toByte()) + "b\n\n".toByteArray()) shouldContainExactly
                listOf(message("a\uFFFDb"))
        }

        test("colons in values are part of them") {
            parse("data: a:b: c\ndata::\n\n") shouldContainExactly listOf(message("a:b: c\n:"))
        }

        test("an event may be as large as the limit, and no larger, however it comes") {
            val tooLarge =
                listOf(
                    // One line, several lines, names that nobody knows, a line that does not end, a comment.
                    "data:" + "x".repeat(16) + "\n\n",
                    "data:xxxx\ndata:xxxx\ndata\n\n",
                    "foo:xxxx\nbar:xxxx\nfoobar\n\n",
                    "x".repeat(21),
                    ":" + "x".repeat(20),
                )
            for (stream in tooLarge) {
                val bytes = stream.toByteArray()
                for (portions in listOf(listOf(bytes), bytes.map { byteArrayOf(it) })) {
                    shouldThrow<LineTooLongException> { EventParser(20).all(portions) }.limit() shouldBe 20
                }
            }
            val bytes = ("data:" + "x".repeat(15) + "\n\n").toByteArray()
            for (portions in listOf(listOf(bytes), bytes.map { byteArrayOf(it) })) {
                EventParser(20).all(portions) shouldContainExactly listOf(message("x".repeat(15)))
            }
        }

        test("a stream may be as long as it likes") {
            val parser = EventParser(20)
            repeat(1000) {
                parser.all(
                    listOf(": a comment\n: and one more\ndata: 12345\n\n\n\n".toByteArray()),
                ) shouldContainExactly
                    listOf(message("12345"))
            }
        }
    })
