package asyncio.internal.loop

import asyncio.internal.thread.VirtualThreads
import java.util.concurrent.CopyOnWriteArrayList

/**
 * Which loop runs the calling code.
 *
 * A thread-local would cost every fiber 200 bytes, so the loops say it themselves: each knows the thread that executes its
 * code this moment ([Scheduler.isExecutedBy]). The table only guesses which loop to ask; its keys are carrier threads where
 * they can be seen, because there are few of them and a fiber is always on the one of its own loop.
 */
internal object RunningLoops {
    private const val SLOTS = 1 shl 8

    /** Slots lie a cache line apart. */
    private const val STRIDE = 16

    private val guesses = arrayOfNulls<Scheduler>(SLOTS * STRIDE)
    private val running = CopyOnWriteArrayList<Scheduler>()

    /** Knows which loop's host calls; null before the first loop whose host has a context. */
    @Volatile private var hostContext: HostContext? = null

    /** The loop whose code is calling: what runs in its iterations, and what its host calls between them. */
    @JvmStatic
    fun current(): Scheduler? = executing()?.takeUnless { it.isDetached } ?: calledByHost()

    /** The loop whose host is calling, between two iterations. Only hosts that have a context are known by it. */
    @JvmStatic
    fun calledByHost(): Scheduler? {
        val loop = hostContext?.loopHere() as Scheduler? ?: return null
        return if (loop.isBetweenIterations()) loop else null
    }

    /** The loop in whose iteration the caller is, or the stand-in for a loop where a coroutine is driven by hand without one. */
    @JvmStatic
    fun executing(): Scheduler? {
        val thread = Thread.currentThread()
        val guess = guesses[slot(thread)]
        return if (guess != null && guess.isExecutedBy(thread)) guess else search(thread)
    }

    fun started(loop: Scheduler) {
        loop.hostContext?.let { hostContext = it }
        running.add(loop)
    }

    /** [started], for code that may run inside the calling code of another loop, on the same thread. */
    fun enteredHere(loop: Scheduler) {
        running.add(0, loop)
        guesses[slot(Thread.currentThread())] = loop
    }

    /** The loops that run at this moment. From any thread. */
    fun all(): List<Scheduler> = running

    fun stopped(loop: Scheduler) {
        running.remove(loop)
        // Not one of a host that is gone.
        val known = hostContext
        if (known != null && known === loop.hostContext) {
            hostContext = running.firstNotNullOfOrNull { it.hostContext }
        }
        for (i in guesses.indices step STRIDE) if (guesses[i] === loop) guesses[i] = null
    }

    private fun search(thread: Thread): Scheduler? {
        for (loop in running) {
            if (loop.isExecutedBy(thread)) {
                guesses[slot(thread)] = loop
                return loop
            }
        }
        return null
    }

    private fun slot(thread: Thread): Int = (VirtualThreads.idOfCarrier(thread).toInt() and (SLOTS - 1)) * STRIDE
}
