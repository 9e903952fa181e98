package asyncio.internal.stream

import asyncio.Coroutine
import asyncio.DoneCallback
import asyncio.ExceptionContext
import asyncio.Task
import asyncio.internal.task.FutureImpl
import asyncio.internal.task.JavaCoroutine
import asyncio.internal.task.SuspendCoroutine
import asyncio.internal.task.TaskLoop
import asyncio.io.ClientConnectedCallback
import asyncio.io.ExtraInfo
import asyncio.io.StreamReaderProtocol
import asyncio.io.Transport
import asyncio.io.WriteTransport
import java.net.SocketException
import java.util.concurrent.Callable

/**
 * The protocol of a reader and its writer: feeds the one, and tells the other when to wait.
 *
 * ```
 * NEW --connectionMade--> CONNECTED --connectionLost--> LOST
 *                          writing: FREE --pauseWriting--> PAUSED --resumeWriting--> FREE
 * ```
 */
public class StreamProtocol internal constructor(
    private val loop: TaskLoop,
    internal val reader: StreamReaderImpl,
    private val clientConnected: ClientConnectedCallback?,
) : StreamReaderProtocol {
    private var transport: WriteTransport? = null
    private var paused = false
    private var lost = false
    private var failure: Throwable? = null

    /** Tasks in `drain`, and in `waitClosed`. */
    private val draining = ArrayList<FutureImpl<Unit>>(0)
    private val closing = ArrayList<FutureImpl<Unit>>(0)

    /** The task that serves the connection, on the side of a server. */
    public var task: Task<*>? = null
        private set

    internal val isServerSide: Boolean get() = clientConnected != null

    override fun connectionMade(transport: Transport) {
        connectedTo(transport)
        reader.setTransport(transport)
        if (clientConnected == null) return
        val writer = StreamWriterImpl(loop, transport, this, reader)
        val task = loop.createTask(clientConnected.serve(writer))
        this.task = task
        task.addDoneCallback(DoneCallback<asyncio.Future<Void?>> { ended(it, transport) })
    }

    private fun ClientConnectedCallback.serve(writer: StreamWriterImpl): Coroutine<Void?> =
        if (this is SuspendClientConnected) {
            SuspendCoroutine {
                body(reader, writer)
                null
            }
        } else {
            JavaCoroutine(
                Callable<Void?> {
                    clientConnected(reader, writer)
                    null
                },
            )
        }

    /** Of a pipe, which has one direction only. */
    internal fun connectedTo(transport: WriteTransport) {
        this.transport = transport
    }

    private fun ended(
        task: asyncio.Future<*>,
        transport: Transport,
    ) {
        if (!task.cancelled()) {
            val error = task.exception() ?: return
            val report =
                ExceptionContext
                    .of("Unhandled exception in client_connected_cb")
                    .withException(error)
                    .withDetail("transport", transport)
            val peer = transport.getExtraInfo(ExtraInfo.PEERNAME)
            loop.callExceptionHandler(if (peer == null) report else report.withDetail("peername", peer))
        }
        transport.close()
    }

    /** The connection goes on over [transport]. */
    internal fun replaceTransport(transport: WriteTransport) {
        this.transport = transport
        reader.replaceTransport(transport)
    }

    override fun dataReceived(data: ByteArray) {
        reader.feedData(data)
    }

    override fun eofReceived(): Boolean {
        reader.feedEof()
        return transport?.getExtraInfo(ExtraInfo.SSLCONTEXT) == null
    }

    override fun pauseWriting() {
        paused = true
    }

    override fun resumeWriting() {
        paused = false
        wakeAll(draining, null)
    }

    override fun connectionLost(error: Throwable?) {
        lost = true
        failure = error
        if (error == null) reader.feedEof() else reader.setException(error)
        wakeAll(draining, error)
        wakeAll(closing, error)
    }

    private fun wakeAll(
        waiters: ArrayList<FutureImpl<Unit>>,
        error: Throwable?,
    ) {
        for (waiter in waiters) {
            if (error == null) {
                waiter.offerResult(Unit)
            } else {
                waiter.offerException(error)
                waiter.markRetrieved()
            }
        }
    }

    /** Whether a `drain` has to wait. */
    internal fun mustDrain(): Boolean {
        if (lost) throw SocketException("Connection lost")
        return paused
    }

    /** Whether a `waitClosed` has to wait. */
    internal fun mustWaitClosed(): Boolean {
        if (!lost) return true
        failure?.let { throw it }
        return false
    }

    internal inline fun awaitDrained(wait: (FutureImpl<Unit>) -> Unit): Unit = awaitIn(draining, wait)

    internal inline fun awaitClosed(wait: (FutureImpl<Unit>) -> Unit): Unit = awaitIn(closing, wait)

    private inline fun awaitIn(
        waiters: ArrayList<FutureImpl<Unit>>,
        wait: (FutureImpl<Unit>) -> Unit,
    ) {
        val waiter = FutureImpl<Unit>(loop)
        waiters.add(waiter)
        try {
            wait(waiter)
        } finally {
            waiters.remove(waiter)
        }
    }
}
