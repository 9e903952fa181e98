package asyncio.internal.fiber

import asyncio.internal.loop.EventLoopImpl

/** A fiber on a thread of its own, virtual or platform, to which the loop passes a [Baton]. */
internal abstract class BatonFiber(
    loop: EventLoopImpl,
    body: Any,
) : Fiber(loop, body) {
    private val baton = Baton()
    private var owner: Thread? = null

    override fun switchToBody() {
        owner = Thread.currentThread()
        if (state == NEW) {
            state = RUNNING
            baton.passByStarting(::start)
        } else {
            state = RUNNING
            baton.passTo(thread!!)
        }
    }

    /** Has a thread [run] this. */
    protected abstract fun start()

    override fun suspend() {
        state = SUSPENDED
        baton.giveBack(owner!!)
        baton.awaitTurn()
    }

    override fun run() {
        try {
            val thread = Thread.currentThread()
            this.thread = thread
            thread.contextClassLoader = loop.contextClassLoader
            runBody()
            bodyEnds()
        } finally {
            // Whatever happens: the loop waits for it.
            baton.giveBack(owner!!)
        }
    }

    /** The thread of the body has nothing else to do for it. */
    protected open fun bodyEnds(): Unit = Unit
}

internal class VirtualFiber(
    loop: EventLoopImpl,
    body: Any,
) : BatonFiber(loop, body) {
    override fun start(): Unit = VirtualThreads.factory!!.newThread(this).start()
}

/** Fibers on the JVM's own virtual threads. The loop's iterations run on one too: between two of them a switch is cheap. */
internal class VirtualFibers(
    private val loop: EventLoopImpl,
) : Fibers {
    private val baton = Baton()
    private var driver: Thread? = null
    private var host: Thread? = null
    private var iterations: Runnable? = null

    override fun create(
        body: Any,
        depth: Int,
    ): Fiber = VirtualFiber(loop, body)

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
