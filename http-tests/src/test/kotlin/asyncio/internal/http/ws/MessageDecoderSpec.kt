package asyncio.internal.http.ws

import asyncio.http.WSCloseCode
import asyncio.http.WSMessage
import asyncio.http.WSMsgType
import asyncio.http.WebSocketException
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.ints.shouldBeLessThan
import io.kotest.matchers.shouldBe
import io.netty.buffer.Unpooled
import java.nio.ByteBuffer
import java.util.Random
import java.util.zip.Deflater

private const val FIN = 0x80
private const val RSV1 = 0x40
private const val TEXT = 1
private const val BINARY = 2
private const val CONTINUATION = 0
private const val CLOSE = 8
private const val PING = 9
private const val PONG = 10

/** A server's frame, by RFC 6455, 5.2. */
private fun frame(
    first: Int,
    payload: ByteArray = ByteArray(0),
): ByteArray {
    val out = ByteBuffer.allocate(payload.size + 10).put(first.toByte())
    when {
        payload.size < 126 -> out.put(payload.size.toByte())
        payload.size < 65536 -> out.put(126).putShort(payload.size.toShort())
        else -> out.put(127).putLong(payload.size.toLong())
    }
    out.put(payload)
    return out.array().copyOf(out.position())
}

private fun frame(
    first: Int,
    payload: String,
) = frame(first, payload.toByteArray())

private fun bytes(hex: String) =
    hex
        .filter { it != ' ' }
        .chunked(2)
        .map { it.toInt(16).toByte() }
        .toByteArray()

private fun close(
    code: Int,
    reason: ByteArray = ByteArray(0),
) = frame(FIN or CLOSE, byteArrayOf((code shr 8).toByte(), code.toByte()) + reason)

private fun text(text: String) = WSMessage.of(WSMsgType.TEXT, text, null)

private fun binary(bytes: ByteArray) = WSMessage.of(WSMsgType.BINARY, bytes, null)

private fun decoder(
    maxSize: Int = 4 * 1024 * 1024,
    decodesText: Boolean = true,
    compressed: Boolean = false,
    keepsContext: Boolean = true,
) = MessageDecoder(maxSize, decodesText, if (compressed) MessageInflater(keepsContext) else null)

private fun MessageDecoder.feed(vararg portions: ByteArray): List<WSMessage> {
    val messages = ArrayList<WSMessage>()
    for (portion in portions) {
        val data = Unpooled.wrappedBuffer(portion)
        while (true) messages.add(next(data) ?: break)
        data.readableBytes() shouldBe 0
    }
    return messages
}

/** What zlib makes of it, without the tail. */
private fun deflated(
    data: ByteArray,
    deflater: Deflater = Deflater(9, true),
    flush: Int = Deflater.SYNC_FLUSH,
): ByteArray {
    val out = ByteArray(data.size + 1000)
    deflater.setInput(data)
    return out.copyOf(deflater.deflate(out, 0, out.size, flush) - 4)
}

