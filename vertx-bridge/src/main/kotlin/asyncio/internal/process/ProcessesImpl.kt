package asyncio.internal.process

import asyncio.Coroutine
import asyncio.io.BaseProtocol
import asyncio.io.Command
import asyncio.io.CompletedProcess
import asyncio.io.Endpoint
import asyncio.io.ReadTransport
import asyncio.io.Stdio
import asyncio.io.StreamReader
import asyncio.io.StreamWriter
import asyncio.io.Subprocess
import asyncio.io.SubprocessProtocol
import asyncio.io.SubprocessTransport
import asyncio.io.Transport
import asyncio.io.WriteTransport
import asyncio.kotlin.await
import asyncio.kotlin.coroutine
import asyncio.spi.IoProcesses
import java.io.InputStream
import java.io.OutputStream
import java.util.function.Supplier

/** Subprocesses, pipes and standard streams of loops on Vert.x. */
internal object ProcessesImpl : IoProcesses {
    override fun start(command: Command): Coroutine<Subprocess> =
        coroutine { SubprocessImpl(Launch(ProcessLoop.running("Subprocess"), command).start()) }

    override fun run(
        command: Command,
        input: ByteArray?,
    ): Coroutine<CompletedProcess> {
        require(input == null || command.stdin() == null || command.stdin() == Stdio.PIPE) {
            "run: there is input, but stdin is ${command.stdin()}"
        }
        val stdin = command.stdin() ?: if (input == null) Stdio.DEVNULL else Stdio.PIPE
        val whole =
            command
                .withStdin(stdin)
                .withStdout(command.stdout() ?: Stdio.PIPE)
                .withStderr(command.stderr() ?: Stdio.PIPE)
        return coroutine {
            SubprocessImpl(Launch(ProcessLoop.running("Subprocess.run"), whole).start()).runWith(input)
        }
    }

    override fun <P : SubprocessProtocol> subprocess(
        protocolFactory: Supplier<P>,
        command: Command,
    ): Coroutine<Endpoint<SubprocessTransport, P>> =
        coroutine {
            val here = ProcessLoop.running("Pipes.subprocess")
            val protocol = protocolFactory.get()
            val child = Launch(here, command).start()
            val transport = SubprocessTransportImpl(child, protocol)
            transport.begin()
            // The protocol has been told of the transport before the caller has it.
            val told = here.loop.createFuture<Unit>()
            here.loop.callSoon { if (!told.done()) told.setResult(Unit) }
            try {
                await(told)
            } catch (error: Throwable) {
                transport.close()
                if (error is asyncio.CancelledError) awaitAnyway(child.ended)
                throw error
            }
            Endpoint(transport, protocol)
        }

    override fun <P : BaseProtocol<Transport>> connectReadPipe(
        protocolFactory: Supplier<P>,
        pipe: InputStream,
        closesAtOnce: Boolean,
    ): Coroutine<Endpoint<ReadTransport, P>> =
        coroutine {
            val here = ProcessLoop.running("connectReadPipe")
            val protocol = protocolFactory.get()
            val pump = InputPump(here.host, pipe, closesAtOnce)
            val transport = ReadPipe(here.loop, protocol, pump, "$pipe", mapOf("pipe" to pipe))
            pump.start()
            val connected = here.loop.createFuture<Unit>()
            transport.begin(connected)
            awaitMade(connected, transport)
            Endpoint(transport, protocol)
        }

    override fun <P : BaseProtocol<Transport>> connectWritePipe(
        protocolFactory: Supplier<P>,
        pipe: OutputStream,
        closesAtOnce: Boolean,
    ): Coroutine<Endpoint<WriteTransport, P>> =
        coroutine {
            val here = ProcessLoop.running("connectWritePipe")
            val protocol = protocolFactory.get()
            val pump = OutputPump(here.host, pipe, closesAtOnce)
            val transport = WritePipe(here.loop, protocol, pump, "$pipe", mapOf("pipe" to pipe))
            val connected = here.loop.createFuture<Unit>()
            transport.begin(connected)
            awaitMade(connected, transport)
            Endpoint(transport, protocol)
        }

    private suspend fun awaitMade(
        connected: asyncio.Future<Unit>,
        transport: WriteTransport,
    ) {
        try {
            await(connected)
        } catch (error: Throwable) {
            transport.abort()
            throw error
        }
    }

    // ---- standard streams

    override fun stdin(): StreamReader = standardStreams("StandardStreams.stdin").stdin()

    override fun stdout(): StreamWriter = standardStreams("StandardStreams.stdout").output(0, "stdout", System.out)

    override fun stderr(): StreamWriter = standardStreams("StandardStreams.stderr").output(1, "stderr", System.err)

    private fun standardStreams(what: String) = StandardStreamsImpl.of(ProcessLoop.running(what))
}
