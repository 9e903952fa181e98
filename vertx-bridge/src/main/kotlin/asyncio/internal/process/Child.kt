package asyncio.internal.process

import asyncio.DoneCallback
import asyncio.Future
import asyncio.internal.vertx.offer
import asyncio.io.Command
import asyncio.kotlin.await
import java.util.concurrent.FutureTask
import java.util.concurrent.RejectedExecutionException
import java.util.concurrent.TimeUnit
import java.util.concurrent.TimeoutException

/**
 * A program that was started, until the system has forgotten it. What it has is touched on the host's thread, or by code of the loop.
 *
 * ```
 * RUNNING --the JDK has reaped it--> ENDED    returncode, ended
 * ```
 */
internal class Child(
    here: ProcessLoop,
    val command: Command,
    val process: Process,
    val outPump: InputPump?,
    val errPump: InputPump?,
) {
    val loop = here.loop
    val host = here.host
    val pid: Long = process.pid()
    val inPump = if (command.isPipe(0)) OutputPump(host, process.outputStream, closesQuickly = true) else null

    /** What pipes tell of themselves. */
    val info: Map<String, Any> = mapOf("subprocess" to process)

    var returncode: Int? = null
        private set

    val ended = loop.createFuture<Int>()

    /** Called when it has ended. */
    var onEnd: () -> Unit = {}

    private val children = Children.of(host)

    // The methods of the process would close the pipes, too.
    private val handle = process.toHandle()
    private val sent = HashSet<Int>()

    /** Signals that wait for the one before, which another program sends. */
    private val waiting = ArrayDeque<Int>()
    private var sending: FutureTask<Unit>? = null

    init {
        children.add(this)
        process.onExit().thenAccept { post { hasEnded(it.exitValue()) } }
    }

    private fun hasEnded(status: Int) {
        val code = codeOf(status)
        returncode = code
        if (sending == null) children.remove(this)
        inPump?.peerGone()
        if (loop.isClosed) return
        loop.offer(ended, code)
        onEnd()
    }

    private fun codeOf(status: Int): Int {
        val signal = status - SIGNALLED
        if (Programs.isWindows || signal !in 1..Signals.LAST) return status
        return if (signal in sent || signal in Signals.ENDING && !Programs.passesOnCodes(command)) -signal else status
    }

    suspend fun awaitEnded(): Int {
        returncode?.let { return it }
        val waiter = loop.createFuture<Int>()
        val woken = DoneCallback<Future<Int>> { loop.offer(waiter, it.result()) }
        ended.addDoneCallback(woken)
        try {
            return await(waiter)
        } finally {
            ended.removeDoneCallback(woken)
        }
    }

    // ---- signals

    fun sendSignal(signal: Int) {
        Signals.check(signal)
        if (returncode != null) return
        when {
            signal == Signals.KILL -> kill()
            sending != null -> waiting.add(signal)
            signal == Signals.TERM -> terminate()
            else -> sendByProgram(signal)
        }
    }

    private fun terminate() {
        sent.add(Signals.TERM)
        handle.destroy()
    }

    /** Goes ahead of signals that wait. */
    fun kill() {
        if (returncode != null) return
        sent.add(Signals.KILL)
        waiting.clear()
        handle.destroyForcibly()
    }

    private fun sendByProgram(signal: Int) {
        if (Programs.isWindows) throw IllegalArgumentException("On Windows there is no signal $signal")
        sent.add(signal)
        val sending =
            FutureTask {
                Signals.sendByProgram(process, signal)
                post { goOnSending() }
            }
        this.sending = sending
        PipeThreads.execute(sending)
    }

    private fun goOnSending() {
        sending = null
        if (returncode != null) children.remove(this)
        while (sending == null && returncode == null) sendSignal(waiting.removeFirstOrNull() ?: return)
    }

    private fun post(action: () -> Unit) {
        try {
            host.execute { action() }
        } catch (_: RejectedExecutionException) {
            // The host has ended, and its loop with it.
        }
    }

    // ---- the end

    /** Of pipes that have no transport. */
    fun closePipes() {
        inPump?.close()
        outPump?.close()
        errPump?.close()
    }

    /** Waits until it has ended, and the program that sends a signal to it; [nanos] at the most each. */
    fun blockUntilEnded(nanos: Long) {
        process.waitFor(nanos, TimeUnit.NANOSECONDS)
        try {
            sending?.get(maxOf(0, nanos), TimeUnit.NANOSECONDS)
        } catch (_: TimeoutException) {
            // It ends by itself.
        }
    }

    override fun toString(): String = "<Process $pid>"

    private companion object {
        /** What the JDK adds to the number of the signal that has ended a program. */
        const val SIGNALLED = 128
    }
}
