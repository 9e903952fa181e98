package asyncio.internal.http.auth

import asyncio.http.BasicAuth
import asyncio.kotlin.runAsyncio
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldNotContain
import io.kotest.matchers.string.shouldStartWith
import java.nio.file.Files
import java.nio.file.attribute.FileTime
import java.util.logging.Handler
import java.util.logging.LogRecord
import java.util.logging.Logger

class NetrcSpec :
    FunSpec({
        fun credentials(
            text: String,
            host: String,
        ): String? = Netrc.parse(text).credentials(host)?.let { it.login + " / " + it.password }

        test("machines, in all their forms") {
            val text =
                """
                # a comment
                machine a.com login me password secret
                machine b.com
                    login "you there"
                    account x
                    password "a \"quoted\" #1"
                machine C.com user he password #nocomment # a comment
                macdef init
                machine evil.com login x password y

                machine d.com login a\ b password \"x
                machine e.com
                machine f.com password only
                machine g.com account acc password p
                machine a.com login last password wins
                machine h.com login no password ""
                """.trimIndent()
            mapOf(
                "a.com" to "last / wins",
                "A.COM" to "last / wins",
                "b.com" to "you there / a \"quoted\" #1",
                "c.com" to "he / #nocomment",
                "d.com" to "a b / \"x",
                "e.com" to null,
                "f.com" to null,
                "g.com" to "acc / p",
                "h.com" to "no / ",
                "evil.com" to null,
                "sub.a.com" to null,
                "" to null,
            ).forEach { (host, expected) -> withClue(host) { credentials(text, host) shouldBe expected } }
        }

        test("the default is for all others") {
            val text = "default login anonymous password me@here\nmachine a.com login x password y\n"
            credentials(text, "a.com") shouldBe "x / y"
            credentials(text, "b.com") shouldBe "anonymous / me@here"
        }

        test("odd but right") {
            credentials("", "a") shouldBe null
            credentials("#", "a") shouldBe null
            credentials("\uFEFFmachine a login b password c", "a") shouldBe "b / c"
            credentials("machine a\r\n\tlogin b\r\npassword c\r\n# x\r\n", "a") shouldBe "b / c"
            credentials("machine machine login login password password", "machine") shouldBe "login / password"
            credentials("macdef m\nfoo\nbar", "a") shouldBe null
            credentials("macdef m\r\nfoo\r\n\r\nmachine a login b", "a") shouldBe "b / "
            credentials("machine a login b:c password d", "a") shouldBe null
            credentials("machine a login b password c #x\n#y\n\n#\nmachine d login e", "d") shouldBe "e / "
        }

        test("what is none says where, and no secret") {
            mapOf(
                "machine a login b password c\nhunter2" to 2,
                "hunter2" to 1,
                "login hunter2" to 1,
                "\n\npassword hunter2" to 3,
                "machine" to 1,
                "machine a login" to 1,
                "machine a password \"hunter2" to 1,
                "macdef" to 1,
                "default hunter2" to 1,
                "macdef x\n\npassword hunter2" to 3,
            ).forEach { (text, line) ->
                withClue(text) {
                    val message = shouldThrow<Netrc.BadNetrc> { Netrc.parse(text) }.message!!
                    message shouldStartWith "line $line: "
                    message shouldNotContain "hunter2"
                }
            }
        }

        /** What is logged as a warning meanwhile. */
        fun warnings(action: suspend () -> Unit): List<String> {
            val logger = Logger.getLogger("asyncio")
            val messages = ArrayList<String>()
            val handler =
                object : Handler() {
                    override fun publish(record: LogRecord) {
                        messages.add(record.message)
                    }

                    override fun flush() = Unit

                    override fun close() = Unit
                }
            logger.addHandler(handler)
            logger.useParentHandlers = false
            try {
                runAsyncio(action)
            } finally {
                logger.removeHandler(handler)
                logger.useParentHandlers = true
            }
            return messages
        }

        test("the file is the one that NETRC names, or one at home") {
            val home = tempdir().toPath()
            val environment = HashMap<String, String>()
            val file = NetrcFile(environment::get) { home }
            warnings {
                file.credentials("h") shouldBe null
                Files.writeString(home.resolve("_netrc"), "machine h login underscore")
                file.credentials("h")?.login shouldBe "underscore"
                Files.writeString(home.resolve(".netrc"), "machine h login dot")
                file.credentials("h") shouldBe BasicAuth("dot", "")
                environment["NETRC"] = ""
                file.credentials("h")?.login shouldBe "dot"
                Files.writeString(home.resolve("named"), "machine h login named")
                environment["NETRC"] = home.resolve("named").toString()
                file.credentials("h")?.login shouldBe "named"
            } shouldBe emptyList()
        }

        test("a file that changes is read again") {
            val home = tempdir().toPath()
            val path = home.resolve(".netrc")
            val file = NetrcFile({ null }) { home }
            runAsyncio {
                Files.writeString(path, "machine h login one")
                file.credentials("h")?.login shouldBe "one"
                Files.writeString(path, "machine h login two")
                Files.setLastModifiedTime(path, FileTime.fromMillis(1_000_000))
                file.credentials("h")?.login shouldBe "two"
                Files.delete(path)
                file.credentials("h") shouldBe null
            }
        }

        test("a file that cannot be used is one warning, and no failure") {
            val home = tempdir().toPath()
            val path = home.resolve(".netrc")
            Files.writeString(path, "machine h login x password y\nrubbish hunter2")
            val bad = NetrcFile({ null }) { home }
            val about =
                warnings {
                    repeat(3) { bad.credentials("h") shouldBe null }
                }
            about shouldBe
                listOf("$path is not used, because it cannot be understood: line 2: a word that means nothing there")

            val missing = NetrcFile({ home.resolve("none").toString() }) { home }
            warnings { repeat(3) { missing.credentials("h") shouldBe null } } shouldBe
                listOf("Could not read ${home.resolve("none")} for logins and passwords: it does not exist")

            val directory = NetrcFile({ home.toString() }) { home }
            warnings { repeat(3) { directory.credentials("h") shouldBe null } }.size shouldBe 1
        }
    })
