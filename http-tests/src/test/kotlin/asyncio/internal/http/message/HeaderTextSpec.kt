package asyncio.internal.http.message

import io.kotest.assertions.withClue
import io.kotest.core.annotation.Tags
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import java.util.Random

/** Text of headers and its bytes: as Python's `utf-8` with `surrogateescape`. */
@Tags("once")
class HeaderTextSpec :
    FunSpec({
        fun String.bytes() = toByteArray(Charsets.ISO_8859_1).toList()

        test("text is UTF-8 on the wire") {
            for (text in listOf("", "abc", "é", "한국", "a한b", "\uD83D\uDE00", "\u0080\u00ff")) {
                withClue(text) {
                    HeaderText.toWire(text).bytes() shouldBe text.toByteArray().toList()
                    HeaderText.fromWire(HeaderText.toWire(text)) shouldBe text
                    HeaderText.hasEscapes(text) shouldBe false
                }
            }
        }

        test("bytes that are not UTF-8 come back") {
            mapOf(
                "\u00e9" to "\udce9",
                "a\u00ffb" to "a\udcffb",
                "\u00e4\u00bd" to "\udce4\udcbd",
                "\u00c3\u00a9\u00e9" to "é\udce9",
                "\u00ed\u00a0\u0080" to "\udced\udca0\udc80",
            ).forEach { (wire, text) ->
                withClue(wire) {
                    HeaderText.fromWire(wire) shouldBe text
                    HeaderText.hasEscapes(text) shouldBe true
                    HeaderText.toWire(text) shouldBe wire
                }
            }
            val random = Random(7)
            repeat(2000) {
                val bytes = ByteArray(random.nextInt(12)) { (random.nextInt(256)).toByte() }
                val wire = String(bytes, Charsets.ISO_8859_1)
                HeaderText.toWire(HeaderText.fromWire(wire)) shouldBe wire
            }
        }

        test("a pair of surrogates is one character, another half of one cannot be sent") {
            HeaderText.toWire("\uD83D\uDCA9").bytes() shouldBe "\uD83D\uDCA9".toByteArray().toList()
            HeaderText.toWire("\uD83D") shouldBe "?"
        }
    })
