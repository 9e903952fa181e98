package asyncio.internal.process

import asyncio.io.Command
import asyncio.io.Stdio
import java.io.File
import java.io.FileNotFoundException
import java.io.IOException
import java.nio.file.AccessDeniedException
import java.nio.file.Files
import java.nio.file.NoSuchFileException
import java.nio.file.NotDirectoryException

/** Whether stream [fd] is a pipe. */
internal fun Command.isPipe(fd: Int): Boolean =
    when (fd) {
        0 -> stdin()
        1 -> stdout()
        else -> stderr()
    } == Stdio.PIPE

/** What the JDK is told of a [Command], and what it says when that fails. */
internal object Programs {
    val isWindows: Boolean = File.separatorChar == '\\'
    private val NULL_DEVICE = File(if (isWindows) "NUL" else "/dev/null")
    private val ERROR_NUMBER = Regex("error[=:] ?(\\d+)")
    private val SHELLS = setOf("sh", "bash", "dash", "ash", "zsh", "ksh", "mksh", "busybox", "fish", "csh", "tcsh")

    private const val ENOENT = 2
    private const val EACCES = 13
    private const val ENOTDIR = 20

    /** Blocks for some milliseconds. */
    fun start(command: Command): Process =
        try {
            builder(command).start()
        } catch (error: IOException) {
            throw failure(command, error)
        }

    /** Whether an exit code above 128 most likely tells of a signal that has ended a command of a shell. */
    fun isShell(command: Command): Boolean = command.isShell || File(command.args()[0]).name in SHELLS

    private fun builder(command: Command): ProcessBuilder {
        val builder = ProcessBuilder(arguments(command))
        command.cwd()?.let { builder.directory(it.toFile()) }
        if (command.hasOwnEnv()) {
            val environment = builder.environment()
            environment.clear()
            environment.putAll(command.env())
        }
        builder.redirectInput(input(command.stdin()))
        builder.redirectOutput(output(command.stdout()))
        if (command.stderr() == Stdio.STDOUT) {
            builder.redirectErrorStream(true)
        } else {
            builder.redirectError(output(command.stderr()))
        }
        return builder
    }

    private fun arguments(command: Command): List<String> =
        when {
            !command.isShell -> command.args()
            isWindows -> listOf(System.getenv("COMSPEC") ?: "cmd.exe", "/c", command.args()[0])
            else -> listOf("/bin/sh", "-c", command.args()[0])
        }

    private fun input(stdio: Stdio?): ProcessBuilder.Redirect =
        when (stdio) {
            null, Stdio.INHERIT -> ProcessBuilder.Redirect.INHERIT
            Stdio.PIPE -> ProcessBuilder.Redirect.PIPE
            Stdio.DEVNULL -> ProcessBuilder.Redirect.from(NULL_DEVICE)
            else -> ProcessBuilder.Redirect.from(stdio.path()!!.toFile())
        }

    private fun output(stdio: Stdio?): ProcessBuilder.Redirect =
        when (stdio) {
            null, Stdio.INHERIT -> {
                ProcessBuilder.Redirect.INHERIT
            }

            Stdio.PIPE -> {
                ProcessBuilder.Redirect.PIPE
            }

            Stdio.DEVNULL -> {
                ProcessBuilder.Redirect.DISCARD
            }

            else -> {
                stdio.path()!!.toFile().let {
                    if (stdio.appending()) ProcessBuilder.Redirect.appendTo(it) else ProcessBuilder.Redirect.to(it)
                }
            }
        }

    // ---- failures

    /** The JDK has one class for all of them, and the number of the error in its message. */
    private fun failure(
        command: Command,
        error: IOException,
    ): IOException {
        val directory = command.cwd()
        if (directory != null && !Files.isDirectory(directory)) {
            val there = Files.exists(directory)
            return if (there) {
                caused(
                    NotDirectoryException("$directory"),
                    error,
                )
            } else {
                noSuch("$directory", "no such working directory", error)
            }
        }
        val program = if (command.isShell) arguments(command)[0] else command.args()[0]
        if (error.cause is FileNotFoundException || error is FileNotFoundException) return fileFailure(command, error)
        return when (
            ERROR_NUMBER
                .find(error.message.orEmpty())
                ?.groupValues
                ?.get(1)
                ?.toInt()
        ) {
            ENOENT -> noSuch(program, "no such program", error)
            EACCES -> caused(AccessDeniedException(program, null, "not executable"), error)
            ENOTDIR -> noSuch(program, "no such program", error)
            else -> error
        }
    }

    private fun fileFailure(
        command: Command,
        error: IOException,
    ): IOException {
        val input = command.stdin()?.path()
        if (input != null && !Files.exists(input)) return noSuch("$input", "for stdin", error)
        val message = (error.cause as? FileNotFoundException ?: error).message.orEmpty()
        val file = message.substringBefore(" (")
        return if ("denied" in message) caused(AccessDeniedException(file), error) else noSuch(file, message, error)
    }

    private fun noSuch(
        file: String,
        reason: String,
        error: IOException,
    ): IOException = caused(NoSuchFileException(file, null, reason), error)

    private fun caused(
        plain: IOException,
        error: IOException,
    ): IOException = plain.apply { initCause(error) }
}
