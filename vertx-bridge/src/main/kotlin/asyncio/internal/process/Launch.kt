package asyncio.internal.process

import asyncio.CancelledError
import asyncio.internal.vertx.offer
import asyncio.internal.vertx.offerException
import asyncio.io.Command
import asyncio.kotlin.await
import java.io.InputStream
import java.util.concurrent.RejectedExecutionException
import java.util.concurrent.atomic.AtomicBoolean

/**
 * The start of one program, on a thread of [PipeThreads]: it takes milliseconds. That thread goes on as the one that reads the
 * program's stdout.
 *
 * The JDK empties and closes its end of a pipe when the program has ended, although a descendant of the program may write to it still. It
 * does so under the monitor of the stream, and so the thread that reads holds that up to the end of the stream.
 */
internal class Launch(
    private val here: ProcessLoop,
    private val command: Command,
) : Runnable {
    private val loop = here.loop
    private val host = here.host
    private val started = loop.createFuture<Child>()

    /** Nobody waits any more: it is killed as soon as it is there. */
    private val abandoned = AtomicBoolean()
    private val reaped = loop.createFuture<Unit>()
    private var child: Child? = null

    suspend fun start(): Child {
        LaunchQueue.add(this)
        try {
            return await(started)
        } catch (error: Throwable) {
            abandoned.set(true)
            if (LaunchQueue.remove(this)) throw error
            child?.let {
                it.kill()
                it.closePipes()
            }
            if (error is CancelledError) awaitAnyway(child?.ended ?: reaped)
            throw error
        }
    }

    // ---- on the thread

    override fun run() {
        val process =
            try {
                Programs.start(command)
            } catch (error: Throwable) {
                post {
                    loop.offerException(started, error)
                    loop.offer(reaped, Unit)
                }
                return
            } finally {
                LaunchQueue.oneStarted()
            }
        val out = process.inputStream.takeIf { command.isPipe(1) }
        val err = process.errorStream.takeIf { command.isPipe(2) }
        val outPump = out?.let { InputPump(host, it) }
        val errPump = err?.let { InputPump(host, it) }
        holding(out) {
            if (outPump != null && errPump != null) {
                PipeThreads.execute { holding(err) { errPump.run() } }
            }
            holding(if (out == null) err else null) {
                deliver(process, outPump, errPump)
                (outPump ?: errPump)?.run()
            }
        }
    }

    private fun deliver(
        process: Process,
        outPump: InputPump?,
        errPump: InputPump?,
    ) {
        val discard = {
            process.toHandle().destroyForcibly()
            process.outputStream.close()
            outPump?.close()
            errPump?.close()
        }
        val posted =
            post {
                if (loop.isClosed) {
                    discard()
                } else {
                    take(Child(here, command, process, outPump, errPump))
                }
            }
        if (!posted) discard()
    }

    private fun take(child: Child) {
        this.child = child
        if (abandoned.get()) {
            child.kill()
            child.closePipes()
            child.ended.addDoneCallback { loop.offer(reaped, Unit) }
        } else {
            loop.offer(started, child)
        }
    }

    private fun post(action: () -> Unit): Boolean =
        try {
            host.execute { action() }
            true
        } catch (_: RejectedExecutionException) {
            false
        }

    private inline fun holding(
        stream: InputStream?,
        action: () -> Unit,
    ) {
        if (stream == null) action() else synchronized(stream) { action() }
    }
}
