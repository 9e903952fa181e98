package asyncio.internal.context

import asyncio.internal.loop.RunningLoops

/** The state of the context that the calling code runs in; what a state is, [ContextImpl] says. */
internal object Contexts {
    /** That of threads that run no loop, and that no host of one has called; see HostContext. */
    private val ofThread = ThreadLocal<Any?>()

    var current: Any?
        get() {
            val loop = RunningLoops.executing()
            return if (loop != null) loop.context else outside()
        }
        set(state) {
            val loop = RunningLoops.executing()
            if (loop != null) {
                loop.context = state
            } else {
                setOutside(state)
            }
        }

    private fun outside(): Any? {
        val host = RunningLoops.calledByHost()?.hostContext
        return if (host != null) host.variables else ofThread.get()
    }

    private fun setOutside(state: Any?) {
        val host = RunningLoops.calledByHost()?.hostContext
        when {
            host != null -> host.variables = state
            state == null -> ofThread.remove()
            else -> ofThread.set(state)
        }
    }

    /** Runs [action] where [state] is that of the current context. */
    inline fun <R> within(
        state: Any?,
        action: () -> R,
    ): R {
        val before = current
        current = state
        try {
            return action()
        } finally {
            current = before
        }
    }

    /** [within], with the state of threads of that context too. */
    inline fun <R> withinWholly(
        state: Any?,
        action: () -> R,
    ): R {
        val before = ThreadState.beginIn(state)
        try {
            return within(state, action)
        } finally {
            ThreadState.end(before)
        }
    }

    fun mapOf(state: Any?): ContextMap? = if (state is ContextImpl) state.map else state as ContextMap?

    /** The state of a copy of the calling code's [state]. */
    fun copyOf(state: Any?): Any? = ThreadState.copyOf(state)

    /** The current context as an object, which from now on is its state. */
    fun currentAsObject(): ContextImpl {
        val state = current
        return state as? ContextImpl ?: ContextImpl(mapOf(state) ?: ContextMap.EMPTY).also { current = it }
    }

    fun copyOfCurrent(): ContextImpl =
        ContextImpl(mapOf(ThreadState.copyOf(current, RunningLoops.current())) ?: ContextMap.EMPTY)
}
