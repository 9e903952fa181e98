package asyncio.internal.fiber

import asyncio.internal.loop.Scheduler
import asyncio.internal.thread.VirtualThreads
import java.util.concurrent.Executor
import java.util.concurrent.locks.LockSupport

/**
 * A fiber on a virtual thread whose scheduler is the fiber itself. The JVM hands the thread's continuation to [execute]
 * whenever the thread could run on; we keep it, and run it when the task is due.
 *
 * `Thread.yield()` is the switch: cheaper than park and unpark, with no stray wake-ups, and where the thread is pinned it
 * simply comes back.
 */
internal class LoopCarriedFiber(
    loop: Scheduler,
    body: Any,
) : Fiber(loop, body),
    Executor {
    private var continuation: Runnable? = null

    /** The body had blocked by other means and could run on. */
    @Volatile private var unblocked = false

    /** The loop's thread while it waits for a body that blocks. */
    @Volatile private var waiting: Thread? = null

    override fun switchToBody() {
        if (state == NEW) {
            val thread = VirtualThreads.create(this, this)
            this.thread = thread
            thread.contextClassLoader = loop.contextClassLoader
            state = RUNNING
            thread.start()
        } else {
            state = RUNNING
        }
        val continuation = continuation!!
        continuation.run()
        while (state == RUNNING) {
            waitUntilUnblocked()
            continuation.run()
        }
    }

    override fun suspend() {
        state = SUSPENDED
        try {
            Thread.yield()
        } catch (error: VirtualMachineError) {
            // There was no memory, or no stack, to put this one aside: it runs on.
            state = RUNNING
            throw error
        }
        if (state == SUSPENDED) {
            state = RUNNING
            throw IllegalStateException(
                "await cannot suspend here: the stack is pinned by a class initializer or a native frame" +
                    " (before Java 24 also by a synchronized block). Await before or after it",
            )
        }
    }

    override fun canGoOnWith(fibers: Fibers): Boolean = fibers.needPlatformThread

    override fun run(): Unit = runBody()

    override fun execute(task: Runnable) {
        val continuation = continuation
        if (continuation == null) {
            this.continuation = task
        } else if (task !== continuation) {
            // A virtual thread that the body started inherited its scheduler. It is not a coroutine, the body may wait for it, and
            // it may outlive the loop: it runs where virtual threads usually do.
            VirtualThreads.scheduler.execute(task)
        } else if (state != SUSPENDED) {
            unblocked = true
            LockSupport.unpark(waiting)
        }
    }

    private fun waitUntilUnblocked() {
        waiting = Thread.currentThread()
        var interrupted = false
        while (!unblocked) {
            LockSupport.park(this)
            if (Thread.interrupted()) interrupted = true
        }
        if (interrupted) Thread.currentThread().interrupt()
        waiting = null
        unblocked = false
    }
}

internal class LoopCarriedFibers(
    private val loop: Scheduler,
) : Fibers {
    override fun create(body: Any): Fiber = LoopCarriedFiber(loop, body)

    override val needPlatformThread: Boolean get() = true

    override fun drive(iterations: Runnable): Unit = iterations.run()

    override fun close(): Unit = Unit
}
