package asyncio.internal.context

import asyncio.internal.loop.Scheduler

/**
 * The hooks of the state that Java keeps in a thread, and that belongs to the context of the code: today SLF4J's [Mdc]. A
 * program without such state pays nothing for them.
 *
 * | hook | where | what it does |
 * | --- | --- | --- |
 * | [begin], [beginIn], [end] | code begins and ends in a given context: a callback, `Context.run`, an error report | gives the thread the state of the context; gives it back its own |
 * | [beginStep], [endStep] | a step begins and ends on the loop's thread | the same, and keeps what the step has changed in its context |
 * | [leave], [leaveFiber], [arrive] | code goes on on another thread: from a fiber to the loop's thread, or back | keeps the state of the thread in the context; gives the thread that of the context |
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
    /** Whether there is any. The JIT removes what depends on it. */
    @JvmField val isUsed: Boolean = Mdc.isActive

    /** Code begins in the context with this [state]; gives what the thread had, for [end]. */
    fun beginIn(state: Any?): Any? {
        if (!isUsed) return null
        return Mdc.take().also { Mdc.loadFrom(state) }
    }

    /** [beginIn] the context of the code that [loop] runs. */
    fun begin(loop: Scheduler): Any? {
        if (!isUsed) return null
        return Mdc.take().also { Mdc.load(loop) }
    }

    fun end(before: Any?) {
        if (isUsed) Mdc.putBack(before)
    }

    /** A step of code that shares the loop's thread begins; gives what is needed for [endStep]. */
    fun beginStep(loop: Scheduler): Any? = if (isUsed) Mdc.enter(loop) else null

    /** The step ends. Nothing happens if [before] is null: it did not share the thread. */
    fun endStep(
        loop: Scheduler,
        before: Any?,
    ) {
        if (before != null) Mdc.leave(loop, before as Mdc.Outer)
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

    /** The state of the calling thread, for code that begins on another one; null if it has none. */
    fun take(): Any? = if (isUsed) Mdc.take() else null

    /** The state of a copy of the context with this [state], made by the calling code. */
    fun copyOf(state: Any?): Any? =
        when {
            isUsed -> Mdc.capture(state)
            state is ContextImpl -> state.map
            else -> state
        }

    /** Whether users do not see [variable]: it holds state of threads. */
    fun isHidden(variable: ContextVarImpl<*>): Boolean = Mdc.isHidden(variable)
}
