package asyncio.internal.vertx

import asyncio.EventLoop
import asyncio.internal.loop.HostContext
import io.vertx.core.internal.ContextInternal
import java.util.concurrent.ConcurrentHashMap

/**
 * The current context of Vert.x for the code of a loop on the context [root]. Vert.x makes a duplicate of a context for each request and
 * message, with local data of its own; a task keeps the one in whose handler it was made.
 */
internal class ContextVariables(
    private val root: ContextInternal,
) : HostContext {
    override fun capture(): Any? {
        val here = ContextInternal.current() ?: return null
        return if (here !== root && here.unwrap() === root) here else null
    }

    override fun enter(captured: Any?): Any? {
        // A copy of a context may have come from a loop on another one.
        val duplicate = (captured as ContextInternal?)?.takeIf { it.unwrap() === root }
        val wanted = duplicate ?: root
        if (ContextInternal.current() === wanted) return UNCHANGED
        return wanted.beginDispatch() ?: NONE
    }

    override fun leave(before: Any?) {
        if (before === UNCHANGED) return
        root.endDispatch(if (before === NONE) null else before as ContextInternal)
    }

    override var variables: Any?
        get() = ContextInternal.current()?.getLocal(ContextInternal.LOCAL_MAP)?.get(KEY)
        set(state) {
            val locals = ContextInternal.current().getLocal(ContextInternal.LOCAL_MAP, ::ConcurrentHashMap)
            if (state == null) locals.remove(KEY) else locals[KEY] = state
        }

    override fun loopHere(): EventLoop? = ContextInternal.current()?.let(ContextLoops::existing)

    private companion object {
        val UNCHANGED = Any()
        val NONE = Any()

        const val KEY = "asyncio.context"
    }
}
