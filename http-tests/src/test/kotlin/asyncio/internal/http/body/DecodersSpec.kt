package asyncio.internal.http.body

import asyncio.CancelledError
import asyncio.http.ClientConnectionException
import asyncio.http.ClientPayloadException
import asyncio.kotlin.await
import asyncio.kotlin.createTask
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.annotation.Tags
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.comparables.shouldBeLessThanOrEqualTo
import io.kotest.matchers.ints.shouldBeGreaterThan
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.types.shouldBeSameInstanceAs
import java.util.Random

/** Encoded bodies: good ones, broken ones, hostile ones. */
@Tags("once")
class DecodersSpec :
    FunSpec({
        val sentence = bytes("How much wood would a woodchuck chuck if a woodchuck could chuck wood?\n")
        val noise = ByteArray(100_000).also { Random(1).nextBytes(it) }
        val contents =
            mapOf(
                "nothing" to ByteArray(0),
                "one byte" to byteArrayOf(7),
                "a sentence" to sentence,
                "noise" to noise,
                "300,000 zeros" to ByteArray(300_000),
            )

        /** Decodes what comes in [portions]; every decoder is gone afterwards. */
        suspend fun decode(
            coding: String,
            portions: List<ByteArray>,
            limit: Long = Long.MAX_VALUE,
        ): ByteArray {
            val feed = Feed(coding, limit = limit)
            val reading = createTask { feed.stream.readAll() }
            for (portion in portions) {
                feed.feed(portion)
                turns()
            }
            feed.stream.end()
            try {
                return await(reading)
            } finally {
                // What is too large can still be read, if somebody wants it.
                if (limit < Long.MAX_VALUE) feed.stream.abort(ClientConnectionException("closed"))
                feed.stream.holdsDecoders shouldBe false
            }
        }

        suspend fun decode(
            coding: String,
            encoded: ByteArray,
        ): ByteArray {
            val feed = Feed(coding)
            feed.feed(encoded)
            feed.stream.end()
            try {
                return feed.stream.readAll()
            } finally {
                feed.stream.holdsDecoders shouldBe false
            }
        }

        suspend fun decodeOrNull(
            coding: String,
            encoded: ByteArray,
        ): ByteArray? =
            try {
                decode(coding, encoded)
            } catch (_: ClientPayloadException) {
                null
            }

        for (coding in Codecs.all.keys) {
            test("$coding is decoded, whatever the sizes of the portions") {
                inLoop {
                    for ((name, content) in contents) {
                        val encoded = Codecs.encode(coding, content)
                        for (size in listOf(1, 2, 7, 1000, 1_000_000)) {
                            if (encoded.size / size > 20_000) continue
                            val decoded = decode(coding, portions(encoded, size))
                            Triple(name, size, decoded.contentEquals(content)) shouldBe Triple(name, size, true)
                        }
                    }
                }
            }

            test("$coding is decoded, wherever it is cut in two") {
                inLoop {
                    val encoded = Codecs.encode(coding, sentence)
                    for (cut in 0..encoded.size) {
                        val decoded =
                            decode(coding, listOf(encoded.copyOf(cut), encoded.copyOfRange(cut, encoded.size)))
                        cut to text(decoded) shouldBe (cut to text(sentence))
                    }
                }
            }

            test("$coding that ends too early is an error, wherever it ends") {
                inLoop {
                    val encoded = Codecs.encode(coding, sentence)
                    for (end in 1 until encoded.size) {
                        val error = shouldThrow<ClientPayloadException> { decode(coding, encoded.copyOf(end)) }
                        error.message shouldContain "Content-Encoding: ${coding.lowercase()}"
                    }
                }
            }

            test("$coding with something behind its end is an error") {
                inLoop {
                    for (garbage in listOf("x", "\u0000", "\u0000\u0000\u0000\u0000", "garbage after the end")) {
                        val encoded = Codecs.encode(coding, sentence)
                        shouldThrow<ClientPayloadException> { decode(coding, encoded + bytes(garbage)) }
                        shouldThrow<ClientPayloadException> { decode(coding, listOf(encoded, bytes(garbage))) }
                    }
                }
            }

            test("$coding of nothing, in which nothing comes at all, is an empty body") {
                inLoop {
                    decode(coding, listOf()).size shouldBe 0
                    val feed = Feed(coding)
                    feed.stream.end()
                    feed.stream.atEof() shouldBe true
                    feed.stream.readany().size shouldBe 0
                }
            }

            test("noise that claims to be $coding ends in an error or in data, but it ends") {
                inLoop {
                    val random = Random(2)
                    repeat(3000) {
                        val garbage = ByteArray(1 + random.nextInt(60)).also(random::nextBytes)
                        decodeOrNull(coding, garbage)
                    }
                }
            }
        }

        for (coding in Codecs.checked.keys) {
            test("$coding with any one bit wrong gives the right data or an error") {
                inLoop {
                    val encoded = Codecs.encode(coding, sentence)
                    for (bit in 0 until 8 * encoded.size) {
                        val corrupted = encoded.clone()
                        corrupted[bit / 8] = (corrupted[bit / 8].toInt() xor (1 shl bit % 8)).toByte()
                        val decoded = decodeOrNull(coding, corrupted)
                        if (decoded != null) bit to text(decoded) shouldBe (bit to text(sentence))
                    }
                }
            }
        }

        for (coding in Codecs.unchecked.keys) {
            test("$coding with any one byte wrong ends") {
                inLoop {
                    val encoded = Codecs.encode(coding, sentence)
                    for (at in encoded.indices) {
                        for (value in 0..255) {
                            val corrupted = encoded.clone()
                            corrupted[at] = value.toByte()
                            decodeOrNull(coding, corrupted)
                        }
                    }
                }
            }
        }

        test("what other programs have encoded is decoded") {
            inLoop {
                // gzip -n; zlib; the same without its frame; RFC 7932's bits for one X and for nothing; zstd, a raw block
                val hello =
                    mapOf(
                        "gzip" to "1f8b0800000000000003cb48cdc9c9070086a6103605000000",
                        "X-GZIP" to "1f8b0800000000000003cb48cdc9c9070086a6103605000000",
                        "deflate" to "789ccb48cdc9c907000" + "62c0215",
                        " Deflate " to "cb48cdc9c90700",
                        "zstd" to "28b52ffd200529000068656c6c6f",
                    )
                for ((coding, encoded) in hello) text(decode(coding, hex(encoded))) shouldBe "hello"
                text(decode("br", hex("0b00805803"))) shouldBe "X"
                decode("br", hex("06")).size shouldBe 0
            }
        }

        // ---- gzip

        test("everything that a gzip header can have is passed over") {
            inLoop {
                for (flags in 0..31) {
                    val encoded =
                        Codecs.gzip(
                            sentence,
                            flags,
                            extra = ByteArray(300) { it.toByte() },
                            name = "name",
                            comment = "words",
                        )
                    for (size in listOf(1, 3, 10_000)) {
                        flags to text(decode("gzip", portions(encoded, size))) shouldBe (flags to text(sentence))
                    }
                    text(decode("gzip", Codecs.gzip(sentence, flags))) shouldBe text(sentence)
                }
            }
        }

        test("a gzip header with a wrong checksum, a reserved flag or another method is refused") {
            inLoop {
                val good = Codecs.gzip(sentence, 2 or 8, name = "name")
                text(decode("gzip", good)) shouldBe text(sentence)
                for (at in 0 until 17) {
                    val bad = good.clone().also { it[at] = (it[at] + 1).toByte() }
                    at to decodeOrNull("gzip", bad) shouldBe (at to null)
                }
                for (flag in listOf(32, 64, 128)) decodeOrNull("gzip", Codecs.gzip(sentence, flag)) shouldBe null
            }
        }

        test("gzip members follow each other, wherever they are cut") {
            inLoop {
                val encoded =
                    Codecs.gzip(bytes("ab"), 0) + Codecs.gzip(ByteArray(0), 8, name = "empty") +
                        Codecs.gzip(bytes("cd"), 2)
                for (cut in 1 until encoded.size) {
                    val cutInTwo = listOf(encoded.copyOf(cut), encoded.copyOfRange(cut, encoded.size))
                    text(decode("gzip", cutInTwo)) shouldBe "abcd"
                }
                text(decode("gzip", portions(encoded, 1))) shouldBe "abcd"
            }
        }

        test("a gzip body has 1024 members at most, a zstd body as many frames") {
            inLoop {
                for (coding in listOf("gzip", "zstd")) {
                    val member = Codecs.encode(coding, bytes("x"))
                    val most = ByteArray(1024 * member.size) { member[it % member.size] }
                    decode(coding, most).size shouldBe 1024
                    shouldThrow<ClientPayloadException> { decode(coding, most + member) }.message shouldContain
                        "more than 1024"
                }
            }
        }

        // ---- deflate

        test("bare deflate data that begin like zlib's are told apart by the second byte") {
            inLoop {
                // A stored block whose padding bits make its first byte 0x78; 0x7805 is no multiple of 31.
                text(decode("deflate", hex("7805" + "00faff" + "68656c6c6f" + "0300"))) shouldBe "hello"
            }
        }

        test("deflate that wants a dictionary is refused") {
            inLoop {
                val deflater = java.util.zip.Deflater()
                deflater.setDictionary(sentence)
                deflater.setInput(sentence)
                deflater.finish()
                val encoded = ByteArray(1000)
                val size = deflater.deflate(encoded)
                deflater.end()
                shouldThrow<ClientPayloadException> { decode("deflate", encoded.copyOf(size)) }.message shouldContain
                    "dictionary"
            }
        }

        // ---- zstd

        test("zstd frames follow each other, skippable ones between them") {
            inLoop {
                val skippable = hex("502a4d1803000000") + bytes("abc")
                val empty = hex("5f2a4d1800000000")
                val frames =
                    listOf(
                        skippable,
                        Codecs.encode("zstd", bytes("ab")),
                        empty,
                        Codecs.encode("Zstd", bytes("cd")),
                        skippable,
                    )
                val encoded = frames.reduce { all, frame -> all + frame }
                text(decode("zstd", encoded)) shouldBe "abcd"
                for (cut in 1 until encoded.size) {
                    text(decode("zstd", listOf(encoded.copyOf(cut), encoded.copyOfRange(cut, encoded.size)))) shouldBe
                        "abcd"
                }
                text(decode("zstd", portions(encoded, 1))) shouldBe "abcd"
            }
        }

        test("a zstd window of 8 MiB is decoded, a larger one is refused") {
            inLoop {
                // The window descriptor (RFC 8878, 3.1.1.1.2), then one raw block, the last one, of one byte.
                fun frame(exponent: Int) = hex("28b52ffd00") + byteArrayOf((exponent shl 3).toByte()) + hex("09000078")
                text(decode("zstd", frame(23 - 10))) shouldBe "x"
                shouldThrow<ClientPayloadException> { decode("zstd", frame(24 - 10)) }
                shouldThrow<ClientPayloadException> { decode("zstd", frame(31 - 10)) }
            }
        }

        test("zstd of before its RFC is refused") {
            inLoop {
                for (magic in listOf("27b52ffd", "26b52ffd", "25b52ffd", "1eb52ffd")) {
                    shouldThrow<ClientPayloadException> {
                        decode(
                            "zstd",
                            hex(magic) + ByteArray(50),
                        )
                    }.message shouldContain
                        "does not begin with a zstd frame"
                }
            }
        }

        // ---- several codings

        test("codings that were stacked are undone in the reverse order") {
            inLoop {
                val names = listOf("gzip", "deflate", "br", "zstd")
                for (content in listOf(sentence, ByteArray(0), ByteArray(300_000))) {
                    for (first in names) {
                        for (second in names) {
                            for (third in names) {
                                val encoded =
                                    listOf(
                                        first,
                                        second,
                                        third,
                                    ).fold(content) { all, name -> Codecs.encode(name, all) }
                                val decoded = decode("$first, $second,$third", encoded)
                                listOf(first, second, third, decoded.contentEquals(content)) shouldBe
                                    listOf(first, second, third, true)
                            }
                        }
                    }
                }
                val encoded = Codecs.encode("br", Codecs.encode("gzip", sentence))
                text(decode("gzip, br", portions(encoded, 1))) shouldBe text(sentence)
            }
        }

        test("a stack that ends too early anywhere is an error") {
            inLoop {
                val inner = Codecs.encode("gzip", sentence)
                shouldThrow<ClientPayloadException> { decode("gzip, zstd", Codecs.encode("zstd", inner.copyOf(20))) }
                shouldThrow<ClientPayloadException> { decode("gzip, zstd", Codecs.encode("zstd", inner + 1)) }
                val outer = Codecs.encode("zstd", inner)
                shouldThrow<ClientPayloadException> { decode("gzip, zstd", outer.copyOf(outer.size - 1)) }
            }
        }

        test("five codings are undone, and no more") {
            inLoop {
                val encoded = (1..5).fold(sentence) { all, _ -> Codecs.encode("gzip", all) }
                text(decode(List(5) { "gzip" }.joinToString(), encoded)) shouldBe text(sentence)
                shouldThrow<ClientPayloadException> {
                    decode(List(6) { "gzip" }.joinToString(), Codecs.encode("gzip", encoded))
                }.message shouldContain "more than 5"
            }
        }

        test("what is not encoded, or in a way that nobody knows here, is passed on as it is") {
            inLoop {
                for (coding in listOf(
                    "identity",
                    "",
                    " , ",
                    "compress",
                    "gzip, compress",
                    "dcb",
                    "aes128gcm",
                    "gzip;q=1",
                )) {
                    ContentCodings.parse(coding) shouldBe null
                    text(decode(coding, bytes("as it is"))) shouldBe "as it is"
                }
                ContentCodings.parse(null) shouldBe null
                ContentCodings.parse("identity, GZip ,,identity").toString() shouldBe "gzip"
            }
        }

        test("requests say what is understood") {
            AcceptEncoding.value shouldBe "gzip, deflate, br, zstd"
        }

        // ---- bombs

        for (coding in listOf("gzip", "deflate", "br", "zstd")) {
            test("of a bomb in $coding no more is decoded than is read") {
                inLoop {
                    val bomb = Codecs.bomb(coding, 200 shl 20)
                    val feed = Feed(coding)
                    feed.feed(bomb)
                    feed.stream.end()
                    feed.stream.readexactly(1000)
                    feed.stream.totalBytes.toInt() shouldBeGreaterThan 999
                    feed.stream.totalBytes shouldBeLessThanOrEqualTo 64L * 1024
                    val read = feed.stream.totalBytes
                    feed.stream.readany()
                    feed.stream.readNow(Int.MAX_VALUE)
                    feed.stream.atEof() shouldBe false
                    feed.stream.totalBytes shouldBeLessThanOrEqualTo read + 3 * 64 * 1024
                    feed.stream.abort(ClientConnectionException("closed"))
                    feed.stream.holdsDecoders shouldBe false
                }
            }

            test("of a bomb in $coding everything is read in portions, if it has to be") {
                inLoop {
                    val feed = Feed(coding)
                    feed.feed(Codecs.bomb(coding, 20 shl 20))
                    feed.stream.end()
                    var size = 0L
                    while (true) {
                        val portion = feed.stream.read(100_000)
                        if (portion.isEmpty()) break
                        portion.size shouldBeLessThanOrEqualTo 100_000
                        size += portion.size
                    }
                    size shouldBe (20L shl 20)
                    feed.stream.holdsDecoders shouldBe false
                }
            }

            test("the limit counts what $coding stands for") {
                inLoop {
                    val feed = Feed(coding, limit = 1L shl 20)
                    feed.feed(Codecs.bomb(coding, 200 shl 20))
                    shouldThrow<ClientPayloadException> { feed.stream.readAll() }.message shouldContain "maxBodySize"
                    feed.stream.totalBytes shouldBeLessThanOrEqualTo (1L shl 20) + 64 * 1024
                    feed.stream.abort(ClientConnectionException("closed"))
                    decode(coding, Codecs.bomb(coding, 1 shl 20)).size shouldBe (1 shl 20)
                    decode(coding, listOf(Codecs.bomb(coding, 1 shl 20)), limit = 1L shl 20).size shouldBe (1 shl 20)
                    shouldThrow<ClientPayloadException> {
                        decode(coding, listOf(Codecs.encode(coding, ByteArray(101))), limit = 100)
                    }
                }
            }
        }

        test("of stacked bombs no more is decoded than is read") {
            inLoop {
                val feed = Feed("gzip, gzip, gzip")
                feed.feed(Codecs.encode("gzip", Codecs.encode("gzip", Codecs.bomb("gzip", 200 shl 20))))
                feed.stream.end()
                feed.stream.readexactly(1000)
                feed.stream.totalBytes shouldBeLessThanOrEqualTo 64L * 1024
                feed.stream.abort(ClientConnectionException("closed"))
            }
        }

        test("others run while a bomb is decoded") {
            inLoop {
                val feed = Feed("gzip")
                feed.feed(Codecs.bomb("gzip", 20 shl 20))
                feed.stream.end()
                var turns = 0
                val reading = createTask { feed.stream.readAll() }
                while (!reading.done()) {
                    turns++
                    turns()
                }
                turns shouldBeGreaterThan 2
                await(reading).size shouldBe (20 shl 20)
            }
        }

        // ---- on the way

        test("decoding can be cancelled, and another reader goes on") {
            inLoop {
                for (coding in Codecs.all.keys) {
                    val encoded = Codecs.encode(coding, sentence)
                    for (cut in 0..encoded.size) {
                        val feed = Feed(coding)
                        val task = createTask { feed.stream.readuntil(bytes("\n"), 1000) }
                        turns()
                        feed.feed(encoded.copyOf(cut))
                        turns()
                        if (!task.done()) {
                            task.cancel()
                            shouldThrow<CancelledError> { await(task) }
                            feed.feed(encoded.copyOfRange(cut, encoded.size))
                            feed.stream.end()
                            text(feed.stream.readuntil(bytes("\n"), 1000)) shouldBe text(sentence)
                        }
                        feed.stream.abort(ClientConnectionException("closed"))
                        feed.stream.holdsDecoders shouldBe false
                    }
                }
            }
        }

        test("what was decoded before an error can be read, then it is raised, and told") {
            inLoop {
                for (coding in listOf("gzip", "deflate", "zstd")) {
                    val feed = Feed(coding)
                    val encoded = Codecs.encode(coding, noise)
                    encoded[encoded.size - 1] = (encoded[encoded.size - 1] + 1).toByte()
                    feed.feed(encoded)
                    val start = feed.stream.readexactly(1000)
                    start.contentEquals(noise.copyOf(1000)) shouldBe true
                    val error = shouldThrow<ClientPayloadException> { feed.stream.readAll() }
                    feed.malformed shouldContainExactly listOf(error)
                    feed.stream.failure shouldBeSameInstanceAs error
                    feed.stream.holdsDecoders shouldBe false
                    feed.stream.end()
                    feed.stream.isEof shouldBe false
                    shouldThrow<ClientPayloadException> { while (true) feed.stream.read(1000) } shouldBeSameInstanceAs
                        error
                }
            }
        }

        test("encoded data are held back as others are, and counted as they came") {
            inLoop {
                val encoded = Codecs.encode("gzip", noise)
                val feed = Feed("gzip", bufferSize = 1000)
                feed.feed(encoded.copyOf(2001))
                feed.switches shouldContainExactly listOf(false)
                feed.stream.totalBytes shouldBe 0
                feed.stream.readexactly(100)
                feed.switches shouldContainExactly listOf(false, true)
                feed.feed(encoded.copyOfRange(2001, encoded.size))
                feed.switches shouldContainExactly listOf(false, true, false)
                feed.stream.end()
                feed.switches shouldContainExactly listOf(false, true, false, true)
                feed.stream.readAll().contentEquals(noise.copyOfRange(100, noise.size)) shouldBe true
                feed.stream.totalBytes shouldBe noise.size
                feed.stream.totalCompressedBytes shouldBe encoded.size
            }
        }

        test("a connection that breaks leaves what it brought, and its own error") {
            inLoop {
                val failure = ClientPayloadException("broken")
                val encoded = Codecs.encode("gzip", noise)
                val feed = Feed("gzip")
                feed.feed(encoded.copyOf(50_000))
                feed.stream.fail(failure)
                var size = 0
                shouldThrow<ClientPayloadException> {
                    while (true) {
                        size +=
                            feed.stream
                                .read(
                                    1000,
                                ).size
                    }
                } shouldBeSameInstanceAs
                    failure
                size shouldBeGreaterThan 40_000
                feed.stream.holdsDecoders shouldBe false
                feed.malformed.size shouldBe 0
            }
        }

        test("the end of encoded data is seen when the last of them are read") {
            inLoop {
                val feed = Feed("gzip")
                feed.feed(Codecs.encode("gzip", bytes("abc")))
                feed.stream.end()
                feed.stream.atEof() shouldBe false
                text(feed.stream.readNow(100)) shouldBe "abc"
                feed.stream.atEof() shouldBe true
                val broken = Feed("gzip")
                broken.feed(Codecs.encode("gzip", bytes("abc")).copyOf(20))
                broken.stream.end()
                broken.stream.atEof() shouldBe false
                shouldThrow<ClientPayloadException> { while (true) broken.stream.readany() }
            }
        }
    })
