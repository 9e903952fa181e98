package asyncio.internal.stream

import asyncio.Awaitable
import asyncio.Coroutine
import asyncio.internal.sync.InstantOperation
import asyncio.internal.sync.Operation
import asyncio.internal.task.CoroutineDriver
import asyncio.internal.task.DualCoroutine
import asyncio.internal.task.ReadyAction
import asyncio.internal.task.SuspendCoroutine
import asyncio.internal.task.TaskLoop
import asyncio.internal.task.awaitAny
import asyncio.internal.task.awaitFuture
import asyncio.internal.task.sleepNanos
import asyncio.io.ExtraInfo
import asyncio.io.StreamReader
import asyncio.io.StreamWriter
import asyncio.io.TlsOptions
import asyncio.io.WriteTransport
import javax.net.ssl.SSLContext

/** The writer of a transport. */
internal class StreamWriterImpl(
    private val loop: TaskLoop,
    private var transport: WriteTransport,
    private val protocol: StreamProtocol,
    private val reader: StreamReader?,
) : StreamWriter {
    override fun write(data: ByteArray): Unit = transport.write(data)

    override fun write(
        data: ByteArray,
        offset: Int,
        length: Int,
    ): Unit = transport.write(data, offset, length)

    override fun write(text: String): Unit = transport.write(text.encodeToByteArray())

    override fun writelines(data: Iterable<ByteArray>): Unit = transport.writelines(data)

    override fun drain(): Coroutine<Void?> = Drain(this)

    override fun close(): Unit = transport.close()

    override fun waitClosed(): Coroutine<Void?> = WaitClosed(protocol)

    override fun isClosing(): Boolean = transport.isClosing

    override fun writeEof(): Unit = transport.writeEof()

    override fun canWriteEof(): Boolean = transport.canWriteEof()

    override fun <T : Any> getExtraInfo(info: ExtraInfo<T>): T? = transport.getExtraInfo(info)

    override fun getExtraInfo(name: String): Any? = transport.getExtraInfo(name)

    override fun transport(): WriteTransport = transport

    override fun startTls(
        context: SSLContext,
        options: TlsOptions,
    ): Coroutine<Void?> =
        SuspendCoroutine {
            val plain = transport
            if (plain !is TlsUpgradable) throw UnsupportedOperationException("$plain cannot speak TLS")
            awaitAny(drain())
            val server = options.serverSide() ?: protocol.isServerSide
            // What was not read yet is not plain text: nobody may put words before the first that are encrypted.
            val early = protocol.reader.takeAll()
            transport = awaitAny(plain.startTls(protocol, context, options.withServerSide(server), early))
            protocol.replaceTransport(transport)
            null
        }

    override fun aenter(): Awaitable<StreamWriter> = ReadyAction { this }

    override fun aexit(error: Throwable?): Awaitable<Boolean> = closing(this, error)

    override fun toString(): String = "<StreamWriter transport=$transport${reader?.let { " reader=$it" } ?: ""}>"

    private class Drain(
        private val writer: StreamWriterImpl,
    ) : Operation<Void?>() {
        override val ownName: String get() = "StreamWriter.drain"

        override fun attempt(loop: TaskLoop): Any? {
            writer.reader?.exception()?.let { throw it }
            return if (writer.transport.isClosing || writer.protocol.mustDrain()) MUST_WAIT else null
        }

        override fun waitOnFiber(driver: CoroutineDriver<*>): Void? {
            // What closes the transport is told to the protocol in the next iteration.
            if (writer.transport.isClosing) driver.yieldFiber()
            if (writer.protocol.mustDrain()) {
                writer.protocol.awaitDrained {
                    driver.waitFor(it)
                    it.result()
                }
            }
            return null
        }

        override suspend fun waitSuspended(): Void? {
            if (writer.transport.isClosing) sleepNanos(0)
            if (writer.protocol.mustDrain()) writer.protocol.awaitDrained { awaitFuture(it) }
            return null
        }
    }

    private class WaitClosed(
        private val protocol: StreamProtocol,
    ) : Operation<Void?>() {
        override val ownName: String get() = "StreamWriter.waitClosed"

        override fun attempt(loop: TaskLoop): Any? = if (protocol.mustWaitClosed()) MUST_WAIT else null

        override fun waitOnFiber(driver: CoroutineDriver<*>): Void? {
            protocol.awaitClosed {
                driver.waitFor(it)
                it.result()
            }
            return null
        }

        override suspend fun waitSuspended(): Void? {
            protocol.awaitClosed { awaitFuture(it) }
            return null
        }
    }
}
