package asyncio.internal.http.cookie

import asyncio.http.Cookie
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldNotContain
import java.time.Duration
import java.time.Instant

/** RFC 6265, 5.2, and what servers make of it. */
class SetCookieSpec :
    FunSpec({
        fun parsed(header: String): Cookie = SetCookie.parse(header)!!

        test("all attributes") {
            parsed(
                "sid=31d4; Expires=Wed, 09 Jun 2021 10:18:14 GMT; Max-Age=60; Domain=.Example.COM; Path=/docs;" +
                    " Secure; HttpOnly; SameSite=Lax; Partitioned; Unknown=x; ; =y",
            ) shouldBe
                Cookie
                    .builder("sid", "31d4")
                    .codedValue("31d4")
                    .expires(Instant.parse("2021-06-09T10:18:14Z"))
                    .maxAge(Duration.ofSeconds(60))
                    .domain("example.com")
                    .path("/docs")
                    .secure(true)
                    .httpOnly(true)
                    .sameSite(Cookie.SameSite.LAX)
                    .partitioned(true)
                    .build()
        }

        test("case, white space and order mean nothing") {
            parsed("\t sid \t=  31d4  ;MAX-AGE = 5 ;  httponly=yes;path = /a ") shouldBe
                parsed("sid=31d4; Path=/a; HttpOnly; Max-Age=5")
        }

        test("the last attribute of a name counts") {
            val cookie = parsed("a=b; Path=/1; Max-Age=1; Path=/2; Max-Age=2; Domain=x.org; Domain=y.org")
            cookie.path() shouldBe "/2"
            cookie.maxAge() shouldBe Duration.ofSeconds(2)
            cookie.domain() shouldBe "y.org"
            parsed("a=b; Domain=x.org; Domain=").domain() shouldBe null
            parsed("a=b; Path=/1; Path=x").path() shouldBe null
        }

        test("names and values that are not by the book") {
            mapOf(
                "ISAWPLB{A7F5-4F}=[x]; Path=/" to ("ISAWPLB{A7F5-4F}" to "[x]"),
                "a[b]=c=d==" to ("a[b]" to "c=d=="),
                "a b=c d" to ("a b" to "c d"),
                "a,b=c,d" to ("a,b" to "c,d"),
                "a:b@/=c" to ("a:b@/" to "c"),
                "a=" to ("a" to ""),
                "a=ü你" to ("a" to "ü你"),
                "\"a\"=b" to ("\"a\"" to "b"),
                "expires=x" to ("expires" to "x"),
                "\$Version=1" to ("\$Version" to "1"),
            ).forEach { (header, expected) ->
                withClue(header) {
                    val cookie = parsed(header)
                    cookie.name() to cookie.value() shouldBe expected
                    cookie.codedValue() shouldBe expected.second
                }
            }
        }

        test("quotes belong to the value as it is sent, not to what it means") {
            mapOf(
                "\"b c\"" to "b c",
                "\"\"" to "",
                "\"a\\\"b\\\\c\"" to "a\"b\\c",
                "\"a\\054b\\073c\\012\"" to "a,b;c\n",
                "\"\\351\"" to "é",
                "\"\\400\\08\\1\"" to "400081",
                "\"a\\" + "\"" to "a\\",
                "\"unmatched" to "\"unmatched",
                "unmatched\"" to "unmatched\"",
                "\"" to "\"",
                "a\"b\"c" to "a\"b\"c",
                "a\\054b" to "a\\054b",
            ).forEach { (coded, value) ->
                withClue(coded) {
                    val cookie = parsed("a=$coded; Path=/")
                    cookie.value() shouldBe value
                    cookie.codedValue() shouldBe coded
                    cookie.path() shouldBe "/"
                }
            }
        }

        test("a semicolon ends the value, also in quotes") {
            parsed("a=\"b;c\"; Path=/").codedValue() shouldBe "\"b"
        }

        test("Max-Age") {
            fun maxAge(text: String) = parsed("a=b; Max-Age=$text").maxAge()
            maxAge("0") shouldBe Duration.ZERO
            maxAge("-5") shouldBe Duration.ZERO
            maxAge("007") shouldBe Duration.ofSeconds(7)
            maxAge("99999999999999999999999") shouldBe Duration.ofSeconds(Long.MAX_VALUE)
            listOf(
                "",
                "-",
                "+5",
                "5s",
                "5.0",
                "--5",
                "٥",
                "string",
            ).forEach { withClue(it) { maxAge(it) shouldBe null } }
        }

        test("attributes without sense are left out") {
            val cookie = parsed("a=b; Expires=never; Path=; Domain=; SameSite=Often; Domain=.")
            cookie shouldBe Cookie.builder("a", "b").codedValue("b").build()
            parsed("a=b; Path=docs").path() shouldBe null
            parsed("a=b; Domain=example.com.").domain() shouldBe null
            parsed("a=b; Path=/" + "x".repeat(1024)).path() shouldBe null
            parsed("a=b; Path=/" + "x".repeat(1023)).path()!!.length shouldBe 1024
        }

        test("what is no cookie") {
            listOf(
                "",
                "a",
                ";",
                "=",
                "=b",
                " =b; Path=/",
                "; a=b",
                "Secure",
                "a; b=c",
                "a=b\u0000",
                "a\u0001=b",
                "a=\u007F",
            ).forEach { withClue(it) { SetCookie.parse(it) shouldBe null } }
            SetCookie.parse(listOf("a=1", "rubbish", "b=2")).map { it.name() } shouldBe listOf("a", "b")
        }

        test("a cookie does not show its value") {
            parsed("sid=hunter2; Domain=example.com; Path=/x").toString() shouldBe
                "<Cookie sid=… for all of example.com/x>"
            parsed("sid=hunter2").toString() shouldNotContain "hunter2"
        }

        test("values are quoted so that they come back") {
            mapOf(
                "" to "",
                "plain-Value_1/=+?{}[]()<>@:" to "plain-Value_1/=+?{}[]()<>@:",
                "two words" to "\"two words\"",
                "a,b;c" to "\"a\\054b\\073c\"",
                "say \"hi\" \\" to "\"say \\\"hi\\\" \\\\\"",
                "line\r\nbreak" to "\"line\\015\\012break\"",
                "café" to "\"caf\\351\"",
                "你" to "\"你\"",
            ).forEach { (value, coded) ->
                withClue(value) {
                    CookieValues.quote(value) shouldBe coded
                    CookieValues.unquote(coded) shouldBe value
                }
            }
        }
    })
