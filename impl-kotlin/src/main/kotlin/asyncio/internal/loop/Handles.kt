package asyncio.internal.loop

import asyncio.ExceptionContext
import asyncio.Handle
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater

/** A callback of the loop's own thread. It lets go of its code once that ran or was called off. */
internal class CallbackHandle(
    private val loop: EventLoopImpl,
    private var callback: Runnable?,
) : Ready(),
    Handle {
    private var cancelled = false

    override fun turn() {
        val callback = callback ?: return
        this.callback = null
        runCallback(loop, this, callback)
    }

    override fun cancel() {
        cancelled = true
        callback = null
    }

    override fun cancelled(): Boolean = cancelled
}

/** A callback from another thread; from any thread it is either run or called off, never both. */
internal class ThreadsafeHandle(
    private val loop: EventLoopImpl,
    @Volatile private var callback: Runnable?,
) : Ready(),
    Handle {
    /** The handle that came before, while this one waits in the [Inbox]. */
    @JvmField var previous: ThreadsafeHandle? = null

    @Volatile private var cancelled = false

    override fun turn() {
        val callback = CALLBACK.getAndSet(this, null) ?: return
        runCallback(loop, this, callback)
    }

    override fun cancel() {
        cancelled = true
        CALLBACK.set(this, null)
    }

    override fun cancelled(): Boolean = cancelled

    private companion object {
        val CALLBACK: AtomicReferenceFieldUpdater<ThreadsafeHandle, Runnable?> =
            AtomicReferenceFieldUpdater.newUpdater(ThreadsafeHandle::class.java, Runnable::class.java, "callback")
    }
}

internal fun runCallback(
    loop: EventLoopImpl,
    handle: Handle,
    callback: Runnable,
) {
    try {
        callback.run()
    } catch (error: Throwable) {
        if (isFatal(error)) throw error
        loop.callExceptionHandler(ExceptionContext.of("Exception in callback $callback").with(error).with(handle))
    }
}
