package asyncio.internal.context

import asyncio.Action
import asyncio.Context
import asyncio.ContextVar
import asyncio.spi.RecursiveText
import java.util.Collections
import java.util.concurrent.Callable

/**
 * A context that somebody asked for, or gave. Most code never does: then its *state* stands for it, which is
 *
 * ```
 * null          nothing is set
 * ContextMap    these values, owned by whoever holds the reference
 * ContextImpl   this context, shared with whoever else holds it
 * ```
 *
 * The state of the running code is in [Contexts.current]; a task and a callback keep theirs between their turns.
 */
internal class ContextImpl(
    @JvmField var map: ContextMap,
) : Context {
    private var entered = false

    override fun <T> run(code: Callable<out T>): T {
        check(!entered) { "cannot enter context: $this is already entered. Run the code in a copy() of it" }
        val before = Contexts.current
        entered = true
        Contexts.current = this
        val outer = ThreadState.beginIn(this)
        try {
            return code.call()
        } finally {
            if (ThreadState.isUsed) map = ThreadState.copyOf(this) as ContextMap? ?: ContextMap.EMPTY
            ThreadState.end(outer)
            Contexts.current = before
            entered = false
        }
    }

    override fun run(code: Action): Unit = run(Callable { code.run() })

    override fun copy(): Context = ContextImpl(map)

    @Suppress("UNCHECKED_CAST")
    override fun <T> get(variable: ContextVar<T>): T {
        val index = map.find(variable as ContextVarImpl<*>)
        if (index < 0) throw NoSuchElementException("${variable.name()} is not set in this context")
        return map.value(index) as T
    }

    @Suppress("UNCHECKED_CAST")
    override fun <T> get(
        variable: ContextVar<T>,
        defaultValue: T,
    ): T {
        val index = map.find(variable as ContextVarImpl<*>)
        return if (index < 0) defaultValue else map.value(index) as T
    }

    override fun contains(variable: ContextVar<*>): Boolean = map.find(variable as ContextVarImpl<*>) >= 0

    override fun asMap(): Map<ContextVar<*>, Any?> {
        val map = map
        val values = LinkedHashMap<ContextVar<*>, Any?>()
        for (i in 0 until map.size) if (!ThreadState.isHidden(map.variable(i))) values[map.variable(i)] = map.value(i)
        return Collections.unmodifiableMap(values)
    }

    override fun toString(): String =
        RecursiveText.of(this) { "<Context ${asMap().entries.joinToString { (k, v) -> "${k.name()}=$v" }}>" }
}

/** The context of this state, as an object. */
internal fun asObject(context: Any?): ContextImpl =
    context as? ContextImpl ?: ContextImpl(Contexts.mapOf(context) ?: ContextMap.EMPTY)
