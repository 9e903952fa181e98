package asyncio.internal.fiber

import asyncio.internal.loop.Scheduler

/** A fiber on a thread of its own, virtual or platform, to which the loop passes a [Baton]. */
internal class BatonFiber(
    loop: Scheduler,
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
