package asyncio.api

import asyncio.ExceptionContext
import asyncio.internal.testing.collectReports
import asyncio.internal.testing.onNewThread
import asyncio.internal.testing.runVirtually
import io.kotest.core.annotation.Tags
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.ints.shouldBeGreaterThanOrEqual
import io.kotest.matchers.shouldBe
import org.jetbrains.kotlin.cli.common.arguments.K2JVMCompilerArguments
import org.jetbrains.kotlin.cli.common.messages.CompilerMessageSeverity
import org.jetbrains.kotlin.cli.common.messages.CompilerMessageSourceLocation
import org.jetbrains.kotlin.cli.common.messages.MessageCollector
import org.jetbrains.kotlin.cli.jvm.K2JVMCompiler
import org.jetbrains.kotlin.config.Services
import java.lang.reflect.InvocationTargetException
import java.net.URLClassLoader
import java.nio.file.Files
import java.nio.file.Path
import kotlin.coroutines.intrinsics.suspendCoroutineUninterceptedOrReturn
import kotlin.io.path.writeText

/** What people type without a look at the documentation compiles; and of each mistake somebody says what it is. */
@Tags("once")
class KotlinLinesSpec :
    FunSpec({
        val natural = read("kotlin-lines.txt").withPlaces()
        val mistakes = read("kotlin-mistakes.txt").map(Mistake::parse)

        test("natural lines compile, and so does what is said only when it runs") {
            natural.size shouldBeGreaterThanOrEqual 40
            mistakes.size shouldBeGreaterThanOrEqual 15
            val running = mistakes.filter { it.judge != "kotlinc" }
            val lines = running.map { it.line } + natural
            compiled(lines) { classes, errors ->
                errors.map { "${it.message} | ${it.place(lines)}" }.joinToString("\n") shouldBe ""
                val urls = arrayOf(classes.toUri().toURL())
                URLClassLoader(urls, KotlinLinesSpec::class.java.classLoader).use { loader ->
                    val type = loader.loadClass("Lines")
                    running
                        .mapIndexedNotNull { index, mistake ->
                            val run = if (mistake.line.suspends) ::saidInTask else ::saidOutside
                            mistake.unlessSaid(run(type, index))
                        }.joinToString("\n") shouldBe ""
                }
            }
        }

        test("the compiler refuses mistakes") {
            val refused = mistakes.filter { it.judge == "kotlinc" }
            val lines = refused.map { it.line }
            compiled(lines) { _, errors ->
                errors.filter { it.index !in lines.indices }.map { it.message }.joinToString("\n") shouldBe ""
                refused
                    .mapIndexedNotNull { index, mistake ->
                        mistake.unlessSaid(errors.filter { it.index == index }.map { it.message })
                    }.joinToString("\n") shouldBe ""
            }
        }
    })

private const val HEAD = """
import asyncio.*
import asyncio.kotlin.*
import kotlinx.coroutines.*
import kotlinx.coroutines.flow.*
import kotlinx.coroutines.future.*
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

class Lines {
    val list = ArrayList<String>()
    val lock = Lock.create()
    val semaphore = Semaphore.create(1)
    val condition = Condition.create()
    val event = Event.create()
    val tasks = ArrayList<Task<String>>()
    lateinit var task: Task<String>
    var count = 0

    suspend fun main() { list.add("main") }
    suspend fun hello(name: String): String = "hello " + name
    suspend fun number(n: Int): Int = n
    fun greeting(name: String): Coroutine<String> = coroutine { hello(name) }
    fun connection(): AsyncContextManager<String> = asyncContextManager { yield("connection") }
    fun numbers(): AsyncGenerator<Int> = asyncGenerator { yield(1); yield(2) }
    fun readFile(): String = java.io.StringReader("file").readText()
"""

/** A line of Kotlin, and whether it is the body of a suspend function. */
private class Line(
    val text: String,
    val suspends: Boolean = true,
)

