package asyncio.internal.http.cookie

import asyncio.http.Cookie
import asyncio.http.CookieJar
import asyncio.internal.http.message.Url
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldNotContain
import java.net.URI
import java.util.function.Predicate

/** What a session makes of cookies. */
class CookieHeaderSpec :
    FunSpec({
        test("one source is sent as it is") {
            CookieHeader.merge(null, null, null) shouldBe null
            CookieHeader.merge(null, emptyMap(), "") shouldBe null
            CookieHeader.merge("a=1; b=2", null, null) shouldBe "a=1; b=2"
            CookieHeader.merge(null, null, "a=1;b = 2") shouldBe "a=1;b = 2"
            CookieHeader.merge(null, mapOf("a" to "x y", "b" to "2"), null) shouldBe "a=\"x y\"; b=2"
        }

        test("the request counts most, then the jar, then the header") {
            CookieHeader.merge("a=jar; b=jar", mapOf("a" to "request"), "a=header; b=header; c=header") shouldBe
                "c=header; b=jar; a=request"
            CookieHeader.merge("a=jar", null, "a=header; aa=header") shouldBe "aa=header; a=jar"
            CookieHeader.merge(null, mapOf("a" to "1"), " b=2;;c ; ab=3") shouldBe "b=2; c; ab=3; a=1"
        }

        test("a header of the user's own stays as it is, quotes and all") {
            // aiohttp: test_update_cookies_with_quoted_existing_header
            val own = "session=\"a;b\"; t=1"
            CookieHeader.merge(null, mapOf("c" to "3"), own) shouldBe "$own; c=3"
            CookieHeader.merge("c=3", null, own) shouldBe "$own; c=3"
            CookieHeader.merge("c=3", null, "a=1;b=2") shouldBe "a=1;b=2; c=3"
            CookieHeader.merge("t=2", null, own) shouldBe "session=\"a;b\"; t=2"
            CookieHeader.merge("session=2", null, own) shouldBe "t=1; session=2"
            CookieHeader.merge("b=2", null, "q=\"\\\";b=1\"; t = \" ; b=\"") shouldBe
                "q=\"\\\";b=1\"; t = \" ; b=\"; b=2"
            // Without the second quote it is none.
            CookieHeader.merge("b=2", null, "a=\"1; b=1") shouldBe "a=\"1; b=2"
            CookieHeader.renew(own, "t=2", setOf("t")) shouldBe "session=\"a;b\"; t=2"
            CookieHeader.renew(own, "x=2", setOf("x")) shouldBe "$own; x=2"
        }

        test("cookies of one name for several paths all stay") {
            CookieHeader.merge("a=deep; a=top", mapOf("b" to "1"), null) shouldBe "a=deep; a=top; b=1"
        }

        test("what a response has set replaces what was sent") {
            CookieHeader.renew("a=1; b=2; aa=3", "a=new; b=jar; c=new; d=jar", setOf("a", "c", "e")) shouldBe
                "b=2; aa=3; a=new; c=new"
            CookieHeader.renew("a=1; b=2", null, setOf("a")) shouldBe "b=2"
            CookieHeader.renew("a=1", null, setOf("a")) shouldBe null
            CookieHeader.renew("", "a=1", setOf("a")) shouldBe "a=1"
            CookieHeader.renew(null, null, setOf("a")) shouldBe null
        }

        test("nothing can be smuggled in") {
            CookieHeader.merge(null, mapOf("a" to "1; admin=yes\r\nX: y"), null) shouldBe
                "a=\"1\\073 admin=yes\\015\\012X: y\""
            for (value in listOf("1; admin=yes", "1\r\nX: y", "1\u0000")) {
                shouldThrow<IllegalArgumentException> {
                    CookieHeader.merge(
                        null,
                        mapOf("a" to value),
                        null,
                        quote = false,
                    )
                }.message!! shouldNotContain "admin"
            }
            for (name in listOf("", "a;b", "a=b", "a\nb", " a")) {
                shouldThrow<IllegalArgumentException> { CookieHeader.merge(null, mapOf(name to "1"), null) }
            }
        }

        test("a jar of the user's own is asked") {
            val kept = ArrayList<Cookie>()
            val asked = ArrayList<URI>()
            val jar =
                object : CookieJar {
                    override fun updateCookies(
                        cookies: Iterable<Cookie>,
                        responseUrl: URI,
                    ) {
                        asked.add(responseUrl)
                        kept.addAll(cookies)
                    }

                    override fun filterCookies(requestUrl: URI): List<Cookie> {
                        asked.add(requestUrl)
                        return kept
                    }

                    override fun clear(which: Predicate<in Cookie>) {
                        kept.removeIf(which)
                    }

                    override fun size() = kept.size

                    override fun iterator() = kept.iterator()
                }
            val url = Url.parse("http://my_host/a b?c")
            CookieHeader.of(jar, url) shouldBe null
            asked.size shouldBe 0
            CookieHeader.store(jar, listOf("a=\"1 2\"", "rubbish"), url)
            kept.add(Cookie.of("b", "3 4"))
            CookieHeader.of(jar, url) shouldBe "a=\"1 2\"; b=\"3 4\""
            asked shouldBe List(2) { URI.create("http://my_host/a%20b?c") }
            jar.clear()
            jar.isEmpty shouldBe true
        }

        test("the jar's way of quoting is that of the request") {
            val plain = CookieJar.builder().quoteCookie(false).build()
            val url = Url.parse("http://h/")
            CookieHeader.of(plain, url, mapOf("a" to "x y"), null) shouldBe "a=x y"
            CookieHeader.of(CookieJar.create(), url, mapOf("a" to "x y"), null) shouldBe "a=\"x y\""
        }
    })
