package asyncio.internal.http.message

import io.kotest.assertions.withClue
import io.kotest.core.annotation.Tags
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe

/** UTS #46, non-transitional. The right values are those of `idna.encode(host, uts46=True)` and of the standard's tests. */
@Tags("once")
class DomainNamesSpec :
    FunSpec({
        test("names in other letters") {
            mapOf(
                "faß.de" to "xn--fa-hia.de",
                "FAß.de" to "xn--fa-hia.de",
                "FAẞ.de" to "xn--fa-hia.de",
                "fass.de" to "fass.de",
                "βόλος.com" to "xn--nxasmm1c.com",
                "βόλοσ.com" to "xn--nxasmq6b.com",
                "ΒΌΛΟΣ.com" to "xn--nxasmq6b.com",
                "bücher.example" to "xn--bcher-kva.example",
                "BÜCHER.example" to "xn--bcher-kva.example",
                "bu\u0308cher.example" to "xn--bcher-kva.example",
                "☕.example" to "xn--53h.example",
                "☃.net" to "xn--n3h.net",
                "日本語。ＪＰ" to "xn--wgv71a119e.jp",
                "日本語．jp" to "xn--wgv71a119e.jp",
                "中国。cn" to "xn--fiqs8s.cn",
                "ＧＯ.com" to "go.com",
                "ﬁ.example" to "fi.example",
                "℡.example" to "tel.example",
                "K.example" to "k.example",
                "straßE.EXAMPLE" to "xn--strae-oqa.example",
                "ı.example" to "xn--cfa.example",
                "İ.example" to "xn--i-9bb.example",
                "a\u00adb.example" to "ab.example",
                "xn--bcher-kva.bücher.example" to "xn--bcher-kva.xn--bcher-kva.example",
                "٣.example" to null,
                "مثال.إختبار" to "xn--mgbh0fb.xn--kgbechtv",
                "דוגמה.טעסט" to "xn--6dbbec0c.xn--deba0ad",
                // A joiner is right behind a virama, a non-joiner between letters that join, too.
                "क्\u200dष.example" to "xn--11b2ezcw70k.example",
                "نامه\u200cای.com" to "xn--mgba3gch31f060k.com",
                "ශ්\u200dරී.com" to "xn--10cl1a0b660p.com",
            ).forEach { (name, ascii) -> withClue(name) { DomainNames.toAscii(name) shouldBe ascii } }
        }

        test("what is not a name of a domain is refused") {
            for (name in listOf(
                "a\u200db",
                "a\u200cb",
                "\u200dü",
                "\u0308u",
                "ü\ud800",
                "\ud800",
                "ü\ue000",
                "ü\uffff",
                "ü\ufffd",
                "ü\u202e",
                "ü\u2024com",
                "1⒈com",
                "ü\u0378",
                "xn--ü",
                "ü.xn--ü",
                "א1a",
                "aא",
                "א.1ü",
                "٣1א",
                "ü".repeat(60),
                "ü".repeat(2000),
            )) {
                withClue(name.map { it.code.toString(16) }.take(10)) { DomainNames.toAscii(name) shouldBe null }
            }
        }

        test("Punycode: the samples of RFC 3492, 7.1") {
            mapOf(
                "\u0644\u064A\u0647\u0645\u0627\u0628\u062A\u0643" +
                    "\u0644\u0645\u0648\u0634\u0639\u0631\u0628\u064A\u061F" to
                    "egbpdaj6bu4bxfgehfvwxn",
                "\u4ED6\u4EEC\u4E3A\u4EC0\u4E48\u4E0D\u8BF4\u4E2D\u6587" to "ihqwcrb4cv8a8dqg056pqjye",
                "Pro\u010Dprost\u011Bnemluv\u00ED\u010Desky" to "Proprostnemluvesky-uyb24dma41a",
                "3\u5E74B\u7D44\u91D1\u516B\u5148\u751F" to "3B-ww4c5e180e575a65lsy2b",
                "\u305D\u306E\u30B9\u30D4\u30FC\u30C9\u3067" to "d9juau41awczczp",
                "-> \$1.00 <-\u00fc" to "-> \$1.00 <--3hb",
                "\uD83D\uDE00" to "e28h",
            ).forEach { (text, encoded) -> withClue(text) { Punycode.encode(text) shouldBe encoded } }
        }
    })
