package asyncio.internal.http.message

import asyncio.internal.http.mock.Glob
import io.kotest.assertions.withClue
import io.kotest.core.annotation.Tags
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.longs.shouldBeLessThan
import io.kotest.matchers.maps.shouldBeEmpty
import io.kotest.matchers.shouldBe

/** Link headers, by RFC 8288; and that the time for them grows with their length, and not faster. */
@Tags("once")
class LinksSpec :
    FunSpec({
        val base = Url.parse("http://h.example/a/b")

        fun parsed(vararg headers: String) =
            Links.parse(headers.toList(), base).mapValues { (_, links) -> links.map { it.url() to it.parameters() } }

        test("links and their parameters") {
            parsed("<c>; rel=next; title=\"a, b; \\\"c\\\"\", </d>;rel=\"prev first\";x", " <//o.example/>") shouldBe
                mapOf(
                    "next" to
                        listOf("http://h.example/a/c" to mapOf("rel" to "next", "title" to "a, b; \"c\"")),
                    "prev" to listOf("http://h.example/d" to mapOf("rel" to "prev first", "x" to "")),
                    "first" to listOf("http://h.example/d" to mapOf("rel" to "prev first", "x" to "")),
                    "http://o.example/" to listOf("http://o.example/" to emptyMap()),
                )
        }

        test("what is malformed is left out, what follows it is not") {
            for (bad in listOf(
                "<a> rel=x",
                "<a>; rel=\"x",
                "<a>; rel=x y",
                "<http://h:x/>; rel=x",
                "a; rel=x",
                "<ftp://h/>; rel=x",
            )) {
                withClue(bad) {
                    parsed("$bad, </b>; rel=good").keys shouldContainExactly
                        setOf("good").filter { '"' !in bad }
                }
            }
            for (text in listOf("", ",", "<", ">", "<>", "<a", "\"<a>\"")) {
                withClue(text) { parsed(text).keys.filter { "good" in it } shouldBe emptyList() }
            }
            parsed("<").shouldBeEmpty()
        }

        test("a legal title of any length") {
            val title = "x\\\"".repeat(20_000)
            parsed("<a>; rel=next; title=\"$title\"").getValue("next")[0].second["title"] shouldBe "x\"".repeat(20_000)
            parsed("<a>; rel=next" + ";a=b".repeat(20_000)).keys shouldContainExactly setOf("next")
        }

        test("a hundred hostile headers take no time") {
            for (unit in listOf("<", "<>", "<a>;", "<a>;x=\"", "<a>,", "<a> ", ">", "\"", "<a>;x=\"\\", ",", ";")) {
                val header = unit.repeat(8000 / unit.length)
                val start = System.nanoTime()
                parsed(*Array(100) { header })
                // A regular expression that goes back needs 25 seconds for the first of them.
                withClue(unit) { (System.nanoTime() - start) / 1_000_000 shouldBeLessThan 10_000 }
            }
        }

        test("a pattern of a mock with many stars takes no time either") {
            Glob("/*a*a*a*a*a*a*a*a*b").match("/" + "a".repeat(5000)) shouldBe null
            Glob("/{x}a{y}a{z}b").match("/" + "a".repeat(5000)) shouldBe null
        }

        test("the names of a pattern take as much as they can") {
            Glob("/{a}/{b}").match("/x/y") shouldBe mapOf("a" to "x", "b" to "y")
            Glob("/{a}/{b}").match("/x/y/z") shouldBe null
            Glob("/{a}/{b}").match("/x/") shouldBe null
            Glob("/{a}-{b}").match("/1-2-3") shouldBe mapOf("a" to "1-2", "b" to "3")
            Glob("/*/{a}").match("/1/2/3") shouldBe mapOf("a" to "3")
            Glob("*").match("") shouldBe emptyMap()
            Glob("/a{").match("/a{") shouldBe emptyMap()
            Glob("/a.c").match("/abc") shouldBe null
        }
    })
