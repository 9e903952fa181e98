package asyncio.internal.http.connect

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain

class EnvironmentProxiesSpec :
    FunSpec({
        fun proxy(
            vararg environment: Pair<String, String>,
            scheme: String = "http",
            host: String = "example.com",
            port: Int = 80,
        ) = EnvironmentProxies(mapOf(*environment)).proxyFor(scheme, host, port)?.toString()

        test("each scheme has its variable") {
            val environment =
                arrayOf(
                    "HTTP_PROXY" to "http://a:1",
                    "HTTPS_PROXY" to "https://b:2",
                    "WS_PROXY" to "socks5://c:3",
                    "WSS_PROXY" to "http://d:4",
                )
            proxy(*environment, scheme = "http") shouldBe "http://a:1"
            proxy(*environment, scheme = "https") shouldBe "https://b:2"
            proxy(*environment, scheme = "ws") shouldBe "socks5://c:3"
            proxy(*environment, scheme = "wss") shouldBe "http://d:4"
            proxy("HTTP_PROXY" to "http://a:1", scheme = "https") shouldBe null
            proxy("HTTP_PROXY" to "http://a:1", scheme = "ws") shouldBe null
            proxy() shouldBe null
        }

        test("ALL_PROXY is for the others") {
            proxy("ALL_PROXY" to "http://a:1", scheme = "wss") shouldBe "http://a:1"
            proxy("all_proxy" to "http://a:1", "HTTP_PROXY" to "http://b:2") shouldBe "http://b:2"
        }

        test("lower case goes first, also where it is empty") {
            proxy("HTTP_PROXY" to "http://a:1", "http_proxy" to "http://b:2") shouldBe "http://b:2"
            proxy("HTTP_PROXY" to "http://a:1", "http_proxy" to "") shouldBe null
            proxy("HTTP_PROXY" to "") shouldBe null
            proxy("HTTP_PROXY" to "http://a:1", "NO_PROXY" to "*", "no_proxy" to "") shouldBe "http://a:1"
        }

        test("a CGI script does not believe HTTP_PROXY") {
            proxy("HTTP_PROXY" to "http://a:1", "REQUEST_METHOD" to "GET") shouldBe null
            proxy("http_proxy" to "http://a:1", "REQUEST_METHOD" to "GET") shouldBe "http://a:1"
            proxy("HTTPS_PROXY" to "http://a:1", "REQUEST_METHOD" to "GET", scheme = "https") shouldBe "http://a:1"
        }

        test("without a scheme it is an HTTP proxy") {
            proxy("HTTP_PROXY" to "proxy.example:3128") shouldBe "http://proxy.example:3128"
            proxy("HTTP_PROXY" to " 10.0.0.1 ") shouldBe "http://10.0.0.1:80"
        }

        test("user and password") {
            val found = EnvironmentProxies(mapOf("http_proxy" to "http://me:p%40ss@a:1")).proxyFor("http", "b", 80)!!
            found.user() shouldBe "me"
            found.password() shouldBe "p@ss"
        }

        test("a malformed value names its variable, but is not shown") {
            for (value in listOf(
                "ftp://me:secret@a",
                "http://me:secret@a:99999",
                "http://me:secret@",
                "http://me:secret@a/b",
            )) {
                val error = shouldThrow<IllegalArgumentException> { proxy("HTTPS_PROXY" to value, scheme = "https") }
                error.message!! shouldContain "HTTPS_PROXY"
                error.stackTraceToString() shouldNotContain "secret"
            }
        }

        test("NO_PROXY") {
            // entry, host, port, whether it is connected to directly
            val table =
                listOf(
                    Triple("*", "anything:80", true),
                    Triple("example.com", "example.com:80", true),
                    Triple("example.com", "www.example.com:80", true),
                    Triple("example.com", "badexample.com:80", false),
                    Triple("example.com", "example.com.evil:80", false),
                    Triple("example.com", "example.org:80", false),
                    Triple(".example.com", "www.example.com:80", true),
                    Triple(".example.com", "example.com:80", true),
                    Triple("*.example.com", "www.example.com:80", true),
                    Triple("EXAMPLE.com", "example.com:80", true),
                    Triple("example.com.", "example.com:80", true),
                    Triple("example.com", "example.com.:80", true),
                    Triple("example.com:80", "example.com:80", true),
                    Triple("example.com:8080", "example.com:80", false),
                    Triple("example.com:8080", "www.example.com:8080", true),
                    Triple("example.com:x", "example.com:80", false),
                    Triple("a.b, example.com ,c.d", "example.com:80", true),
                    Triple("a.b c.d example.com", "example.com:80", true),
                    Triple(",,", "example.com:80", false),
                    Triple("", "example.com:80", false),
                    Triple(".", "example.com:80", false),
                    Triple("localhost", "localhost:80", true),
                    Triple("127.0.0.1", "127.0.0.1:80", true),
                    Triple("127.0.0.1:81", "127.0.0.1:80", false),
                    Triple("0.0.1", "127.0.0.1:80", false),
                    Triple("127.0.0.0/8", "127.1.2.3:80", true),
                    Triple("127.0.0.0/8", "128.0.0.1:80", false),
                    Triple("10.0.0.0/33", "10.0.0.0:80", false),
                    Triple("0.0.0.0/0", "10.1.1.1:80", true),
                    Triple("10.0.0.0/8", "10.example.com:80", false),
                    Triple("::1", "::1:80", true),
                    Triple("[::1]", "::1:80", true),
                    Triple("[::1]:81", "::1:80", false),
                    Triple("[::1]:80", "::1:80", true),
                    Triple("0:0:0:0:0:0:0:1", "::1:80", true),
                    Triple("fd00::/8", "fd12::1:80", true),
                    Triple("fd00::/8", "fe80::1:80", false),
                )
            for ((entry, target, isDirect) in table) {
                val host = target.substringBeforeLast(':')
                val port = target.substringAfterLast(':').toInt()
                withClue("NO_PROXY=$entry $target") {
                    val found = proxy("HTTP_PROXY" to "http://a:1", "NO_PROXY" to entry, host = host, port = port)
                    found shouldBe if (isDirect) null else "http://a:1"
                }
            }
        }
    })
