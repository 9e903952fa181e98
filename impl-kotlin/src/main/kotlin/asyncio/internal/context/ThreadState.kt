package asyncio.internal.context

import asyncio.internal.loop.HostContext
import asyncio.internal.loop.RunningLoops
import asyncio.internal.loop.Scheduler

/**
 * The hooks of the state that Java keeps in a thread, and that belongs to the context of the code: SLF4J's [Mdc], and what the host
 * of a loop has there ([HostContext]). A program that has neither pays nothing for them.
 *
 * | hook | where | what it does |
 * | --- | --- | --- |
 * | [begin], [beginIn], [end] | code begins and ends in a given context: a callback, `Context.run`, an error report | gives the thread the state of the context; gives it back its own |
 * | [beginStep], [endStep] | a step begins and ends on the loop's thread | the same, and keeps what the step has changed in its context |
 * | [take], [onFiber] | a body begins on a fiber | gives the fiber's thread the state of the code that has begun it |
 * | [leave], [leaveFiber], [arrive] | code goes on on another thread: from a fiber to the loop's thread, or back | keeps the state of the thread in the context; gives the thread that of the context. The host's state does not change meanwhile: both threads have it |
 * | [copyOf] | a context is copied | adds the state of the thread to the copy |
 *
 * A Java body that awaits a suspend function, which waits once:
 *
 * ```
 *                 step 1                                           step 2
 * loop's thread   beginStep                             endStep    beginStep  suspend function … leave                     endStep
 * fiber                     body … suspend function … leaveFiber                                       arrive … body ends
 * ```
 */
internal object ThreadState {
    /** Whether there is any of threads in general. The JIT removes what depends on it. */
    @JvmField val isUsed: Boolean = Mdc.isActive

    /** Whether there is any for code of [loop]. */
    fun isUsedBy(loop: Scheduler): Boolean = isUsed || loop.hostContext != null

    /** Code begins in the context with this [state]; gives what the thread had, for [end]. */
    fun beginIn(state: Any?): Any? {
        val mdc = if (isUsed) Mdc.take().also { Mdc.loadFrom(state) } else null
        return entered(RunningLoops.executing()?.hostContext, state, mdc)
    }

    /** [beginIn] the context of the code that [loop] runs. */
    fun begin(loop: Scheduler): Any? {
        val mdc = if (isUsed) Mdc.take().also { Mdc.load(loop) } else null
        return entered(loop.hostContext, loop.context, mdc)
    }

    private fun entered(
        host: HostContext?,
        state: Any?,
        mdc: Any?,
    ): Any? = if (host == null) mdc else Entered(host, host.enter(HostVariable.storedIn(state)), mdc)

    fun end(before: Any?) {
        val mdc = if (before is Entered) before.leave() else before
        if (isUsed) Mdc.putBack(mdc)
    }

    /** A step of code that shares the loop's thread begins; gives what is needed for [endStep]. */
    fun beginStep(loop: Scheduler): Any? =
        entered(loop.hostContext, loop.context, if (isUsed) Mdc.enter(loop) else null)

    /** The step ends. Nothing happens if [before] is null: it did not share the thread. */
    fun endStep(
        loop: Scheduler,
        before: Any?,
    ) {
        if (before == null) return
        val mdc = if (before is Entered) before.leave() else before
        if (mdc != null) Mdc.leave(loop, mdc as Mdc.Outer)
    }

    /** What a thread had before code of a loop whose host has a context: that of the host, and the MDC. */
    private class Entered(
        private val host: HostContext,
        private val before: Any?,
        private val mdc: Any?,
    ) {
        fun leave(): Any? {
            host.leave(before)
            return mdc
        }
    }

    /** The code that runs goes on on another thread. */
    fun leave(loop: Scheduler) {
        if (isUsed) Mdc.save(loop)
    }

    /** [leave] for code on a fiber. */
    fun leaveFiber(loop: Scheduler) {
        if (isUsed) Mdc.saveFromFiber(loop)
    }

    /** The code that runs goes on on the calling thread. */
    fun arrive(loop: Scheduler) {
        if (isUsed) Mdc.load(loop)
    }

    /** The state of the calling thread, which runs code of [loop], for [onFiber]; null if there is none. */
    fun take(loop: Scheduler): Any? {
        val mdc = if (isUsed) Mdc.take() else null
        val host = loop.hostContext ?: return mdc
        return Taken(host, HostVariable.storedIn(loop.context), mdc)
    }

    /** Runs [body], from its begin to its end, on a fiber that gets this [state]. */
    inline fun <R> onFiber(
        state: Any,
        body: () -> R,
    ): R {
        if (state !is Taken) {
            Mdc.putBack(state)
            return body()
        }
        if (isUsed) Mdc.putBack(state.mdc)
        val before = state.host.enter(state.captured)
        try {
            return body()
        } finally {
            state.host.leave(before)
        }
    }

    /** What a body begins with on a fiber of a loop whose host has a context. */
    class Taken(
        val host: HostContext,
        val captured: Any?,
        val mdc: Any?,
    )

    /** The state of a copy of the context with this [state], made by the calling code. */
    fun copyOf(state: Any?): Any? =
        when {
            isUsed -> Mdc.capture(state)
            state is ContextImpl -> state.map
            else -> state
        }

    /** [copyOf] for code that [loop] will run. */
    fun copyOf(
        state: Any?,
        loop: Scheduler?,
    ): Any? {
        val copy = copyOf(state)
        val host = loop?.hostContext ?: return copy
        return HostVariable.capture(host, copy as ContextMap?)
    }

    /** Whether users do not see [variable]: it holds state of threads. */
    fun isHidden(variable: ContextVarImpl<*>): Boolean = Mdc.isHidden(variable) || HostVariable.isIt(variable)
}
