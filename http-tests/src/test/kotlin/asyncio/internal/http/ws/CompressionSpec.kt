package asyncio.internal.http.ws

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.ints.shouldBeLessThan
import io.kotest.matchers.ints.shouldBeLessThanOrEqual
import io.kotest.matchers.shouldBe
import java.util.Random

class CompressionSpec :
    FunSpec({
        test("what is offered") {
            Compression.offer(15) shouldBe "permessage-deflate; client_max_window_bits"
            Compression.offer(10) shouldBe "permessage-deflate; client_max_window_bits; server_max_window_bits=10"
        }

        test("answers to it") {
            mapOf(
                "permessage-deflate" to Compression(15, true, true),
                "permessage-deflate;" + "client_no_context_takeover" to Compression(15, false, true),
                "permessage-deflate; server_no_context_takeover" to Compression(15, true, false),
                "permessage-deflate ; client_max_window_bits = 9 ;server_max_window_bits=12" to
                    Compression(9, true, true),
                "permessage-deflate; client_max_window_bits=\"8\"" to Compression(8, true, true),
                "permessage-deflate; server_max_window_bits=15;client_no_context_takeover;server_no_context_takeover" to
                    Compression(15, false, false),
                "" to null,
                " , " to null,
            ).forEach { (answer, expected) ->
                withClue(answer) { Compression.agreed(listOf(answer), 15) shouldBe expected }
            }
            Compression.agreed(emptyList(), 15) shouldBe null
            Compression.agreed(emptyList(), 0) shouldBe null
        }

        test("answers that are none") {
            listOf(
                "deflate-frame",
                "x-webkit-deflate-frame",
                "permessage-deflate, permessage-deflate",
                "permessage-deflate, other",
                "permessage-deflate; unknown",
                "permessage-deflate;",
                "permessage-deflate; client_no_context_takeover=1",
                "permessage-deflate; client_no_context_takeover; client_no_context_takeover",
                "permessage-deflate; server_no_context_takeover=true",
                "permessage-deflate; client_max_window_bits",
                "permessage-deflate; client_max_window_bits=",
                "permessage-deflate; client_max_window_bits=7",
                "permessage-deflate; client_max_window_bits=16",
                "permessage-deflate; client_max_window_bits=010",
                "permessage-deflate; client_max_window_bits=+9",
                "permessage-deflate; client_max_window_bits=٩",
                "permessage-deflate; server_max_window_bits",
                "permessage-deflate; server_max_window_bits=7",
                "permessage-deflate; server_max_window_bits=16",
                "permessage-deflate; server_max_window_bits=10; server_max_window_bits=10",
            ).forEach { answer ->
                withClue(answer) { shouldThrow<Compression.Refusal> { Compression.agreed(listOf(answer), 15) } }
            }
            shouldThrow<Compression.Refusal> { Compression.agreed(listOf("permessage-deflate"), 0) }
            shouldThrow<Compression.Refusal> {
                Compression.agreed(listOf("permessage-deflate; server_max_window_bits=11"), 10)
            }
            shouldThrow<Compression.Refusal> {
                Compression.agreed(listOf("permessage-deflate", "permessage-deflate"), 15)
            }
        }

        test("what is deflated can be inflated, with every window and with or without context") {
            for (bits in 8..15) {
                for (keepsContext in listOf(true, false)) {
                    val random = Random(bits.toLong())
                    val deflater = MessageDeflater(bits, keepsContext)
                    val inflater = MessageInflater(keepsContext)
                    for (size in listOf(1, 2, 100, 255, 256, 257, 511, 513, 5000, 70_000, 1, 1_000_000)) {
                        val data = ByteArray(size) { (random.nextInt(3) * 50).toByte() }
                        val small = deflater.deflate(data)
                        withClue("$bits $keepsContext $size") {
                            inflater.inflate(small, small.size, size).contentEquals(data) shouldBe true
                        }
                    }
                }
            }
        }

        test("a context that is kept makes what repeats itself small") {
            val data = ByteArray(1000).also { Random(1).nextBytes(it) }
            val keeping = MessageDeflater(15, true)
            keeping.deflate(data)
            keeping.deflate(data).size shouldBeLessThan 100
            val forgetting = MessageDeflater(15, false)
            val first = forgetting.deflate(data)
            forgetting.deflate(data) shouldBe first
        }

        // A window of 256 bytes cannot see what lies 1000 bytes back.
        test("a small window does not refer back further") {
            val data = ByteArray(1000).also { Random(1).nextBytes(it) }
            val deflater = MessageDeflater(8, true)
            val first = deflater.deflate(data).size
            deflater.deflate(data).size shouldBeLessThanOrEqual first + 10
            (first - 10) shouldBeLessThan deflater.deflate(data).size
        }

        test("it works on what zlib cannot make smaller, at the edges of its buffers") {
            val random = Random(3)
            val deflater = MessageDeflater(15, true)
            val inflater = MessageInflater(true)
            for (size in 1..2000) {
                val data = ByteArray(size).also { random.nextBytes(it) }
                val small = deflater.deflate(data)
                withClue(size) { inflater.inflate(small, small.size, size).contentEquals(data) shouldBe true }
            }
        }
    })
