package asyncio.internal.fiber

import asyncio.internal.loop.EventLoopImpl
import java.util.concurrent.Executor
import java.util.concurrent.SynchronousQueue
import java.util.concurrent.ThreadFactory
import java.util.concurrent.ThreadPoolExecutor
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicInteger

/** A fiber on a thread of its own, virtual or platform, to which the loop passes a [Baton]. */
internal class BatonFiber(
    loop: EventLoopImpl,
    body: Any,
    private val threads: Executor,
) : Fiber(loop, body) {
    private val baton = Baton()
    private var owner: Thread? = null

    override fun switchToBody() {
        owner = Thread.currentThread()
        if (state == NEW) {
            state = RUNNING
            baton.passByStarting { threads.execute(this) }
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
            // Whatever happens: the loop waits for it.
            baton.giveBack(owner!!)
        }
    }
}

/** Fibers on the JVM's own virtual threads. The loop's iterations run on one too: between two of them a switch is cheap. */
internal class VirtualFibers(
    private val loop: EventLoopImpl,
) : Fibers {
    private val threads = Executor { VirtualThreads.factory!!.newThread(it).start() }
    private val baton = Baton()
    private var driver: Thread? = null
    private var host: Thread? = null
    private var iterations: Runnable? = null

    override fun create(body: Any): Fiber = BatonFiber(loop, body, threads)

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

/** Fibers on pooled daemon threads, for JVMs without virtual ones. */
internal class PlatformFibers(
    private val loop: EventLoopImpl,
) : Fibers {
    private val pool =
        object : ThreadPoolExecutor(0, Int.MAX_VALUE, 10, TimeUnit.SECONDS, SynchronousQueue(), FiberThreads) {
            override fun afterExecute(
                body: Runnable,
                error: Throwable?,
            ): Unit = ThreadLocals.erase()
        }

    private val threads = if (ThreadLocals.canErase) pool else Executor { FiberThreads.newThread(it).start() }

    override fun create(body: Any): Fiber = BatonFiber(loop, body, threads)

    override fun drive(iterations: Runnable): Unit = iterations.run()

    override fun close() {
        pool.shutdownNow()
        val interrupted = Thread.interrupted()
        pool.awaitTermination(1, TimeUnit.SECONDS)
        if (interrupted) Thread.currentThread().interrupt()
    }

    private object FiberThreads : ThreadFactory {
        private val number = AtomicInteger()

        override fun newThread(body: Runnable): Thread =
            Thread(null, body, "asyncio-fiber-${number.incrementAndGet()}", 0, false).apply { isDaemon = true }
    }
}
