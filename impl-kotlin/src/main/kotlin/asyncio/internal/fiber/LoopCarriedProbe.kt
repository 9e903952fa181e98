package asyncio.internal.fiber

import asyncio.internal.thread.VirtualThreads
import java.util.concurrent.ExecutionException
import java.util.concurrent.Executor
import java.util.concurrent.FutureTask
import java.util.concurrent.TimeUnit
import java.util.concurrent.TimeoutException

/**
 * Tries out what [LoopCarriedFiber] assumes of the JVM and no document promises:
 *
 * - each run of a virtual thread is handed to its scheduler as the same object;
 * - a yield does that at once, on the thread that ran it, and returns when that object runs again;
 * - a virtual thread that it starts is handed over as another object, or not at all.
 */
internal object LoopCarriedProbe {
    /** How many nanoseconds it may take on a busy machine. */
    private const val PATIENCE = 10_000_000_000L
    private const val LAST_STEP = 3

    /** What is not so on this JVM; null if all of it is. */
    val failure: String? by lazy { failureWith(VirtualThreads::create) }

    /**
     * [failure] where [create] makes the virtual threads. On a thread of its own: a virtual thread cannot run another one.
     * An interrupt does not end the waiting, and is there again afterwards.
     */
    fun failureWith(create: (Executor, Runnable) -> Thread): String? {
        val probe = FutureTask { Attempt(create).run() }
        Thread(null, probe, "asyncio-probe", 0, false).apply { isDaemon = true }.start()
        val end = System.nanoTime() + PATIENCE
        var interrupted = false
        while (true) {
            try {
                return probe.get(end - System.nanoTime(), TimeUnit.NANOSECONDS)
            } catch (_: InterruptedException) {
                interrupted = true
            } catch (_: TimeoutException) {
                probe.cancel(true)
                return "a virtual thread with a scheduler of ours does not come back from a yield"
            } catch (failed: ExecutionException) {
                return "a virtual thread with a scheduler of ours fails: ${failed.cause}"
            } finally {
                if (interrupted && probe.isDone) Thread.currentThread().interrupt()
            }
        }
    }

    private class Attempt(
        private val create: (Executor, Runnable) -> Thread,
    ) : Executor {
        private val prober = VirtualThreads.idOfCarrier(Thread.currentThread())
        private val handed = ArrayList<Runnable>()

        @Volatile private var cameFromElsewhere = false
        private var steps = 0

        override fun execute(task: Runnable) {
            val caller = VirtualThreads.idOfCarrier(Thread.currentThread())
            if (caller == prober) handed.add(task) else cameFromElsewhere = true
        }

        fun run(): String? {
            create(this) {
                steps++
                Thread.yield()
                steps++
                Thread.yield()
                VirtualThreads.factory!!.newThread {}.start()
                steps++
            }.start()
            val continuation = handed.singleOrNull() ?: return "a start is handed over ${handed.size} times"
            for (step in 1..<LAST_STEP) {
                continuation.run()
                when {
                    cameFromElsewhere -> return "a yield is handed over on another thread"
                    steps != step -> return "a yield returns without its scheduler"
                    handed.size != step + 1 -> return "a yield is not handed over at once"
                    handed.last() !== continuation -> return "a yield is handed over as another object"
                }
            }
            continuation.run()
            if (steps != LAST_STEP) return "a virtual thread does not run on after a yield"
            val children = handed.drop(LAST_STEP)
            if (children.any { it === continuation }) return "a child is handed over as its parent"
            children.forEach(Runnable::run)
            return null
        }
    }
}
