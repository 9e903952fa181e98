package asyncio.internal.http.message

import asyncio.http.ClientException
import asyncio.http.InvalidUrlException
import asyncio.http.NonHttpUrlException
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldNotContain

class UrlSpec :
    FunSpec({
        fun parsed(
            text: String,
            base: String? = null,
        ) = Url.parse(text, base?.let { Url.parse(it) }).toString()

        test("a URL is normalised as far as its meaning stays") {
            mapOf(
                "http://example.com" to "http://example.com/",
                "HTTP://Example.COM:80/A" to "http://example.com/A",
                "https://example.com:443" to "https://example.com/",
                "https://example.com:80" to "https://example.com:80/",
                "http://example.com?a=1" to "http://example.com/?a=1",
                "http://example.com#x" to "http://example.com/",
                "http://example.com/a?b#c?d" to "http://example.com/a?b",
                "http://example.com/?" to "http://example.com/?",
                "http://example.com:/" to "http://example.com/",
                "http://example.com./" to "http://example.com/",
                "http://[::1]:8080/" to "http://[::1]:8080/",
                "http://[::FFFF:1.2.3.4]" to "http://[::ffff:1.2.3.4]/",
                "http://user:secret@example.com/" to "http://example.com/",
                "http://my_host-1.local/" to "http://my_host-1.local/",
                "http://bücher.example/" to "http://xn--bcher-kva.example/",
                "http://192.168.0.1/" to "http://192.168.0.1/",
            ).forEach { (text, expected) -> withClue(text) { parsed(text) shouldBe expected } }
        }

        test("what may not stand in a URL is encoded, what is encoded stays") {
            mapOf(
                "/a b" to "/a%20b",
                "/ä/😀" to "/%C3%A4/%F0%9F%98%80",
                "/a%2fb%2Fc" to "/a%2fb%2Fc",
                "/100%" to "/100%25",
                "/%zz" to "/%25zz",
                "/a|b[c]\"<>\\^`{}" to "/a%7Cb%5Bc%5D%22%3C%3E%5C%5E%60%7B%7D",
                "/!$&'()*+,;=:@-._~" to "/!$&'()*+,;=:@-._~",
                "/?q=a b+c&d=ä/?:@" to "/?q=a%20b+c&d=%C3%A4/?:@",
            ).forEach { (path, expected) ->
                withClue(path) { parsed("http://h$path") shouldBe "http://h$expected" }
            }
        }

        test("the examples of RFC 3986, 5.4") {
            mapOf(
                "g" to "http://a/b/c/g",
                "./g" to "http://a/b/c/g",
                "g/" to "http://a/b/c/g/",
                "/g" to "http://a/g",
                "//g" to "http://g/",
                "?y" to "http://a/b/c/d;p?y",
                "g?y" to "http://a/b/c/g?y",
                "#s" to "http://a/b/c/d;p?q",
                "g#s" to "http://a/b/c/g",
                ";x" to "http://a/b/c/;x",
                "" to "http://a/b/c/d;p?q",
                "." to "http://a/b/c/",
                "./" to "http://a/b/c/",
                ".." to "http://a/b/",
                "../g" to "http://a/b/g",
                "../.." to "http://a/",
                "../../g" to "http://a/g",
                "../../../g" to "http://a/g",
                "/./g" to "http://a/g",
                "/../g" to "http://a/g",
                "g." to "http://a/b/c/g.",
                ".g" to "http://a/b/c/.g",
                "g.." to "http://a/b/c/g..",
                "./g/." to "http://a/b/c/g/",
                "g/./h" to "http://a/b/c/g/h",
                "g/../h" to "http://a/b/c/h",
                "g?y/./x" to "http://a/b/c/g?y/./x",
            ).forEach { (text, expected) -> withClue(text) { parsed(text, "http://a/b/c/d;p?q") shouldBe expected } }
        }

        test("an absolute URL overrides the base") {
            parsed("https://other:8443/x", "http://a/b/") shouldBe "https://other:8443/x"
        }

        test("what is no URL is refused") {
            listOf(
                "",
                "relative",
                "http:",
                "http:/host",
                "http://",
                "http://:80",
                "http://user@",
                "http://a b/",
                "http://a\\b/",
                "http://a%41/",
                "http://h:0/",
                "http://h:65536/",
                "http://h:80a/",
                "http://h:-1/",
                "http://a..b/",
                "http://.a/",
                "http://[::1/",
                "http://[::1]x/",
                "http://[1.2.3.4]/",
                "http://[fe80::1%25]/",
                "http://[fe80::1%25a/b]/",
                "http://good.example\\@evil.example/",
                "//good.example\\.evil.example/",
                "http:\\\\h/",
                "http://a\u200db/",
                "http://2130706433/",
                "http://127.1/",
                "http://0177.0.0.1/",
                "http://0x7f.0.0.1/",
                "http://010.0.0.1/",
                "http://1.2.3.08/",
                "http://1.2.3.256/",
                "http://h/\u0000",
                "http://h/a\r\nb",
                " http://h/",
            ).forEach { withClue(it) { shouldThrow<InvalidUrlException> { Url.parse(it) } } }
        }

        test("other schemes are refused") {
            listOf("ftp://h/", "file:///etc/passwd", "localhost:8080/x", "mailto:a@b")
                .forEach { withClue(it) { shouldThrow<NonHttpUrlException> { Url.parse(it) } } }
        }

        test("a message does not show the password") {
            for (text in listOf(
                "http://user:SECRET@h:0/",
                "http://me:pa/SECRET@host.example/",
                "http://me:pa?SECRET@host.example/",
                "http://me:pa#SECRET@host.example/",
                "http://me:pa\\SECRET@host.example/",
                "http://me:SECRET/pa@host.example:port/",
                "http://me:@/SECRET@host.example:port/",
                "http:me:SECRET@host",
                "http:/me:SECRET@host",
                "http:///me:SECRET@host",
                "http:me@:SECRET@host",
                "https:\\\\me:SECRET@host",
                "HTTP:me:SECRET@host",
                "ftp:me:SECRET@host",
                "ftp://me:SECRET@host",
                "//me:pa/SECRET@host",
                "me:SECRET@host",
                "http//me:SECRET@host",
                " http://me:SECRET@host/",
                "http://me:SECRET@host/\u0000",
                "http://me:SECRET@h ost/",
                "http://me:SECRET@ü\u200d.example/",
            )) {
                withClue(text) {
                    shouldThrow<ClientException> { Url.parse(text) }.let { refused ->
                        generateSequence<Throwable>(refused) { it.cause }.forEach { "$it" shouldNotContain "SECRET" }
                    }
                    Url.shown(text) shouldNotContain "SECRET"
                }
            }
        }

        test("what is no secret is shown") {
            mapOf(
                "http://me:pw@h/p" to "http://…@h/p",
                "http://h:4873/@scope/p" to "http://h:4873/@scope/p",
                "http://[::1]:80/a@b" to "http://[::1]:80/a@b",
                "/users/a@b" to "/users/a@b",
                "relative" to "relative",
                "http://h/a\nb" to "http://h/a\uFFFDb",
                "http://me:pa/word@h/p" to "http://…@h/p",
            ).forEach { (text, shown) -> withClue(text) { Url.shown(text) shouldBe shown } }
        }

        test("addresses of IPv6") {
            mapOf(
                "http://[0:0:0:0:0:0:0:1]/" to "http://[::1]/",
                "http://[::ffff:7f00:1]/" to "http://[::ffff:127.0.0.1]/",
                "http://[1:0:0:2:0:0:0:3]/" to "http://[1:0:0:2::3]/",
                "http://[1:0:2:3:4:5:6:7]/" to "http://[1:0:2:3:4:5:6:7]/",
                "http://[::1.2.3.4]/" to "http://[::102:304]/",
                "http://[::]/" to "http://[::]/",
                "http://[2001:DB8::]/" to "http://[2001:db8::]/",
                "http://[fe80::1%25eth0]:81/" to "http://[fe80::1%25eth0]:81/",
                "http://[FE80::1%eth0]/" to "http://[fe80::1%25eth0]/",
            ).forEach { (text, expected) -> withClue(text) { parsed(text) shouldBe expected } }
            // RFC 6874: the zone means something on this machine only.
            Url.parse("http://[fe80::1%25eth0]:81/").authority shouldBe "[fe80::1]:81"
            Url.parse("http://[fe80::1%25eth0]:81/").host shouldBe "fe80::1%eth0"
            Url.parse(Url.parse("http://[fe80::1%25eth0]/").toString()).host shouldBe "fe80::1%eth0"
        }

        test("parameters come after the query") {
            Url.parse("http://h/p").withParams("a=1").target shouldBe "/p?a=1"
            Url.parse("http://h/p?b").withParams("a=1").target shouldBe "/p?b&a=1"
            Url.parse("http://h/p?").withParams("a=1").target shouldBe "/p?a=1"
        }
    })
