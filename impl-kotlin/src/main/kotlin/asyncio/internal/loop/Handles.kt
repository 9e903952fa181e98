package asyncio.internal.loop

import asyncio.Action
import asyncio.Context
import asyncio.ExceptionContext
import asyncio.Handle
import asyncio.internal.context.ContextImpl
import asyncio.internal.context.ContextMap
import asyncio.internal.context.Contexts
import asyncio.internal.context.Mdc
import asyncio.spi.RecursiveText
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater

/** A callback of the loop's own thread. It lets go of its code once that ran or was called off. */
internal class CallbackHandle(
    private val loop: EventLoopImpl,
    private var context: Any? = null,
    private var callback: Action?,
) : Ready(),
    Handle {
    override fun turn() {
        val callback = callback
        if (callback == null || callback === CALLED_OFF) return
        this.callback = null
        loop.context = context
        runCallback(loop, this, callback)
    }

    override fun cancel() {
        callback = CALLED_OFF
    }

    override fun cancelled(): Boolean = callback === CALLED_OFF

    override fun getContext(): Context = asObject(context).also { context = it }

    override fun toString(): String = describe("Handle", this, callback, loop)
}

/** A handle for people. */
internal fun describe(
    kind: String,
    handle: Handle,
    callback: Action?,
    loop: EventLoopImpl,
): String =
    RecursiveText.of(handle) {
        val state = if (handle.cancelled()) " cancelled" else callback?.let { " $it" } ?: " done"
        "<$kind$state${loop.debugging?.createdAt(handle) ?: ""}>"
    }

/** Stands where the code of a handle was that has been called off. */
internal val CALLED_OFF: Action = Action {}

/** The context of this state, as an object. */
internal fun asObject(context: Any?): ContextImpl =
    context as? ContextImpl ?: ContextImpl(Contexts.mapOf(context) ?: ContextMap.EMPTY)

/** A callback from another thread; from any thread it is either run or called off, never both. */
@Suppress("PLATFORM_CLASS_MAPPED_TO_KOTLIN")
internal class ThreadsafeHandle(
    private val loop: EventLoopImpl,
    private var context: Any? = null,
    @Volatile private var callback: Action?,
) : Ready(),
    Handle {
    /** The handle that came before, while this one waits in the [Inbox]. */
    @JvmField var previous: ThreadsafeHandle? = null

    @Volatile private var cancelled = false

    /** Somebody waits for the end of the callback. */
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
                // Whoever is in the loop at this moment is the callback itself.
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

internal fun runCallback(
    loop: EventLoopImpl,
    handle: Handle,
    callback: Action,
) {
    val mdc = if (Mdc.isActive) Mdc.take() else null
    if (Mdc.isActive) Mdc.load(loop)
    try {
        callback.run()
    } catch (error: Throwable) {
        if (isFatal(error)) throw error
        loop.callExceptionHandler(
            ExceptionContext.of("Exception in callback $callback").withException(error).withHandle(handle),
        )
    } finally {
        if (Mdc.isActive) Mdc.putBack(mdc)
    }
}
