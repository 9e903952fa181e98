package asyncio.internal.callback

import asyncio.Action
import asyncio.Context
import asyncio.ExceptionContext
import asyncio.Handle
import asyncio.internal.context.ThreadState
import asyncio.internal.context.asObject
import asyncio.internal.loop.Ready
import asyncio.internal.loop.Scheduler
import asyncio.internal.loop.isFatal
import asyncio.spi.RecursiveText

/** A callback of the loop's own thread. It lets go of its code once that ran or was called off. */
internal class CallbackHandle(
    private val loop: Scheduler,
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

/** The text form of a handle. */
internal fun describe(
    kind: String,
    handle: Handle,
    callback: Action?,
    loop: Scheduler,
): String =
    RecursiveText.of(handle) {
        val state = if (handle.cancelled()) " cancelled" else callback?.let { " $it" } ?: " done"
        "<$kind$state${loop.createdAt(handle)}>"
    }

/** Stands where the code of a handle was that has been called off. */
internal val CALLED_OFF: Action = Action {}

internal fun runCallback(
    loop: Scheduler,
    handle: Handle,
    callback: Action,
) {
    val before = ThreadState.begin(loop)
    try {
        callback.run()
    } catch (error: Throwable) {
        if (isFatal(error)) throw error
        loop.callExceptionHandler(
            ExceptionContext.of("Exception in callback $callback").withException(error).withHandle(handle),
        )
    } finally {
        ThreadState.end(before)
    }
}
