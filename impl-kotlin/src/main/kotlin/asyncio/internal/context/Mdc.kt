package asyncio.internal.context

import asyncio.internal.loop.Scheduler
import org.slf4j.MDC
import org.slf4j.helpers.NOPMDCAdapter

/**
 * SLF4J's MDC as a part of the context: it is copied wherever a context is copied, and what a task puts into it stays the
 * task's own.
 *
 * SLF4J keeps it in the thread. A Java body has a thread to itself, so that there it need only be set once, and carried over
 * where the task goes on in a suspend function. Suspend functions and callbacks share the loop's thread: around each of
 * their turns it is exchanged. Between turns it is in the context's state, under [variable]. Where there is no SLF4J, or no
 * logger behind it that has an MDC, nothing of this is done.
 */
internal object Mdc {
    /** The JIT drops what depends on it. */
    @JvmField val isActive: Boolean = isThereAny()

    private val variable = ContextVarImpl<Map<String, String>>("MDC", null)

    /** Whether [variable] is the one that users do not know. */
    fun isHidden(variable: ContextVarImpl<*>): Boolean = variable === this.variable

    private fun isThereAny(): Boolean =
        try {
            Slf4j.hasMdc()
        } catch (_: LinkageError) {
            false
        }

    /** The state of a copy of [state], with the MDC of the calling thread. */
    fun capture(state: Any?): Any? {
        val map = Contexts.mapOf(state)
        val here = Slf4j.get()
        val stored = storedIn(map)
        return when {
            here == stored -> map
            here == null -> map!!.without(variable)
            else -> (map ?: ContextMap.EMPTY).with(variable, here)
        }
    }

    @Suppress("UNCHECKED_CAST")
    private fun storedIn(map: ContextMap?): Map<String, String>? {
        val index = (map ?: return null).find(variable)
        return if (index < 0) null else map.value(index) as Map<String, String>
    }

    /** Begins a turn on the loop's thread, which may go on to a fiber. */
    fun enter(loop: Scheduler): Outer {
        val outer = Outer(Slf4j.get(), loop.threadStateIsSaved)
        load(loop)
        return outer
    }

    /** Ends it. If the MDC was saved on a fiber last, that of the thread is out of date. */
    fun leave(
        loop: Scheduler,
        outer: Outer,
    ) {
        if (!loop.threadStateIsSaved) save(loop)
        loop.threadStateIsSaved = outer.wasSaved
        Slf4j.set(outer.mdc)
    }

    /** What was there before a turn. */
    class Outer(
        val mdc: Map<String, String>?,
        val wasSaved: Boolean,
    )

    /** [save] for code on a fiber: what goes on does so on another thread. */
    fun saveFromFiber(loop: Scheduler) {
        save(loop)
        loop.threadStateIsSaved = true
    }

    /** Puts the MDC of the calling thread into the context of the code that runs. */
    fun save(loop: Scheduler) {
        val state = loop.context
        val captured = capture(state)
        if (state is ContextImpl) state.map = captured as ContextMap? ?: ContextMap.EMPTY else loop.context = captured
    }

    /** Gives the calling thread the MDC of the context of the code that runs. */
    fun load(loop: Scheduler) {
        loadFrom(loop.context)
        loop.threadStateIsSaved = false
    }

    fun loadFrom(state: Any?): Unit = Slf4j.set(storedIn(Contexts.mapOf(state)))

    /** The MDC of the calling thread, for [putBack]. */
    fun take(): Any? = Slf4j.get()

    @Suppress("UNCHECKED_CAST")
    fun putBack(before: Any?): Unit = Slf4j.set(before as Map<String, String>?)

    /** What names classes of SLF4J, which need not be there. */
    private object Slf4j {
        fun hasMdc(): Boolean = MDC.getMDCAdapter().let { it != null && it !is NOPMDCAdapter }

        /** Null if there is nothing in it. */
        fun get(): Map<String, String>? = MDC.getCopyOfContextMap()?.ifEmpty { null }

        fun set(map: Map<String, String>?) {
            if (map != null) {
                MDC.setContextMap(map)
            } else if (get() != null) {
                MDC.clear()
            }
        }
    }
}
