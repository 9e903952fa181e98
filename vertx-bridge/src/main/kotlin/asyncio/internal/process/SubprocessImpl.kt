package asyncio.internal.process

import asyncio.Awaitable
import asyncio.Coroutine
import asyncio.GeneratorExit
import asyncio.internal.stream.StreamProtocol
import asyncio.internal.stream.StreamsImpl
import asyncio.io.Command
import asyncio.io.CompletedProcess
import asyncio.io.StreamReader
import asyncio.io.StreamWriter
import asyncio.io.Subprocess
import asyncio.kotlin.await
import asyncio.kotlin.coroutine
import asyncio.kotlin.gather
import java.net.SocketException

/** A [Child] with streams. */
internal class SubprocessImpl(
    private val child: Child,
) : Subprocess {
    private val loop = child.loop
    private val inPipe: WritePipe?
    private val stdin: StreamWriter?
    private val outPipe: ReadPipe?
    private val errPipe: ReadPipe?
    private val stdout: StreamReader?
    private val stderr: StreamReader?

    init {
        val protocol = newProtocol()
        inPipe = child.inPump?.let { WritePipe(loop, protocol, it, "stdin of ${child.pid}", child.info) }
        stdin = inPipe?.let { StreamsImpl.pipeWriter(loop, it, protocol) }
        val outProtocol = newProtocol()
        outPipe = child.outPump?.let { ReadPipe(loop, outProtocol, it, "stdout of ${child.pid}", child.info) }
        stdout = outPipe?.let { StreamsImpl.readerOf(outProtocol) }
        val errProtocol = newProtocol()
        errPipe = child.errPump?.let { ReadPipe(loop, errProtocol, it, "stderr of ${child.pid}", child.info) }
        stderr = errPipe?.let { StreamsImpl.readerOf(errProtocol) }
        inPipe?.begin(null)
        outPipe?.begin(null)
        errPipe?.begin(null)
    }

    private fun newProtocol(): StreamProtocol = StreamsImpl.protocol(loop, child.command.limit(), null)

    override fun pid(): Long = child.pid

    override fun command(): Command = child.command

    override fun returncode(): Int? = child.returncode

    override fun stdin(): StreamWriter = stdin ?: noPipe("stdin", "withStdin")

    override fun stdout(): StreamReader = stdout ?: noPipe("stdout", "withStdout")

    override fun stderr(): StreamReader = stderr ?: noPipe("stderr", "withStderr")

    private fun noPipe(
        name: String,
        method: String,
    ): Nothing = error("$name of $this is not a pipe; make it one with Command.$method(Stdio.PIPE)")

    override fun waitEnded(): Coroutine<Int> = coroutine { child.awaitEnded() }

    // ---- communicate

    override fun communicate(): Coroutine<CompletedProcess> = coroutine { communicateWith(null) }

    override fun communicate(input: ByteArray): Coroutine<CompletedProcess> {
        stdin()
        return coroutine { communicateWith(input) }
    }

    suspend fun communicateWith(input: ByteArray?): CompletedProcess {
        val writer = stdin
        val feeding =
            if (writer == null || input == null || input.isEmpty()) {
                null
            } else {
                coroutine { feed(writer, input) }
            }
        if (feeding == null) writer?.close()
        val out: ByteArray?
        val err: ByteArray?
        if (feeding == null && (stdout == null || stderr == null)) {
            out = drained(stdout, outPipe)
            err = drained(stderr, errPipe)
        } else {
            val both =
                await(
                    gather<ByteArray?>(
                        feeding ?: coroutine { null },
                        coroutine { drained(stdout, outPipe) },
                        coroutine { drained(stderr, errPipe) },
                    ),
                )
            out = both[1]
            err = both[2]
        }
        return CompletedProcess.of(child.command.args(), child.awaitEnded(), out, err)
    }

    private suspend fun feed(
        writer: StreamWriter,
        input: ByteArray,
    ): ByteArray? {
        try {
            writer.write(input)
            await(writer.drain())
        } catch (_: SocketException) {
            // The program need not read it.
        }
        writer.close()
        return null
    }

    private suspend fun drained(
        reader: StreamReader?,
        pipe: ReadPipe?,
    ): ByteArray? {
        if (reader == null) return null
        val bytes = await(reader.read())
        pipe!!.close()
        return bytes
    }

    // ---- signals

    override fun sendSignal(signal: Int) {
        loop.checkCaller("sendSignal")
        child.sendSignal(signal)
    }

    override fun sendSignal(signal: String): Unit = sendSignal(Signals.numberOf(signal))

    override fun terminate(): Unit = sendSignal(Signals.TERM)

    override fun kill(): Unit = sendSignal(Signals.KILL)

    // ---- the end

    override fun aenter(): Awaitable<Subprocess> = coroutine { this }

    override fun aexit(error: Throwable?): Awaitable<Boolean> =
        coroutine {
            stop()
            // Code that is given up can wait no more.
            if (error !is GeneratorExit) awaitAnyway(child.ended)
            false
        }

    /** [communicateWith], after which nothing of it is left. */
    suspend fun runWith(input: ByteArray?): CompletedProcess =
        try {
            communicateWith(input)
        } catch (error: Throwable) {
            stop()
            if (error !is GeneratorExit) awaitAnyway(child.ended)
            throw error
        }

    /** Kills it if it runs, and closes its pipes. */
    private fun stop() {
        child.kill()
        inPipe?.abort()
        outPipe?.close()
        errPipe?.close()
    }

    override fun toString(): String = child.toString()
}
