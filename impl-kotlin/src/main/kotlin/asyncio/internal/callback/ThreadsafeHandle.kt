package asyncio.internal.callback

import asyncio.Action
import asyncio.Context
import asyncio.Handle
import asyncio.internal.context.asObject
import asyncio.internal.loop.Inbox
import asyncio.internal.loop.Scheduler
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater

/** A callback from another thread; from any thread it is either run or called off, never both. */
@Suppress("PLATFORM_CLASS_MAPPED_TO_KOTLIN")
internal class ThreadsafeHandle(
    private val loop: Scheduler,
    private var context: Any? = null,
    @Volatile private var callback: Action?,
) : Inbox.Item(),
    Handle {
    @Volatile private var cancelled = false

    /** A thread waits for the end of the callback. */
    @Volatile private var awaited = false

    override fun turn() {
        val callback = callback ?: return
        if (!CALLBACK.compareAndSet(this, callback, RUNNING)) return
        loop.context = context
        try {
            runCallback(loop, this, callback)
        } finally {
            this.callback = null
            if (awaited) wakeAll()
        }
    }

    /** After this the callback does not run, and will not: where it runs already, on the loop, this waits for its end. */
    override fun cancel() {
        cancelled = true
        while (true) {
            val callback = callback ?: return
            if (callback === RUNNING) {
                // Code of the loop that calls this is the callback itself.
                if (!loop.isExecutedBy(Thread.currentThread())) awaitEnd()
                return
            }
            if (CALLBACK.compareAndSet(this, callback, null)) return
        }
    }

    override fun cancelled(): Boolean = cancelled

    override fun getContext(): Context = synchronized(this) { asObject(context).also { context = it } }

    override fun toString(): String = describe("Handle", this, callback?.takeIf { it !== RUNNING }, loop)

    private fun awaitEnd() {
        var interrupted = false
        synchronized(this) {
            awaited = true
            while (callback === RUNNING) {
                try {
                    (this as java.lang.Object).wait()
                } catch (_: InterruptedException) {
                    interrupted = true
                }
            }
        }
        if (interrupted) Thread.currentThread().interrupt()
    }

    private fun wakeAll(): Unit = synchronized(this) { (this as java.lang.Object).notifyAll() }

    private companion object {
        val RUNNING = Action {}

        val CALLBACK: AtomicReferenceFieldUpdater<ThreadsafeHandle, Action?> =
            AtomicReferenceFieldUpdater.newUpdater(ThreadsafeHandle::class.java, Action::class.java, "callback")
    }
}
