package asyncio.internal.context

import asyncio.internal.loop.HostContext

/** Where a context keeps what its host has in threads; see [HostContext]. Users do not see it. */
internal object HostVariable {
    private val variable = ContextVarImpl<Any>("host", null)
    private val variables = arrayOf<ContextVarImpl<*>>(variable)

    fun isIt(variable: ContextVarImpl<*>): Boolean = variable === this.variable

    /** What the context with this [state] has; null for the host's own. */
    fun storedIn(state: Any?): Any? {
        val map = Contexts.mapOf(state) ?: return null
        val index = map.find(variable)
        return if (index < 0) null else map.value(index)
    }

    /** The context with these values, and what [host] has in the calling thread. */
    fun capture(
        host: HostContext,
        map: ContextMap?,
    ): ContextMap? {
        val here = host.capture()
        return when {
            here === storedIn(map) -> map
            here == null -> map!!.without(variable)
            map == null -> ContextMap.of(variables, here)
            else -> map.with(variable, here)
        }
    }
}
