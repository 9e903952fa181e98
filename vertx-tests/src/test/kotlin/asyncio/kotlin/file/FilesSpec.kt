package asyncio.kotlin.file

import asyncio.CancelledError
import asyncio.file.TextOptions
import asyncio.file.UnicodeDecodeException
import asyncio.file.WalkOptions
import asyncio.kotlin.await
import asyncio.kotlin.createTask
import asyncio.kotlin.iterator
import asyncio.kotlin.runAsyncio
import asyncio.kotlin.sleep
import asyncio.kotlin.use
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.launch
import java.io.IOException
import java.nio.charset.StandardCharsets
import java.nio.file.AccessMode
import java.nio.file.Files
import java.nio.file.NoSuchFileException
import kotlin.time.Duration

/** Files in suspend functions. */
class FilesSpec :
    FunSpec({
        val folder = tempdir().toPath()

        test("a block has a file, which is closed after it") {
            val path = folder.resolve("block")
            runAsyncio {
                val size =
                    openFile(path, "wb") { file ->
                        for (i in 1..1000) await(file.write("line $i\n".toByteArray()))
                        await(file.tell())
                    }
                size shouldBe Files.size(path)
                openTextFile(path) { file ->
                    var count = 0
                    for (line in file) line shouldBe "line ${++count}\n"
                    count shouldBe 1000
                }
                useLines(path) { lines -> await(lines.anext()) } shouldBe "line 1"
                var letters = 0
                forEachLine(path) { letters += it.length }
                letters + 1000L shouldBe size
                shouldThrow<IOException> { openFile(path, "wb") { throw IOException("of the block") } }.message shouldBe
                    "of the block"
                Files.size(path) shouldBe 0
                shouldThrow<NoSuchFileException> { openFile(folder.resolve("missing")) { } }
            }
        }

        test("a file that was opened without a block is used as other managers are") {
            val path = folder.resolve("manager")
            runAsyncio {
                openTextFile(path, "w").use { await(it.write("x")) } shouldBe 1
                val file = openFile(path)
                await(file.read()).decodeToString() shouldBe "x"
                await(file.aclose())
                file.closed() shouldBe true
            }
        }

        test("files are read and written as a whole") {
            val path = folder.resolve("whole")
            runAsyncio {
                writeText(path, "é\n")
                appendText(path, "more")
                readText(path) shouldBe "é\nmore"
                writeBytes(path, byteArrayOf(1))
                appendBytes(path, byteArrayOf(2))
                readBytes(path).toList() shouldBe listOf<Byte>(1, 2)
                replaceText(path, "é", TextOptions.encoding(StandardCharsets.ISO_8859_1))
                shouldThrow<UnicodeDecodeException> { readText(path) }
                replaceBytes(path, byteArrayOf(3))
                replacing(path) { file ->
                    await(file.write(byteArrayOf(4)))
                    readBytes(path).toList() shouldBe listOf<Byte>(3)
                }
                val seen = ArrayList<Long>()
                copyfile(path, folder.resolve("copy")) { copied, total -> seen += listOf(copied, total) } shouldBe 1
                seen shouldContainExactly listOf(1L, 1L)
                copyfile(path, folder.resolve("copy")) shouldBe 1
                readBytes(folder.resolve("copy")).toList() shouldBe listOf<Byte>(4)
            }
        }

        test("the calls of the operating system suspend") {
            val top = folder.resolve("os")
            runAsyncio {
                makedirs(top.resolve("a/b"))
                makedirs(top.resolve("a/b"), existOk = true)
                mkdir(top.resolve("c"))
                touch(top.resolve("a/file"))
                symlink(top.resolve("a"), top.resolve("link"))
                exists(top) && isdir(top) && isfile(top.resolve("a/file")) && islink(top.resolve("link")) shouldBe true
                samefile(top.resolve("a"), top.resolve("link")) shouldBe true
                access(top, AccessMode.READ) shouldBe true
                getsize(top.resolve("a/file")) shouldBe stat(top.resolve("a/file")).stSize()
                lstat(top.resolve("link")).isSymbolicLink shouldBe true
                readlink(top.resolve("link")) shouldBe top.resolve("a")
                listdir(top).toSet() shouldBe setOf("a", "c", "link")
                scandir(top.resolve("a")).map { it.name() }.toSet() shouldBe setOf("b", "file")
                link(top.resolve("a/file"), top.resolve("a/other"))
                rename(top.resolve("a/other"), top.resolve("a/third"))
                replace(top.resolve("a/third"), top.resolve("a/file"))
                renames(top.resolve("a/file"), top.resolve("d/e/file"))
                unlink(top.resolve("link"))
                remove(top.resolve("d/e/file"))
                removedirs(top.resolve("d/e"))
                rmdir(top.resolve("c"))
                val walked = ArrayList<String>()
                for (entry in walk(top, WalkOptions.DEFAULT.withTopdown(false))) {
                    walked +=
                        "${top.relativize(entry.dirpath())}"
                }
                walked shouldContainExactly listOf("a/b", "a", "")
                rmtree(top)
                exists(top) shouldBe false
                (diskUsage(folder).free() > 0) shouldBe true
            }
        }

        test("temporary files are gone after their block") {
            runAsyncio {
                val name =
                    namedTemporaryFile(folder, "pre", ".suf") { file ->
                        await(file.write(byteArrayOf(1)))
                        exists(file.name()) shouldBe true
                        file.name()
                    }
                exists(name) shouldBe false
                temporaryFile { file ->
                    await(file.write(ByteArray(10)))
                    await(file.seek(0))
                    await(file.read()).size
                } shouldBe 10
                spooledTemporaryFile(5) { file ->
                    await(file.write(ByteArray(10)))
                    file.rolledOver()
                } shouldBe true
                val directory =
                    temporaryDirectory(folder) {
                        touch(it.resolve("x"))
                        it
                    }
                exists(directory) shouldBe false
            }
        }

        test("a cancelled block closes its file") {
            val path = folder.resolve("cancelled")
            runAsyncio {
                writeText(path, "old")
                val task =
                    createTask {
                        replacing(path) { file ->
                            await(file.write(byteArrayOf(1)))
                            sleep(Duration.INFINITE)
                        }
                    }
                while (listdir(folder).none { it.endsWith(".part") }) sleep(Duration.ZERO)
                task.cancel()
                shouldThrow<CancelledError> { await(task) }
                readText(path) shouldBe "old"
                listdir(folder).filter { it.endsWith(".part") } shouldBe listOf()
            }
        }

        test("what kotlinx launches reads beside its siblings") {
            val path = folder.resolve("siblings")
            runAsyncio {
                writeBytes(path, ByteArray(1_000_000))
                var total = 0
                openFile(path) { file ->
                    coroutineScope {
                        repeat(10) {
                            launch {
                                val bytes = await(file.read(100_000))
                                total += bytes.size
                            }
                        }
                    }
                }
                total shouldBe 1_000_000
            }
        }

        test("close in a suspend function cannot wait, and goes on by itself") {
            val path = folder.resolve("close")
            runAsyncio {
                val file = openTextFile(path, "w")
                await(file.write("text"))
                file.close()
                file.closed() shouldBe true
                await(file.aclose())
                readText(path) shouldBe "text"
            }
        }
    })
