package asyncio.internal.fiber

import asyncio.internal.loop.EventLoopImpl

/** A fiber on a thread of its own, virtual or platform, to which the loop passes a [Baton]. */
internal class BatonFiber(
    loop: EventLoopImpl,
    body: Any,
    private val threads: FiberThreads,
) : Fiber(loop, body) {
    private val baton = Baton()
    private var owner: Thread? = null

    override fun switchToBody() {
        owner = Thread.currentThread()
        if (state == NEW) {
            state = RUNNING
            try {
                baton.passByStarting { threads.start(this) }
            } catch (refused: IllegalStateException) {
                // To its caller it looks like a body that fails at once.
                state = FINISHED
                failure = refused
            }
        } else {
            state = RUNNING
            baton.passTo(thread!!)
        }
    }

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
        } finally {
            threads.ended()
            // Whatever happens: the loop waits for it.
            baton.giveBack(owner!!)
        }
    }
}

/** Where fibers get their threads. */
internal interface FiberThreads {
    /**
     * Has a thread of its own run [body].
     *
     * @throws IllegalStateException if there is none
     */
    fun start(body: Runnable)

    /** On the thread of a body: that has ended. */
    fun ended(): Unit = Unit
}

/** Fibers on the JVM's own virtual threads. The loop's iterations run on one too: between two of them a switch is cheap. */
internal class VirtualFibers(
    private val loop: EventLoopImpl,
) : Fibers,
    FiberThreads {
    private val baton = Baton()
    private var driver: Thread? = null
    private var host: Thread? = null
    private var iterations: Runnable? = null

    override fun create(body: Any): Fiber = BatonFiber(loop, body, this)

    override fun start(body: Runnable): Unit = VirtualThreads.factory!!.newThread(body).start()

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
