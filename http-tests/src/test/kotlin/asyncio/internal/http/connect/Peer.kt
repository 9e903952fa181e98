package asyncio.internal.http.connect

import java.io.ByteArrayOutputStream
import java.io.IOException
import java.net.InetAddress
import java.net.InetSocketAddress
import java.net.ServerSocket
import java.net.Socket
import java.util.concurrent.CopyOnWriteArrayList
import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicInteger

/** A server that does with each socket what [script] says; after that it waits for the client to close the socket. */
class Peer(
    private val listener: ServerSocket = ServerSocket(0, 50, InetAddress.getByName("127.0.0.1")),
    private val script: (Socket) -> Unit,
) : AutoCloseable {
    private val accepted = AtomicInteger()
    private val open = AtomicInteger()
    private val sockets = CopyOnWriteArrayList<Socket>()
    private val failures = CopyOnWriteArrayList<Throwable>()
    private val first = CountDownLatch(1)

    val port: Int get() = listener.localPort
    val connections: Int get() = accepted.get()

    init {
        daemon {
            while (true) {
                val socket =
                    try {
                        listener.accept()
                    } catch (_: IOException) {
                        break
                    }
                accepted.incrementAndGet()
                open.incrementAndGet()
                sockets.add(socket)
                daemon { serve(socket) }
            }
        }
    }

    private fun serve(socket: Socket) {
        try {
            socket.tcpNoDelay = true
            first.countDown()
            script(socket)
            while (socket.getInputStream().read() >= 0) continue
        } catch (_: IOException) {
            // Reset by the client, or closed by the script.
        } catch (failure: Throwable) {
            failures.add(failure)
        } finally {
            socket.close()
            open.decrementAndGet()
        }
    }

    fun awaitConnection() {
        check(first.await(30, TimeUnit.SECONDS)) { "nobody has connected" }
    }

    /** Returns when all clients have closed their sockets. */
    fun awaitNobody() {
        val deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30)
        while (open.get() > 0) {
            check(System.nanoTime() < deadline) { "${open.get()} clients are still connected" }
            Thread.sleep(2)
        }
    }

    override fun close() {
        listener.close()
        sockets.forEach(Socket::close)
        failures.firstOrNull()?.let { throw AssertionError("the script of a peer failed", it) }
    }

    private fun daemon(code: () -> Unit) {
        Thread(code, "peer").apply { isDaemon = true }.start()
    }

    companion object {
        /** What comes up to an empty line; as much as there was, if the client closes before. */
        fun readHead(socket: Socket): String {
            val head = ByteArrayOutputStream()
            while (!head.toString(Charsets.ISO_8859_1).endsWith("\r\n\r\n")) {
                val next = socket.getInputStream().read()
                if (next < 0) break
                head.write(next)
            }
            return head.toString(Charsets.ISO_8859_1)
        }

        fun send(
            socket: Socket,
            text: String,
        ) {
            socket.getOutputStream().write(text.toByteArray(Charsets.ISO_8859_1))
            socket.getOutputStream().flush()
        }

        private val refused by lazy { Socket().apply { bind(InetSocketAddress(0)) } }

        /** A port of this machine at which no server listens. It stays bound, so no other program gets it. */
        fun refusedPort(): Int = refused.localPort
    }
}

/** Passes on what comes, both ways, until one side ends. */
internal fun pipe(
    client: Socket,
    targetPort: Int,
) {
    Socket(InetAddress.getByName("127.0.0.1"), targetPort).use { target ->
        target.tcpNoDelay = true
        val back =
            Thread {
                runCatching { target.getInputStream().transferTo(client.getOutputStream()) }
                runCatching { client.shutdownOutput() }
            }
        back.isDaemon = true
        back.start()
        runCatching {
            val buffer = ByteArray(8192)
            while (true) {
                val size = client.getInputStream().read(buffer)
                if (size < 0) break
                target.getOutputStream().write(buffer, 0, size)
            }
        }
        runCatching { target.shutdownOutput() }
        back.join(TimeUnit.SECONDS.toMillis(30))
    }
}
