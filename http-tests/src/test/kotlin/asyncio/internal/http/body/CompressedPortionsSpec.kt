package asyncio.internal.http.body

import asyncio.internal.http.payload.Portions
import asyncio.kotlin.createTask
import asyncio.kotlin.sleep
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.ints.shouldBeGreaterThan
import io.kotest.matchers.ints.shouldBeLessThan
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import java.io.ByteArrayInputStream
import java.util.Random
import java.util.zip.GZIPInputStream
import java.util.zip.InflaterInputStream
import kotlin.time.Duration

/** Bodies of requests that are compressed on their way. */
class CompressedPortionsSpec :
    FunSpec({
        class Source(
            private val portions: List<ByteArray>,
            private val failure: Exception? = null,
        ) : Portions {
            private val iterator = portions.iterator()
            var closed = 0

            override val size: Long get() = portions.sumOf { it.size.toLong() }

            override suspend fun next(): ByteArray? {
                sleep(Duration.ZERO)
                if (iterator.hasNext()) return iterator.next()
                failure?.let { throw it }
                return null
            }

            override suspend fun close() {
                closed++
            }
        }

        suspend fun drain(portions: Portions): List<ByteArray> {
            val pieces = ArrayList<ByteArray>()
            while (true) pieces.add(portions.next() ?: break)
            portions.next() shouldBe null
            return pieces
        }

        fun List<ByteArray>.joined() = fold(ByteArray(0)) { all, piece -> all + piece }

        suspend fun decode(
            coding: String,
            encoded: ByteArray,
        ): ByteArray =
            when (coding) {
                "gzip" -> {
                    GZIPInputStream(ByteArrayInputStream(encoded)).readBytes()
                }

                "deflate" -> {
                    InflaterInputStream(ByteArrayInputStream(encoded)).readBytes()
                }

                else -> {
                    val feed = Feed(coding)
                    feed.feed(encoded)
                    feed.stream.end()
                    feed.stream.readAll()
                }
            }

        val noise = ByteArray(200_000).also { Random(1).nextBytes(it) }
        val bodies =
            mapOf(
                "nothing" to listOf(),
                "one byte" to listOf(byteArrayOf(1)),
                "small portions" to List(1000) { bytes("portion $it\n") },
                "noise" to portions(noise, 50_000),
                "one large portion" to listOf(ByteArray(3_000_000) { (it / 100).toByte() }),
            )

        for (coding in listOf("gzip", "deflate", "br", "zstd")) {
            test("what was compressed with $coding is what it was") {
                inLoop {
                    for ((name, body) in bodies) {
                        val source = Source(body)
                        val compressed = source.compressed(requestCoding(coding))
                        compressed.size shouldBe -1
                        val pieces = drain(compressed)
                        pieces.all { it.isNotEmpty() } shouldBe true
                        name to decode(coding, pieces.joined()).contentEquals(body.joined()) shouldBe (name to true)
                        compressed.close()
                        compressed.close()
                        source.closed shouldBe 2
                    }
                }
            }

            test("compressing with $coding can be given up on the way") {
                inLoop {
                    for (taken in 0..2) {
                        val source = Source(portions(noise, 20_000))
                        val compressed = source.compressed(requestCoding(coding))
                        repeat(taken) { compressed.next() }
                        compressed.close()
                        compressed.next() shouldBe null
                        source.closed shouldBe 1
                    }
                }
            }

            test("a body that fails while it is compressed with $coding fails so") {
                inLoop {
                    val compressed =
                        Source(
                            listOf(bytes("a")),
                            IllegalStateException("no more"),
                        ).compressed(requestCoding(coding))
                    shouldThrow<IllegalStateException> { compressed.next() }.message shouldBe "no more"
                    compressed.close()
                }
            }
        }

        test("small portions are gathered, and large ones are not compressed at one go") {
            inLoop {
                drain(Source(bodies.getValue("small portions")).compressed(requestCoding("gzip"))).size shouldBeLessThan
                    5
                var turns = 0
                val portions = Source(listOf(ByteArray(10_000_000))).compressed(requestCoding("gzip"))
                val reading = createTask { drain(portions) }
                while (!reading.done()) {
                    turns++
                    sleep(Duration.ZERO)
                }
                turns shouldBeGreaterThan 10
            }
        }

        test("a coding that is not there is refused, with those that are") {
            shouldThrow<IllegalArgumentException> { requestCoding("lzma") }.message shouldContain "gzip, deflate"
            shouldThrow<IllegalArgumentException> { requestCoding("") }
        }
    })
