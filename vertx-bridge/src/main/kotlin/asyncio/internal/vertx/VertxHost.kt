package asyncio.internal.vertx

import asyncio.internal.loop.HostContext
import asyncio.internal.loop.HostLatch
import asyncio.internal.loop.HostThread
import asyncio.internal.loop.LoopHost
import io.netty.channel.EventLoop
import io.vertx.core.Vertx
import io.vertx.core.internal.ContextInternal
import java.util.concurrent.TimeUnit

/**
 * The host of a loop on Vert.x: one event-loop context. Whatever touches Vert.x goes through [execute], because a coroutine's
 * body may stand on another thread than the context's own.
 */
public class VertxHost(
    public val context: ContextInternal,
    override val hostContext: HostContext? = null,
    private val onClose: () -> Unit = {},
) : LoopHost,
    HostThread {
    private val eventLoop: EventLoop = context.nettyEventLoop()

    /** What ends with the loop, such as connections; touched on the context's thread. */
    private val resources = LinkedHashSet<AutoCloseable>()

    public val vertx: Vertx get() = context.owner()

    override fun post(task: Runnable) {
        eventLoop.execute { dispatch(task) }
    }

    /** An error that came out of it would end Netty's thread if there is no memory to log it. */
    private fun dispatch(task: Runnable) {
        try {
            context.dispatch(task)
        } catch (_: VirtualMachineError) {
            // The loop has taken note of its own, and its watchdog looks after a task that did not begin.
        }
    }

    /** Runs [task] on the context's thread: now if that is the caller's, soon otherwise. From any thread. */
    public override fun execute(task: Runnable) {
        if (eventLoop.inEventLoop()) context.dispatch(task) else post(task)
    }

    // Netty's timers, not Vert.x's: those know no less than a millisecond.
    override fun wakeAfter(
        delayNanos: Long,
        task: Runnable,
    ): LoopHost.Wake {
        val future = eventLoop.schedule({ dispatch(task) }, delayNanos, TimeUnit.NANOSECONDS)
        return LoopHost.Wake { future.cancel(false) }
    }

    override fun nanoTime(): Long = System.nanoTime()

    override fun isHostThread(): Boolean = eventLoop.inEventLoop()

    override fun isAlive(): Boolean = !eventLoop.isShuttingDown

    override fun checkMayWait(): Unit = Handlers.checkMayWait()

    /** Closes [resource] with the loop, if it is still registered then. On the context's thread. */
    public override fun register(resource: AutoCloseable) {
        resources.add(resource)
    }

    /** [resource] was closed before the loop. On the context's thread. */
    public override fun unregister(resource: AutoCloseable) {
        resources.remove(resource)
    }

    /** The context belongs to its Vert.x, which outlives the loop. */
    override fun close() {
        try {
            if (isAlive()) closeResources()
        } finally {
            onClose()
        }
    }

    private fun closeResources() {
        if (eventLoop.inEventLoop()) return context.dispatch(Runnable(::closeEach))
        val closed = HostLatch(this)
        execute {
            if (resources.isEmpty()) return@execute closed.open()
            try {
                closeEach()
            } finally {
                // Behind that, no address of the loop's sockets is in use.
                eventLoop.afterNextSelect(closed::open)
            }
        }
        closed.await()
    }

    private fun closeEach(): Unit = resources.toList().forEach(AutoCloseable::close)
}
