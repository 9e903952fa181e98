package asyncio.kotlin.io

import asyncio.io.Command
import asyncio.io.CompletedProcess
import asyncio.io.Stdio
import asyncio.io.StreamReader
import asyncio.io.Subprocess
import asyncio.kotlin.await
import asyncio.kotlin.use
import java.nio.file.Path

/**
 * Starts a program; see [Subprocess.start]. Python: `asyncio.create_subprocess_exec`.
 *
 * ```
 * val process = createSubprocessExec("sort", "-r", stdin = Stdio.PIPE, stdout = Stdio.PIPE)
 * ```
 *
 * @param stdin null for that of this program; so with [stdout] and [stderr]
 * @param cwd null for the directory of this program
 * @param env all of its environment variables; null for those of this program
 * @param limit of the readers of stdout and stderr, in bytes
 * @throws java.nio.file.NoSuchFileException if there is no such program
 * @throws java.nio.file.AccessDeniedException if it may not be started
 */
public suspend fun createSubprocessExec(
    program: String,
    vararg arguments: String,
    stdin: Stdio? = null,
    stdout: Stdio? = null,
    stderr: Stdio? = null,
    cwd: Path? = null,
    env: Map<String, String>? = null,
    limit: Int = StreamReader.DEFAULT_LIMIT,
): Subprocess = await(Command.exec(program, *arguments).with(stdin, stdout, stderr, cwd, env, limit).start())

/** Starts a line for the shell; see [createSubprocessExec]. Python: `asyncio.create_subprocess_shell`. */
public suspend fun createSubprocessShell(
    command: String,
    stdin: Stdio? = null,
    stdout: Stdio? = null,
    stderr: Stdio? = null,
    cwd: Path? = null,
    env: Map<String, String>? = null,
    limit: Int = StreamReader.DEFAULT_LIMIT,
): Subprocess = await(Command.shell(command).with(stdin, stdout, stderr, cwd, env, limit).start())

private fun Command.with(
    stdin: Stdio?,
    stdout: Stdio?,
    stderr: Stdio?,
    cwd: Path?,
    env: Map<String, String>?,
    limit: Int,
): Command {
    var command = withCwd(cwd).withLimit(limit)
    if (stdin != null) command = command.withStdin(stdin)
    if (stdout != null) command = command.withStdout(stdout)
    if (stderr != null) command = command.withStderr(stderr)
    if (env != null) command = command.withEnv(env)
    return command
}

/**
 * Starts this command, runs [block] with it, and kills it if it runs then; its end is awaited in any case. Python has no such
 * thing.
 */
public suspend fun <R> Command.use(block: suspend (Subprocess) -> R): R? = await(start()).use(block)

/**
 * Starts this command, waits for its end, and gives its exit code and outputs; see [Subprocess.run]. Python: `subprocess.run`.
 *
 * @param input its stdin; null for nothing
 */
public suspend fun Command.runToEnd(input: ByteArray? = null): CompletedProcess =
    await(
        if (input == null) {
            run()
        } else {
            run(input)
        },
    )

/** Waits for the end and gives the exit code; see [Subprocess.waitEnded]. Python: `await process.wait()`. */
public suspend fun Subprocess.awaitEnd(): Int = await(waitEnded())
