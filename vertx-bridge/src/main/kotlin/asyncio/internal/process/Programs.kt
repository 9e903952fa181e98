package asyncio.internal.process

import asyncio.io.Command
import asyncio.io.Stdio
import java.io.File
import java.io.FileNotFoundException
import java.io.IOException
import java.nio.charset.Charset
import java.nio.file.AccessDeniedException
import java.nio.file.FileSystemException
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

    /** They end with the exit code of a program elsewhere, which a shell has often given it. */
    private val FORWARDERS = setOf("docker", "podman", "nerdctl", "kubectl", "oc", "ssh", "npm", "npx", "pnpm", "yarn")

    /** They become the program behind their options. */
    private val PREFIXES =
        setOf("setsid", "setpriv", "env", "nice", "ionice", "nohup", "stdbuf", "taskset", "chrt", "sudo", "timeout")

    /** Where Python looks if the program gets no PATH. */
    private const val DEFAULT_PATH = "/bin:/usr/bin"

    /** What arguments are encoded with; null if they are not, or if that is not known. */
    private val native: Charset? =
        System.getProperty("sun.jnu.encoding")?.takeIf { !isWindows && Charset.isSupported(it) }?.let(Charset::forName)

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
    fun passesOnCodes(command: Command): Boolean {
        if (command.isShell) return true
        val names = command.args().map { File(it).name }
        return names[0] in SHELLS || names[0] in FORWARDERS ||
            names[0] in PREFIXES && names.any { it in SHELLS || it in FORWARDERS }
    }

    private fun builder(command: Command): ProcessBuilder {
        val arguments = arguments(command)
        arguments.forEach(::checkEncodable)
        val builder = ProcessBuilder(arguments)
        command.cwd()?.let { builder.directory(it.toFile()) }
        if (command.hasOwnEnv()) {
            setEnvironment(builder.environment(), command.env())
            found(command)?.let { builder.command(listOf(it) + arguments.drop(1)) }
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

    /** What stays as it was keeps its bytes, which need not be text. */
    private fun setEnvironment(
        environment: MutableMap<String, String>,
        wanted: Map<String, String>,
    ) {
        environment.keys.retainAll(wanted.keys)
        for ((name, value) in wanted) {
            if (environment[name] == value) continue
            checkEncodable(name)
            checkEncodable(value)
            environment[name] = value
        }
    }

    /** The JDK would pass question marks. */
    private fun checkEncodable(text: String) {
        val charset = native ?: return
        require(charset.newEncoder().canEncode(text)) {
            "'$text' cannot be passed to a program in $charset, the charset of this JVM's locale; start the JVM with LC_ALL=C.UTF-8"
        }
    }

    /** The JDK looks for programs in the PATH of the JVM. Null if that is right, or if there is no such program. */
    private fun found(command: Command): String? {
        val program = command.args()[0]
        val path = command.env()["PATH"] ?: DEFAULT_PATH
        val isToBeFound = !command.isShell && !isWindows && '/' !in program
        if (!isToBeFound || path == System.getenv("PATH")) return null
        val names = path.split(File.pathSeparatorChar).map { if (it.isEmpty()) "./$program" else "$it/$program" }
        val here = command.cwd()?.toFile()
        val files =
            names.associateWith { name ->
                File(name).let {
                    if (it.isAbsolute || here == null) {
                        it
                    } else {
                        File(here, name)
                    }
                }
            }
        files.entries.firstOrNull { it.value.isFile && it.value.canExecute() }?.let { return it.key }
        if (files.values.any(File::exists)) throw AccessDeniedException(program, null, "not executable")
        throw NoSuchFileException(program, null, "no such program in $path")
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
            ENOTDIR -> caused(NotDirectoryException(program), error)
            else -> error
        }
    }

    /** Looks itself: the reason in the message may be in the user's language. */
    private fun fileFailure(
        command: Command,
        error: IOException,
    ): IOException {
        val message = (error.cause as? FileNotFoundException ?: error).message.orEmpty()
        val name = message.substringBeforeLast(" (")
        val file = File(name)
        val input = command.stdin()?.path()
        val isInput = input != null && input.toFile() == file
        val isMissing = if (isInput) !file.exists() else file.absoluteFile.parentFile?.exists() == false
        val isDenied = if (isInput) !file.canRead() else file.exists() && !file.canWrite()
        return when {
            isMissing -> noSuch(name, if (isInput) "for stdin" else "no such directory", error)
            file.isDirectory -> caused(FileSystemException(name, null, "Is a directory"), error)
            isDenied -> caused(AccessDeniedException(name), error)
            else -> caused(FileSystemException(name, null, message.substringAfterLast(" (").removeSuffix(")")), error)
        }
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