class MessageDecoderSpec :
    FunSpec({
        fun refusal(
            vararg stream: ByteArray,
            using: () -> MessageDecoder = { decoder() },
        ): Int {
            val whole = stream.fold(ByteArray(0)) { all, more -> all + more }
            val code = shouldThrow<WebSocketException> { using().feed(whole) }.code()
            // However it arrives.
            val byByte = whole.map { byteArrayOf(it) }.toTypedArray()
            shouldThrow<WebSocketException> { using().feed(*byByte) }.code() shouldBe code
            return code
        }

        test("messages and control frames of all lengths that are written differently") {
            for (size in listOf(0, 1, 2, 124, 125, 126, 127, 128, 255, 256, 65534, 65535, 65536, 65537, 1_000_000)) {
                val data = ByteArray(size).also { Random(size.toLong()).nextBytes(it) }
                withClue(size) { decoder().feed(frame(FIN or BINARY, data)) shouldBe listOf(binary(data)) }
            }
            for (size in listOf(0, 1, 125)) {
                val data = ByteArray(size) { it.toByte() }
                decoder().feed(frame(FIN or PING, data), frame(FIN or PONG, data)) shouldBe
                    listOf(WSMessage.of(WSMsgType.PING, data, null), WSMessage.of(WSMsgType.PONG, data, null))
            }
        }

        test("a stream of frames means the same wherever it is cut") {
            val stream =
                frame(TEXT, "He") + frame(FIN or PING, "p") + frame(CONTINUATION, "") +
                    frame(FIN or CONTINUATION, "llö€😀") +
                    frame(FIN or BINARY, ByteArray(130) { it.toByte() }) + frame(FIN or TEXT, "") +
                    frame(BINARY, byteArrayOf(1)) + frame(FIN or CONTINUATION, byteArrayOf(2)) +
                    close(3999, "Tschüß".toByteArray())
            val expected =
                listOf(
                    WSMessage.of(WSMsgType.PING, "p".toByteArray(), null),
                    text("Hellö€😀"),
                    binary(ByteArray(130) { it.toByte() }),
                    text(""),
                    binary(byteArrayOf(1, 2)),
                    WSMessage.of(WSMsgType.CLOSE, 3999, "Tschüß"),
                )
            decoder().feed(stream) shouldBe expected
            decoder().feed(*stream.map { byteArrayOf(it) }.toTypedArray()) shouldBe expected
            for (cut in 0..stream.size) {
                withClue(cut) {
                    decoder().feed(stream.copyOf(cut), stream.copyOfRange(cut, stream.size)) shouldBe expected
                }
            }
        }

        test("characters may be cut by fragments") {
            val bytes = "κόσμε😀".toByteArray()
            val frames =
                bytes.mapIndexed { i, byte ->
                    frame(
                        (
                            if (i == bytes.size - 1) {
                                FIN
                            } else {
                                0
                            }
                        ) or (if (i == 0) TEXT else CONTINUATION),
                        byteArrayOf(byte),
                    )
                }
            decoder().feed(*frames.toTypedArray()) shouldBe listOf(text("κόσμε😀"))
        }

        test("reserved bits") {
            for (opcode in listOf(TEXT, BINARY, CLOSE, PING, PONG)) {
                for (bits in 0x10..0x70 step 0x10) {
                    withClue("$bits $opcode") { refusal(frame(FIN or bits or opcode)) shouldBe 1002 }
                    if (bits != RSV1 || opcode > 2) {
                        refusal(frame(FIN or bits or opcode), using = { decoder(compressed = true) }) shouldBe 1002
                    }
                }
            }
        }

        test("a later fragment may not be marked as compressed") {
            refusal(
                frame(RSV1 or TEXT, deflated("x".toByteArray())),
                frame(FIN or RSV1 or CONTINUATION),
                using = { decoder(compressed = true) },
            ) shouldBe 1002
        }

        test("reserved opcodes, as soon as the first byte is there") {
            for (opcode in listOf(3, 4, 5, 6, 7, 11, 12, 13, 14, 15)) {
                withClue(opcode) {
                    refusal(byteArrayOf((FIN or opcode).toByte())) shouldBe 1002
                    refusal(byteArrayOf(opcode.toByte())) shouldBe 1002
                }
            }
        }

        test("control frames may be neither long nor in fragments") {
            for (opcode in listOf(CLOSE, PING, PONG)) {
                withClue(opcode) {
                    refusal(frame(opcode)) shouldBe 1002
                    refusal(byteArrayOf((FIN or opcode).toByte(), 126)) shouldBe 1002
                    refusal(byteArrayOf((FIN or opcode).toByte(), 127)) shouldBe 1002
                }
            }
        }

        test("fragments have to belong to a message") {
            refusal(frame(CONTINUATION, "x")) shouldBe 1002
            refusal(frame(FIN or CONTINUATION, "x")) shouldBe 1002
            refusal(frame(FIN or TEXT, "x"), frame(FIN or CONTINUATION, "x")) shouldBe 1002
            refusal(frame(TEXT, "x"), frame(FIN or TEXT, "x")) shouldBe 1002
            refusal(frame(TEXT, "x"), frame(FIN or CONTINUATION, "x"), frame(CONTINUATION, "x")) shouldBe 1002
            refusal(frame(BINARY, "x"), frame(FIN or PING), frame(BINARY, "x")) shouldBe 1002
        }

        test("a server does not mask") {
            refusal(bytes("81 85 37fa213d 7f9f4d5158")) shouldBe 1002
            refusal(bytes("89 80 00000000")) shouldBe 1002
        }

        test("a length is written as short as possible") {
            refusal(bytes("82 7e 007d")) shouldBe 1002
            refusal(bytes("82 7e 0000")) shouldBe 1002
            refusal(bytes("82 7f 000000000000ffff")) shouldBe 1002
            refusal(bytes("82 7f 8000000000000000")) shouldBe 1002
            refusal(bytes("82 7f ffffffffffffffff")) shouldBe 1002
        }

        test("close codes that may be sent, and those that may not") {
            val good = listOf(1000, 1001, 1002, 1003) + (1007..1014) + listOf(3000, 3999, 4000, 4999)
            for (code in good) {
                withClue(code) {
                    decoder().feed(close(code)) shouldBe listOf(WSMessage.of(WSMsgType.CLOSE, code, ""))
                }
            }
            val bad = listOf(0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 32768, 65535)
            for (code in bad) withClue(code) { refusal(close(code)) shouldBe 1002 }
        }

        test("payloads of a close") {
            decoder().feed(frame(FIN or CLOSE)) shouldBe
                listOf(WSMessage.of(WSMsgType.CLOSE, WSCloseCode.NO_STATUS, ""))
            refusal(frame(FIN or CLOSE, byteArrayOf(3))) shouldBe 1002
            refusal(close(1000, byteArrayOf(-1))) shouldBe 1007
            refusal(close(1000, "ö".toByteArray().copyOf(1))) shouldBe 1007
            val long = ByteArray(123) { 'x'.code.toByte() }
            decoder().feed(close(1000, long)).single().extra() shouldBe String(long)
        }

        // The sequences are those that RFC 3629 and Unicode, 3.9, call ill-formed.
        test("text that is not UTF-8") {
            val bad =
                listOf(
                    "80",
                    "bf",
                    "80bf80",
                    "c0",
                    "c1",
                    "c0af",
                    "c080",
                    "e080af",
                    "e08080",
                    "f08080af",
                    "f0808080",
                    "c1bf",
                    "e09fbf",
                    "f08fbfbf",
                    "f8888080 80",
                    "fc8480808080",
                    "fe",
                    "ff",
                    "c3",
                    "e282",
                    "f09f98",
                    "c328",
                    "e228a1",
                    "e28228",
                    "f0288cbc",
                    "f0908cc3",
                    "eda080",
                    "edafbf",
                    "edb080",
                    "edbfbf",
                    "eda080edb080",
                    "f4908080",
                    "f5808080",
                    "efbfbdff",
                    "4865c3",
                    "cebae1bdb9cf83cebcceb5eda080656469746564",
                )
            for (hex in bad) {
                withClue(hex) {
                    refusal(frame(FIN or TEXT, bytes(hex))) shouldBe 1007
                    val whole = bytes(hex)
                    refusal(
                        frame(TEXT, whole.copyOf(1)),
                        frame(FIN or CONTINUATION, whole.drop(1).toByteArray()),
                    ) shouldBe
                        1007
                    decoder(decodesText = false).feed(frame(FIN or TEXT, whole)) shouldBe
                        listOf(WSMessage.of(WSMsgType.TEXT, whole, null))
                    decoder().feed(frame(FIN or BINARY, whole)) shouldBe listOf(binary(whole))
                }
            }
        }

        test("text at the edges of UTF-8") {
            val good =
                mapOf(
                    "00" to "\u0000",
                    "7f" to "\u007F",
                    "c280" to "\u0080",
                    "dfbf" to "\u07FF",
                    "e0a080" to "\u0800",
                    "ed9fbf" to "\uD7FF",
                    "ee8080" to "\uE000",
                    "efbfbd" to "\uFFFD",
                    "efbfbe" to "\uFFFE",
                    "efbfbf" to "\uFFFF",
                    "f0908080" to "\uD800\uDC00",
                    "f48fbfbf" to "\uDBFF\uDFFF",
                    "efbbbf41" to "\uFEFFA",
                )
            for ((hex, expected) in good) {
                withClue(hex) { decoder().feed(frame(FIN or TEXT, bytes(hex))) shouldBe listOf(text(expected)) }
            }
        }

        test("a message that is too large is refused by its header") {
            decoder(maxSize = 10).feed(frame(FIN or BINARY, ByteArray(10))) shouldBe listOf(binary(ByteArray(10)))
            refusal(bytes("82 0b"), using = { decoder(maxSize = 10) }) shouldBe 1009
            refusal(bytes("82 7e 0400"), using = { decoder(maxSize = 1023) }) shouldBe 1009
            refusal(bytes("82 7f 0000000000400001")) shouldBe 1009
            refusal(bytes("82 7f 7fffffffffffffff")) shouldBe 1009
            refusal(bytes("82 7f 0000000100000000"), using = { decoder(maxSize = 0) }) shouldBe 1009
        }

        test("the fragments of a message are too large together") {
            val limited = { decoder(maxSize = 10) }
            refusal(frame(BINARY, ByteArray(6)), bytes("80 05"), using = limited) shouldBe 1009
            refusal(frame(BINARY, ByteArray(10)), bytes("00 01"), using = limited) shouldBe 1009
            refusal(frame(TEXT, ByteArray(6)), frame(FIN or PING), bytes("80 05"), using = limited) shouldBe 1009
            limited().feed(frame(BINARY, ByteArray(6)), frame(FIN or CONTINUATION, ByteArray(4))) shouldBe
                listOf(binary(ByteArray(10)))
        }

        test("a frame that comes bit by bit counts from its header on") {
            val decoder = decoder(maxSize = 1000)
            // The first frame stays incomplete: nothing gets past the limit behind it.
            decoder.feed(bytes("02 7e 01f4"), ByteArray(499)).shouldBeEmpty()
            decoder.feed(ByteArray(1)).shouldBeEmpty()
            shouldThrow<WebSocketException> { decoder.feed(bytes("80 7e 01f5")) }.code() shouldBe 1009
        }

        test("a message may not have fragments without end") {
            val decoder = decoder(maxSize = 1024)
            decoder.feed(frame(BINARY))
            repeat(1023) { decoder.feed(frame(CONTINUATION)) }
            shouldThrow<WebSocketException> { decoder.feed(frame(CONTINUATION)) }.code() shouldBe 1009
            val large = decoder()
            large.feed(frame(BINARY, byteArrayOf(0)))
            repeat(16383) { large.feed(frame(CONTINUATION, byteArrayOf(0))) }
            shouldThrow<WebSocketException> { large.feed(frame(FIN or CONTINUATION)) }.code() shouldBe 1009
            val unlimited = decoder(maxSize = 0)
            unlimited.feed(frame(BINARY, byteArrayOf(1)))
            repeat(20_000) { unlimited.feed(frame(CONTINUATION, byteArrayOf(1))) }
            unlimited
                .feed(frame(FIN or CONTINUATION))
                .single()
                .bytes()
                .size shouldBe 20_001
        }

        test("compressed messages of RFC 7692") {
            val hello = listOf(text("Hello"))
            // 7.2.3.1, 7.2.3.2 (the second one refers to the first), 7.2.3.3, 7.2.3.4, 7.2.3.5.
            decoder(compressed = true).feed(bytes("c1 07 f248cdc9c90700"), bytes("c1 05 f200110000")) shouldBe
                hello + hello
            decoder(compressed = true).feed(bytes("41 03 f248cd"), bytes("80 04 c9c90700")) shouldBe hello
            decoder(compressed = true).feed(bytes("c1 0b 000500faff48656c6c6f00")) shouldBe hello
            decoder(compressed = true).feed(bytes("c1 08 f348cdc9c9070000")) shouldBe hello
            decoder(compressed = true).feed(bytes("c1 0d f248050000 00ffffcac9c90700")) shouldBe hello
            // 7.2.3.6: nothing.
            decoder(compressed = true).feed(bytes("c1 01 00")) shouldBe listOf(text(""))
            // A final block without the byte behind it; and a message after a final block.
            decoder(compressed = true).feed(bytes("c1 07 f348cdc9c90700"), bytes("c1 07 f248cdc9c90700")) shouldBe
                hello + hello
        }

        test("a compressed message in fragments, with a ping between them, and one that is not compressed") {
            val data = "Lorem ipsum ".repeat(100).toByteArray()
            val small = deflated(data)
            val stream =
                frame(RSV1 or TEXT, small.copyOf(5)) + frame(FIN or PING) + frame(CONTINUATION) +
                    frame(FIN or CONTINUATION, small.drop(5).toByteArray()) + frame(FIN or TEXT, "plain")
            val expected = listOf(WSMessage.of(WSMsgType.PING, ByteArray(0), null), text(String(data)), text("plain"))
            decoder(compressed = true).feed(stream) shouldBe expected
            decoder(compressed = true).feed(*stream.map { byteArrayOf(it) }.toTypedArray()) shouldBe expected
        }

        test("without context takeover each message stands for itself") {
            val decoder = decoder(compressed = true, keepsContext = false)
            val deflater = Deflater(9, true)
            repeat(3) {
                deflater.reset()
                decoder.feed(frame(FIN or RSV1 or TEXT, deflated("Hello".toByteArray(), deflater))) shouldBe
                    listOf(text("Hello"))
            }
        }

        test("a bomb goes off neither above the limit nor below it") {
            val size = 100 * 1024 * 1024
            val bomb = deflated(ByteArray(size))
            bomb.size shouldBeLessThan 200_000
            refusal(frame(FIN or RSV1 or BINARY, bomb), using = { decoder(compressed = true) }) shouldBe 1009
            val exact = deflated(ByteArray(1000))
            decoder(maxSize = 1000, compressed = true).feed(frame(FIN or RSV1 or BINARY, exact)) shouldBe
                listOf(binary(ByteArray(1000)))
            refusal(
                frame(FIN or RSV1 or BINARY, exact),
                using = { decoder(maxSize = 999, compressed = true) },
            ) shouldBe 1009
        }

        test("compressed messages that are malformed") {
            for (hex in listOf("07", "ff", "ffffffff", "f2ffffffffff", "0000")) {
                withClue(hex) {
                    refusal(frame(FIN or RSV1 or BINARY, bytes(hex)), using = { decoder(compressed = true) }) shouldBe
                        1007
                }
            }
            refusal(
                frame(FIN or RSV1 or TEXT, deflated(byteArrayOf(-1))),
                using = { decoder(compressed = true) },
            ) shouldBe 1007
        }

        test("random messages, in random fragments and portions, compressed or not") {
            for (seed in 0L until 200) {
                val random = Random(seed)
                val deflater = Deflater(6, true)
                val sent = ArrayList<WSMessage>()
                var stream = ByteArray(0)
                repeat(10) {
                    val data = ByteArray(random.nextInt(3000)) { (random.nextInt(4) * 60).toByte() }
                    sent.add(binary(data))
                    val compress = data.isNotEmpty() && random.nextBoolean()
                    var rest = if (compress) deflated(data, deflater) else data
                    var first = BINARY or (if (compress) RSV1 else 0)
                    while (random.nextInt(3) > 0) {
                        val size = random.nextInt(rest.size + 1)
                        stream += frame(first, rest.copyOf(size))
                        rest = rest.drop(size).toByteArray()
                        first = CONTINUATION
                    }
                    stream += frame(FIN or first, rest)
                }
                val decoder = decoder(compressed = true)
                val received = ArrayList<WSMessage>()
                while (stream.isNotEmpty()) {
                    val size = random.nextInt(stream.size) + 1
                    received += decoder.feed(stream.copyOf(size))
                    stream = stream.drop(size).toByteArray()
                }
                withClue(seed) { received shouldBe sent }
            }
        }
    })
