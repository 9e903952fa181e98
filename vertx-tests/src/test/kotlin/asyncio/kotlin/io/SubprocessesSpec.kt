package asyncio.kotlin.io

import asyncio.CancelledError
import asyncio.io.Command
import asyncio.io.StandardStreams
import asyncio.io.Stdio
import asyncio.io.Subprocess
import asyncio.kotlin.await
import asyncio.kotlin.createTask
import asyncio.kotlin.iterator
import asyncio.kotlin.runAsyncio
import asyncio.kotlin.sleep
import asyncio.kotlin.timeout
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.StringSpec
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.async
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.launch
import java.nio.file.NoSuchFileException
import java.nio.file.Path
import kotlin.time.Duration.Companion.milliseconds

private suspend fun text(
    process: Subprocess,
    input: String,
) = await(process.communicate(input.encodeToByteArray())).stdoutText()

class SubprocessesSpec :
    StringSpec({
        "a program gets its arguments, its surroundings and its input" {
            runAsyncio {
                text(createSubprocessExec("sort", "-r", stdin = Stdio.PIPE, stdout = Stdio.PIPE), "a\nb\n") shouldBe
                    "b\na\n"
                val process =
                    createSubprocessShell(
                        "pwd; echo \$A",
                        stdout = Stdio.PIPE,
                        cwd = Path.of("/"),
                        env = mapOf("A" to "1"),
                    )
                await(process.communicate()).stdoutText() shouldBe "/\n1\n"
                process.awaitEnd() shouldBe 0
            }
        }

        "its lines are iterated" {
            runAsyncio {
                val process = createSubprocessShell("echo 1; echo 2; exit 3", stdout = Stdio.PIPE)
                val lines = ArrayList<String>()
                for (line in process.stdout().lines(Charsets.UTF_8)) lines += line
                lines shouldBe listOf("1", "2")
                process.awaitEnd() shouldBe 3
            }
        }

        "a block kills what still runs" {
            runAsyncio {
                var seen: Subprocess? = null
                Command.exec("sleep", "60").use { seen = it }
                seen!!.returncode() shouldBe -9
            }
        }

        "a run that is cut off by a timeout kills" {
            val before = ProcessHandle.current().children().count()
            runAsyncio {
                shouldThrow<asyncio.TimeoutException> {
                    timeout(
                        30.milliseconds,
                    ) { Command.exec("sleep", "60").runToEnd() }
                }
                ProcessHandle.current().children().count() shouldBe before
                Command.exec("cat").runToEnd("x".encodeToByteArray()).stdoutText() shouldBe "x"
            }
        }

        "a coroutine of kotlinx that is cancelled kills, too" {
            val before = ProcessHandle.current().children().count()
            runAsyncio {
                coroutineScope {
                    val job = launch { Command.exec("sleep", "60").runToEnd() }
                    sleep(30.milliseconds)
                    job.cancel()
                    job.join()
                    ProcessHandle.current().children().count() shouldBe before
                    async { Command.exec("echo", "hi").runToEnd().stdoutText() }.await() shouldBe "hi\n"
                }
            }
        }

        "a program that is not there" {
            runAsyncio {
                shouldThrow<NoSuchFileException> { createSubprocessExec("/no/such/program") }
                Unit
            }
        }

        "a task that is cancelled in a wait leaves the program alone" {
            runAsyncio {
                val process = createSubprocessExec("sleep", "60")
                val task = createTask { process.awaitEnd() }
                sleep(0.milliseconds)
                task.cancel()
                shouldThrow<CancelledError> { await(task) }
                process.returncode() shouldBe null
                process.kill()
                process.awaitEnd() shouldBe -9
            }
        }

        "standard output is a writer" {
            runAsyncio {
                val out = StandardStreams.stdout()
                (StandardStreams.stdout() === out) shouldBe true
                out.write("")
                await(out.drain())
            }
        }
    })
