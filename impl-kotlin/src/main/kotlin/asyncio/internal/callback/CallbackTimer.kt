package asyncio.internal.callback

import asyncio.Action
import asyncio.Context
import asyncio.TimerHandle
import asyncio.internal.context.asObject
import asyncio.internal.loop.Scheduler
import asyncio.internal.loop.Timer
import java.time.Duration

/** A callback with a deadline. */
internal class CallbackTimer(
    private val loop: Scheduler,
    deadline: Long,
    private val whenDue: Duration?,
    private var context: Any?,
    private var callback: Action?,
) : Timer(deadline),
    TimerHandle {
    override fun turn() {
        val callback = callback
        if (callback == null || callback === CALLED_OFF) return
        this.callback = null
        loop.context = context
        runCallback(loop, this, callback)
    }

    override fun cancel() {
        loop.checkThread("cancel")
        callback = CALLED_OFF
        loop.removeTimer(this)
    }

    override fun cancelled(): Boolean = callback === CALLED_OFF

    override fun getContext(): Context = asObject(context).also { context = it }

    // The Duration as it was given where it was: a deadline beyond the range of nanoseconds still reads as set.
    override fun `when`(): Duration = whenDue ?: Duration.ofNanos(deadline)

    override fun toString(): String = describe("TimerHandle when=${`when`()}", this, callback, loop)
}
