package asyncio.internal.http.body

import asyncio.CancelledError
import asyncio.IncompleteReadException
import asyncio.Task
import asyncio.http.ClientConnectionException
import asyncio.http.ClientPayloadException
import asyncio.http.LineTooLongException
import asyncio.http.StreamReader
import asyncio.internal.stream.ByteQueue
import asyncio.kotlin.await
import asyncio.kotlin.createTask
import asyncio.kotlin.iterator
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.types.shouldBeSameInstanceAs

/** What the readers of a body do, for every way in which it can come. */
class BodyStreamSpec :
    FunSpec({
        val content = "ab\ncd\r\n\nxyz"

        /** Reads [content], however it comes, and gives what came out. */
        suspend fun read(
            portions: List<ByteArray>,
            reader: suspend (StreamReader) -> List<String>,
        ): List<String> {
            val feed = Feed()
            val task = createTask { reader(StreamReaderImpl(feed.stream)) }
            turns()
            feed.feedAll(portions)
            return await(task)
        }

        fun forEveryCut(
            expected: List<String>,
            reader: suspend (StreamReader) -> List<String>,
        ) = inLoop {
            for (portions in everyCut(bytes(content))) {
                val cut = portions.map { text(it) }
                cut to read(portions, reader) shouldBe (cut to expected)
            }
        }

        test("read gives everything, and then nothing") {
            forEveryCut(listOf(content, "")) { listOf(text(await(it.read())), text(await(it.read()))) }
        }

        test("readexactly gives exactly that many") {
            forEveryCut(listOf("", "a", "b\nc", "d\r\n\nxyz")) { reader ->
                listOf(0, 1, 3, 7).map { text(await(reader.readexactly(it))) }
            }
        }

        test("readexactly raises with what there was if the body ends before") {
            forEveryCut(listOf("ab\ncd", "\r\n\nxyz of 7", "")) { reader ->
                val first = text(await(reader.readexactly(5)))
                val error = shouldThrow<IncompleteReadException> { await(reader.readexactly(7)) }
                listOf(first, "${text(error.partial())} of ${error.expected()}", text(await(reader.readany())))
            }
        }

        test("lines end with a newline, but for the last one") {
            forEveryCut(listOf("ab\n", "cd\r\n", "\n", "xyz")) { reader ->
                val lines = ArrayList<String>()
                for (line in reader) lines.add(text(line))
                lines
            }
        }

        test("after the last line there are empty ones") {
            forEveryCut(listOf("ab\n", "cd\r\n", "\n", "xyz", "", "")) { reader ->
                List(6) { text(await(reader.readline())) }
            }
        }

        test("readuntil ends after a separator of several bytes") {
            forEveryCut(listOf("ab\ncd\r\n", "\nxyz", "")) { reader ->
                List(3) { text(await(reader.readuntil(bytes("\r\n")))) }
            }
        }

        test("portions of iterChunked are never longer than asked for, and nothing is missing") {
            inLoop {
                for (portions in everyCut(bytes(content))) {
                    read(portions) { reader ->
                        val got = ArrayList<String>()
                        for (portion in reader.iterChunked(3)) got.add(text(portion))
                        got.all { it.length in 1..3 } shouldBe true
                        listOf(got.joinToString(""))
                    } shouldBe listOf(content)
                }
            }
        }

        test("portions of iterAny are as they come") {
            inLoop {
                for (portions in everyCut(bytes(content))) {
                    read(portions) { reader ->
                        val got = ArrayList<String>()
                        for (portion in reader.iterAny()) got.add(text(portion))
                        got
                    } shouldBe portions.map { text(it) }
                }
            }
        }

        test("a separator that begins several times is found") {
            inLoop {
                val text = "aabaabaaaabab|"
                for (separator in listOf("aab", "aaaa", "abab", "baab", "aabaabaaa", "b|")) {
                    for (portions in everyCut(bytes(text))) {
                        val feed = Feed()
                        val reading = createTask { text(feed.stream.readuntil(bytes(separator), 100)) }
                        feed.feedAll(portions)
                        await(reading) shouldBe text.substring(0, text.indexOf(separator) + separator.length)
                    }
                }
            }
        }

        test("a line may be exactly as long as allowed, its end included") {
            inLoop {
                for (portions in everyCut(bytes("12345\n678"))) {
                    val feed = Feed()
                    val reading = createTask { text(feed.stream.readuntil(bytes("\n"), 6)) }
                    feed.feedAll(portions)
                    await(reading) shouldBe "12345\n"
                }
            }
        }

        test("a longer line raises, and leaves everything to be read otherwise") {
            inLoop {
                for (portions in everyCut(bytes("12345\n678"))) {
                    val feed = Feed()
                    val reader = StreamReaderImpl(feed.stream)
                    val reading =
                        createTask {
                            shouldThrow<LineTooLongException> { await(reader.readline(5)) }.limit() shouldBe 5
                            text(await(reader.readline(6)))
                        }
                    feed.feedAll(portions)
                    await(reading) shouldBe "12345\n"
                }
            }
        }

        test("the last line may be as long as allowed, and no longer") {
            inLoop {
                for (portions in everyCut(bytes("12345"))) {
                    val feed = Feed()
                    val reading =
                        createTask {
                            shouldThrow<LineTooLongException> { feed.stream.readuntil(bytes("\n"), 4) }
                            text(feed.stream.readuntil(bytes("\n"), 5))
                        }
                    feed.feedAll(portions)
                    await(reading) shouldBe "12345"
                }
            }
        }

        test("a line without limit of its own is as long as twice the buffer at most") {
            inLoop {
                val feed = Feed(bufferSize = 10)
                feed.feed("1234567890123456789\nx")
                text(feed.stream.readuntil(bytes("\n"), feed.stream.lineLimit)) shouldBe "1234567890123456789\n"
                feed.feed("12345678901234567890\n")
                shouldThrow<LineTooLongException> { await(StreamReaderImpl(feed.stream).readline()) }
            }
        }

        // ---- cancelling

        val readers =
            mapOf<String, suspend (StreamReader) -> Any?>(
                "read" to { await(it.read()) },
                "readexactly" to { await(it.readexactly(100)) },
                "readline" to { await(it.readline()) },
                "readuntil" to { await(it.readuntil(bytes("none"))) },
                "lines" to { reader -> for (line in reader) continue },
            )
        for ((name, reader) in readers) {
            test("$name takes nothing with it when it is cancelled half-way") {
                inLoop {
                    val text = "no newline here"
                    for (before in 0..text.length) {
                        val feed = Feed()
                        val task = createTask { reader(StreamReaderImpl(feed.stream)) }
                        turns()
                        for (i in 0 until before) {
                            feed.feed(text.substring(i, i + 1))
                            turns()
                        }
                        task.cancel()
                        shouldThrow<CancelledError> { await(task) }
                        feed.waits.last() shouldBe false
                        feed.feed(text.substring(before))
                        feed.stream.end()
                        text(feed.stream.readAll()) shouldBe text
                    }
                }
            }
        }

        test("data that come together with the cancellation are for the next reader") {
            inLoop {
                val feed = Feed()
                val task = createTask { feed.stream.readany() }
                turns()
                feed.feed("data")
                task.cancel()
                shouldThrow<CancelledError> { await(task) }
                text(feed.stream.readany()) shouldBe "data"
            }
        }

        // ---- two readers

        test("a second reader is refused while one waits, and the first one goes on") {
            inLoop {
                val feed = Feed()
                val reader = StreamReaderImpl(feed.stream)
                val first = createTask { text(feed.stream.readuntil(bytes("\n"), 100)) }
                turns()
                val attempts: List<suspend () -> Any?> =
                    listOf(
                        { await(reader.read()) },
                        { await(reader.read(1)) },
                        { await(reader.read(0)) },
                        { await(reader.readany()) },
                        { await(reader.readexactly(1)) },
                        { await(reader.readline()) },
                        { await(reader.readuntil(bytes("x"))) },
                        { await(reader.iterAny().anext()) },
                        { reader.readNowait() },
                        { reader.readNowait(1) },
                    )
                feed.feed("ab")
                for (attempt in attempts) {
                    shouldThrow<IllegalStateException> { attempt() }.message shouldContain "another task is reading"
                }
                feed.feed("c\n")
                // Woken, but not running yet: what has come is the first one's.
                shouldThrow<IllegalStateException> { feed.stream.readany() }
                await(first) shouldBe "abc\n"
            }
        }

        // ---- failures

        test("what came before a failure can be read, then it is raised") {
            inLoop {
                val feed = Feed()
                val failure = ClientPayloadException("broken")
                feed.feed("ab\ncd")
                feed.stream.fail(failure)
                val reader = StreamReaderImpl(feed.stream)
                text(await(reader.readline())) shouldBe "ab\n"
                shouldThrow<ClientPayloadException> { await(reader.readline()) } shouldBeSameInstanceAs failure
                shouldThrow<ClientPayloadException> { await(reader.readexactly(3)) } shouldBeSameInstanceAs failure
                shouldThrow<ClientPayloadException> { await(reader.read()) } shouldBeSameInstanceAs failure
                text(await(reader.readexactly(1))) shouldBe "c"
                text(await(reader.readany())) shouldBe "d"
                val rest: List<suspend () -> Any?> =
                    listOf(
                        { await(reader.read()) },
                        { await(reader.read(1)) },
                        { await(reader.readany()) },
                        { await(reader.readexactly(1)) },
                        { await(reader.readline()) },
                        { reader.readNowait() },
                        { await(reader.waitEof()) },
                        { await(reader.iterAny().anext()) },
                    )
                for (reading in rest) {
                    shouldThrow<ClientPayloadException> { reading() } shouldBeSameInstanceAs failure
                }
                reader.exception() shouldBeSameInstanceAs failure
                reader.atEof() shouldBe false
                reader.isEof() shouldBe false
            }
        }

        for ((name, reader) in readers) {
            test("$name is woken by a failure, and by an abort") {
                inLoop {
                    for (end in listOf<(BodyStream, Throwable) -> Unit>(BodyStream::fail, BodyStream::abort)) {
                        val feed = Feed()
                        val task = createTask { reader(StreamReaderImpl(feed.stream)) }
                        turns()
                        feed.feed("abc")
                        turns()
                        val failure = ClientConnectionException("gone")
                        end(feed.stream, failure)
                        shouldThrow<ClientConnectionException> { await(task) } shouldBeSameInstanceAs failure
                    }
                }
            }
        }

        test("after an abort there is nothing to read, and what comes is dropped") {
            inLoop {
                for (ended in listOf(false, true)) {
                    val feed = Feed()
                    feed.feed("abc")
                    if (ended) feed.stream.end()
                    feed.stream.abort(ClientConnectionException("closed"))
                    feed.feed("def")
                    feed.stream.end()
                    shouldThrow<ClientConnectionException> { feed.stream.readany() }
                    shouldThrow<ClientConnectionException> { feed.stream.readAll() }
                    shouldThrow<ClientConnectionException> { feed.stream.readNow(9) }
                }
            }
        }

        // ---- the limit

        test("everything may be as large as the limit, and no larger") {
            inLoop {
                for (portions in everyCut(bytes("1234567"))) {
                    for (limit in 0L..8) {
                        val feed = Feed(limit = limit)
                        val reading = createTask { feed.stream.readAll() }
                        feed.feedAll(portions)
                        if (limit >= 7) {
                            text(await(reading)) shouldBe "1234567"
                        } else {
                            shouldThrow<ClientPayloadException> { await(reading) }.message shouldContain "maxBodySize"
                            // But it can be had in portions.
                            text(feed.stream.readexactly(7)) shouldBe "1234567"
                        }
                    }
                }
            }
        }

        test("who wants everything hears of the limit before the end") {
            inLoop {
                val feed = Feed(limit = 3)
                val reading = createTask { feed.stream.readAll() }
                turns()
                feed.feed("123")
                turns()
                reading.done() shouldBe false
                feed.feed("4")
                shouldThrow<ClientPayloadException> { await(reading) }
            }
        }

        // ---- holding back

        test("more than twice the buffer is held back until less than one is left") {
            inLoop {
                val feed = Feed(bufferSize = 10)
                feed.feed("1234567890")
                feed.feed("1234567890")
                feed.switches.shouldBeEmpty()
                feed.feed("1")
                feed.switches shouldContainExactly listOf(false)
                feed.feed("2")
                feed.switches shouldContainExactly listOf(false)
                feed.stream.read(12)
                feed.switches shouldContainExactly listOf(false)
                feed.stream.read(1)
                feed.switches shouldContainExactly listOf(false, true)
                text(feed.stream.readany()) shouldBe "456789012"
            }
        }

        test("a reader that wants more than the buffer gets it") {
            inLoop {
                val feed = Feed(bufferSize = 10)
                feed.feed("123456789012345678901")
                val reading = createTask { text(feed.stream.readexactly(50)) }
                turns()
                feed.switches shouldContainExactly listOf(false, true)
                feed.feed("234567890")
                feed.feed("12345678901234567890")
                await(reading) shouldBe "1234567890".repeat(5)
                feed.switches shouldContainExactly listOf(false, true)
            }
        }

        test("what is held back when the body ends is let go") {
            inLoop {
                val feed = Feed(bufferSize = 1)
                feed.feed("123")
                feed.stream.end()
                feed.switches shouldContainExactly listOf(false, true)
                text(feed.stream.readAll()) shouldBe "123"
                feed.switches shouldContainExactly listOf(false, true)
            }
        }

        test("it is told when a reader waits") {
            inLoop {
                val feed = Feed()
                feed.feed("a")
                feed.stream.readany()
                feed.waits.shouldBeEmpty()
                val reading = createTask { feed.stream.readany() }
                turns()
                feed.waits shouldContainExactly listOf(true)
                feed.feed("b")
                await(reading)
                feed.waits shouldContainExactly listOf(true, false)
            }
        }

        // ---- the end

        test("the end is seen before and after everything is read") {
            inLoop {
                val feed = Feed()
                val reader = StreamReaderImpl(feed.stream)
                val seen = ArrayList<String>()
                reader.onEof { seen.add("end") }
                val waiting: Task<Void?> = createTask { await(reader.waitEof()) }
                feed.feed("ab")
                turns()
                reader.isEof() shouldBe false
                waiting.done() shouldBe false
                feed.stream.end()
                turns()
                seen shouldContainExactly listOf("end")
                waiting.done() shouldBe true
                reader.isEof() shouldBe true
                reader.atEof() shouldBe false
                reader.readNowait()
                reader.atEof() shouldBe true
                reader.onEof { seen.add("late") }
                await(reader.waitEof())
                turns()
                seen shouldContainExactly listOf("end", "late")
            }
        }

        test("waiting for the end can be cancelled, by one of two") {
            inLoop {
                val feed = Feed()
                val first = createTask { feed.stream.waitEof() }
                val second = createTask { feed.stream.waitEof() }
                turns()
                first.cancel()
                shouldThrow<CancelledError> { await(first) }
                feed.stream.end()
                await(second)
            }
        }

        test("nobody is told of the end of a body that failed") {
            inLoop {
                val feed = Feed()
                val reader = StreamReaderImpl(feed.stream)
                reader.onEof { throw AssertionError("it failed") }
                val waiting = createTask { feed.stream.waitEof() }
                turns()
                feed.stream.fail(ClientPayloadException("broken"))
                reader.onEof { throw AssertionError("it failed") }
                shouldThrow<ClientPayloadException> { await(waiting) }
                turns()
            }
        }

        test("an empty body ends every way of reading") {
            inLoop {
                val feed = Feed()
                feed.feed("")
                feed.stream.end()
                val reader = StreamReaderImpl(feed.stream)
                reader.atEof() shouldBe true
                await(reader.read()).size shouldBe 0
                await(reader.read(5)).size shouldBe 0
                await(reader.readany()).size shouldBe 0
                await(reader.readline()).size shouldBe 0
                reader.readNowait().size shouldBe 0
                await(reader.readexactly(0)).size shouldBe 0
                for (line in reader) throw AssertionError("a line")
                shouldThrow<IncompleteReadException> { await(reader.readexactly(1)) }.partial().size shouldBe 0
            }
        }

        test("bytes are counted") {
            inLoop {
                val feed = Feed()
                val reader = StreamReaderImpl(feed.stream)
                feed.feed("abc")
                feed.feed("de")
                await(reader.readexactly(2))
                reader.totalBytes() shouldBe 5
                reader.totalRawBytes() shouldBe 5
                reader.totalCompressedBytes() shouldBe null
            }
        }

        test("senseless arguments are refused at once") {
            inLoop {
                val reader = StreamReaderImpl(Feed().stream)
                val attempts: List<() -> Any?> =
                    listOf(
                        { reader.read(-1) },
                        { reader.readexactly(-1) },
                        { reader.readline(0) },
                        { reader.readuntil(byteArrayOf()) },
                        { reader.readuntil(byteArrayOf(), 5) },
                        { reader.readuntil(bytes("abc"), 2) },
                        { reader.readNowait(-1) },
                        { reader.iterChunked(0) },
                        { reader.lines(0) },
                    )
                for (attempt in attempts) shouldThrow<IllegalArgumentException> { attempt() }
            }
        }

        // ---- many portions

        test("a million portions of one byte are put together") {
            inLoop {
                val feed = Feed(bufferSize = 1 shl 20)
                val one = byteArrayOf(7)
                repeat(1_000_000) { feed.feed(one) }
                feed.stream.end()
                val all = feed.stream.readAll()
                all.size shouldBe 1_000_000
                all.all { it == 7.toByte() } shouldBe true
            }
        }

        test("portions of one byte are gathered") {
            val queue = ByteQueue()
            repeat(100_000) { queue.add(byteArrayOf(it.toByte())) }
            var stretches = 0
            var chunk = queue.first
            while (chunk != null) {
                stretches++
                chunk = chunk.next
            }
            (stretches < 20) shouldBe true
            queue.take(100_000) shouldBe ByteArray(100_000) { it.toByte() }
        }

        test("a portion that is alone is handed on as it is") {
            val queue = ByteQueue()
            val portion = ByteArray(100)
            queue.add(portion)
            queue.take(100) shouldBeSameInstanceAs portion
        }

        test("a queue gives what was put in, whatever the sizes") {
            val random = java.util.Random(1)
            repeat(200) {
                val queue = ByteQueue()
                val expected = java.io.ByteArrayOutputStream()
                val got = java.io.ByteArrayOutputStream()
                repeat(200) {
                    if (random.nextInt(3) > 0) {
                        val bytes = ByteArray(random.nextInt(if (random.nextBoolean()) 20 else 3000))
                        random.nextBytes(bytes)
                        expected.write(bytes)
                        when (random.nextInt(3)) {
                            0 -> {
                                queue.add(bytes)
                            }

                            1 -> {
                                queue.add(bytes, 0, bytes.size)
                            }

                            else -> {
                                val room = queue.room(minOf(bytes.size, 1), 4096)
                                val length = minOf(room.array.size - room.end, bytes.size)
                                bytes.copyInto(room.array, room.end, 0, length)
                                queue.grow(length)
                                queue.add(bytes.copyOfRange(length, bytes.size))
                            }
                        }
                    } else {
                        got.write(queue.take(random.nextInt(queue.size.toInt() + 1)))
                    }
                }
                got.write(queue.take(queue.size.toInt()))
                got.toByteArray() shouldBe expected.toByteArray()
                queue.isEmpty shouldBe true
            }
        }
    })