private class Mistake(
    val judge: String,
    val message: String,
    val line: Line,
) {
    fun unlessSaid(said: List<String>): String? =
        if (said.any { message in it }) {
            null
        } else {
            "$judge: $message | ${line.text}\n    but: ${said.joinToString("\n    ")}"
        }

    companion object {
        fun parse(text: String): Mistake {
            val match = requireNotNull(FORM.matchEntire(text)) { "Not a mistake: $text" }
            val (judge, message, line) = match.destructured
            return Mistake(judge, message, Line(line, judge != "outside"))
        }

        private val FORM = Regex("(kotlinc|run|outside): (.+?) \\| (.+)")
    }
}

/** What the compiler has against the line with this index. */
private class Complaint(
    val index: Int,
    val message: String,
) {
    fun place(lines: List<Line>): String = lines.getOrNull(index)?.text ?: "line $index"
}

/** The lines of a file of the spec's, without comments. */
private fun read(name: String): List<String> =
    checkNotNull(KotlinLinesSpec::class.java.getResource("/api/$name"))
        .readText()
        .lines()
        .filter { it.isNotBlank() && !it.startsWith("#") }

private fun List<String>.withPlaces(): List<Line> {
    val inside = takeWhile { it != "= outside" }
    return inside.map { Line(it) } + drop(inside.size + 1).map { Line(it, suspends = false) }
}

/** Compiles [lines], each as a function of one class, and gives [check] the classes and the errors. */
private fun compiled(
    lines: List<Line>,
    check: (Path, List<Complaint>) -> Unit,
) {
    val directory = Files.createTempDirectory("lines")
    try {
        val source = directory.resolve("Lines.kt")
        val classes = Files.createDirectory(directory.resolve("classes"))
        val functions =
            lines.mapIndexed { index, line ->
                "${if (line.suspends) "suspend " else ""}fun line$index() { ${line.text} }\n"
            }
        source.writeText(HEAD + functions.joinToString("") + "}\n")
        check(classes, compile(source, classes))
    } finally {
        directory.toFile().deleteRecursively()
    }
}

private fun compile(
    source: Path,
    classes: Path,
): List<Complaint> {
    val complaints = ArrayList<Complaint>()
    val first = HEAD.lines().size
    val messages =
        object : MessageCollector {
            override fun clear() = complaints.clear()

            override fun hasErrors(): Boolean = complaints.isNotEmpty()

            override fun report(
                severity: CompilerMessageSeverity,
                message: String,
                location: CompilerMessageSourceLocation?,
            ) {
                if (severity.isError) complaints.add(Complaint((location?.line ?: 0) - first, message))
            }
        }
    val arguments =
        K2JVMCompilerArguments().apply {
            freeArgs = listOf(source.toString())
            classpath = System.getProperty("java.class.path")
            destination = classes.toString()
            noStdlib = true
            noReflect = true
            jvmTarget = "17"
        }
    K2JVMCompiler().exec(messages, Services.EMPTY, arguments)
    return complaints
}

/** What is thrown out of the line, and what is reported to the loop until it has closed. */
private fun saidInTask(
    type: Class<*>,
    index: Int,
): List<String> {
    val said = ArrayList<String>()
    var reports: List<ExceptionContext> = emptyList()
    said +=
        thrownBy {
            runVirtually {
                reports = collectReports()
                runLine(type, index)
            }
        }
    return said + reports.map { it.message() }
}

private fun saidOutside(
    type: Class<*>,
    index: Int,
): List<String> =
    thrownBy {
        onNewThread { unwrapped { type.getMethod("line$index").invoke(type.getConstructor().newInstance()) } }
    }

private suspend fun runLine(
    type: Class<*>,
    index: Int,
): Any? =
    suspendCoroutineUninterceptedOrReturn { continuation ->
        val method = type.methods.single { it.name == "line$index" }
        unwrapped { method.invoke(type.getConstructor().newInstance(), continuation) }
    }

private fun unwrapped(call: () -> Any?): Any? =
    try {
        call()
    } catch (error: InvocationTargetException) {
        throw error.targetException
    }

private fun thrownBy(code: () -> Any?): List<String> =
    listOfNotNull(runCatching { code() }.exceptionOrNull()?.stackTraceToString())
