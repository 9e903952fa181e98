package asyncio.internal.http.cookie

import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe

class PublicSuffixesSpec :
    FunSpec({
        val suffixes = PublicSuffixes.INSTANCE

        test("rules of all kinds") {
            mapOf(
                "com" to true,
                "example.com" to false,
                "co.uk" to true,
                "uk" to true,
                "bbc.co.uk" to false,
                "www.bbc.co.uk" to false,
                "github.io" to true,
                "someone.github.io" to false,
                // *.ck, !www.ck
                "ck" to true,
                "anything.ck" to true,
                "shop.anything.ck" to false,
                "www.ck" to false,
                "a.www.ck" to false,
                // *.kawasaki.jp, !city.kawasaki.jp
                "kawasaki.jp" to false,
                "x.kawasaki.jp" to true,
                "city.kawasaki.jp" to false,
                "y.x.kawasaki.jp" to false,
                // internationalized
                "xn--55qx5d.cn" to true,
                "xn--fiqs8s" to true,
                "a.xn--fiqs8s" to false,
                // not in the list
                "localhost" to true,
                "corp" to true,
                "host.corp" to false,
                // the ends of the file
                "aaa" to true,
                "zw" to true,
                "zz" to true,
                "a.zz" to false,
                "" to true,
            ).forEach { (domain, expected) -> withClue(domain) { suffixes.contains(domain) shouldBe expected } }
        }

        test("every rule is found") {
            val lines =
                PublicSuffixes::class.java
                    .getResourceAsStream("public-suffixes.txt")!!
                    .reader()
                    .readLines()
                    .filterNot { it.startsWith("//") }
            lines.size shouldBe lines.toSet().size
            lines shouldBe lines.sorted()
            for (line in lines) {
                withClue(line) {
                    when {
                        line.startsWith("!") -> suffixes.contains(line.substring(1)) shouldBe false
                        line.startsWith("*.") -> suffixes.contains("no-such-name" + line.substring(1)) shouldBe true
                        else -> suffixes.contains(line) shouldBe true
                    }
                    val below = line.substringAfter('!').substringAfter("*.")
                    suffixes.contains("a.no-such-name.$below") shouldBe false
                }
            }
        }
    })
