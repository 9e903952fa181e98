package asyncio.internal.run

import asyncio.Action
import asyncio.internal.context.asObject
import sun.misc.Signal
import sun.misc.SignalHandler

/** The process's signals that one loop handles; what they did before comes back when it no longer does. */
internal class SignalHandlers(
    private val loop: EventLoopImpl,
) {
    private val before = HashMap<String, SignalHandler>()

    fun add(
        signal: String,
        callback: Action,
    ) {
        val name = nameOf(signal)
        // One for all its runs, as with any handle.
        val context = asObject(loop.contextHere())
        val handler =
            SignalHandler { if (!loop.isClosed) loop.callSoonThreadsafe { runIn(context, callback) } }
        val replaced =
            try {
                Signal.handle(Signal(name), handler)
            } catch (refused: IllegalArgumentException) {
                throw IllegalArgumentException("Signal $signal cannot be caught: ${refused.message}", refused)
            }
        before.putIfAbsent(name, replaced)
    }

    private fun runIn(
        context: Any?,
        callback: Action,
    ) {
        loop.context = context
        callback.run()
    }

    fun remove(signal: String): Boolean {
        val name = nameOf(signal)
        Signal.handle(Signal(name), before.remove(name) ?: return false)
        return true
    }

    fun removeAll() {
        for (name in before.keys.toList()) remove(name)
    }

    private fun nameOf(signal: String) = signal.removePrefix("SIG")
}
