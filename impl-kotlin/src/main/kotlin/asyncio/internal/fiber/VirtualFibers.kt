package asyncio.internal.fiber

import asyncio.internal.loop.Scheduler
import asyncio.internal.thread.VirtualThreads

/** Fibers on the JVM's own virtual threads. The loop's iterations run on one too: between two of them a switch is cheap. */
internal class VirtualFibers(
    private val loop: Scheduler,
) : Fibers,
    FiberThreads {
    private val baton = Baton()
    private var driver: Thread? = null
    private var host: Thread? = null
    private var iterations: Runnable? = null

    override fun create(body: Any): Fiber = BatonFiber(loop, body, this)

    override fun start(body: Runnable) {
        FiberKind.virtualBegins()
        VirtualThreads.factory!!.newThread(body).start()
    }

    override val mayStarve: Boolean get() = true

    override fun drive(iterations: Runnable) {
        host = Thread.currentThread()
        this.iterations = iterations
        val driver = driver
        if (driver == null) {
            val started = VirtualThreads.factory!!.newThread(::takeTurns)
            this.driver = started
            baton.passByStarting { started.start() }
        } else {
            baton.passTo(driver)
        }
    }

    override fun close() {
        val driver = driver ?: return
        this.driver = null
        host = Thread.currentThread()
        iterations = null
        baton.passTo(driver)
    }

    private fun takeTurns() {
        while (true) {
            val iterations = iterations ?: break
            try {
                iterations.run()
            } finally {
                baton.giveBack(host!!)
            }
            baton.awaitTurn()
        }
        baton.giveBack(host!!)
    }
}
