package asyncio.internal.context

import asyncio.ContextVar
import asyncio.Token
import java.util.concurrent.atomic.AtomicLong

internal class ContextVarImpl<T>(
    private val name: String,
    private val default: Any?,
) : ContextVar<T> {
    /** The order in a [ContextMap]. */
    @JvmField val number = numbers.getAndIncrement()

    override fun name(): String = name

    @Suppress("UNCHECKED_CAST")
    override fun get(): T {
        val value = find()
        if (value !== NOTHING) return value as T
        if (default === NOTHING) {
            throw NoSuchElementException(
                "$name is not set in this context, and has no default: set it first, or ask get(default)",
            )
        }
        return default as T
    }

    @Suppress("UNCHECKED_CAST")
    override fun get(defaultValue: T): T {
        val value = find()
        return if (value === NOTHING) defaultValue else value as T
    }

    private fun find(): Any? {
        val map = Contexts.mapOf(Contexts.current) ?: return NOTHING
        val index = map.find(this)
        return if (index < 0) NOTHING else map.value(index)
    }

    override fun set(value: T): Token<T> {
        val context = Contexts.currentAsObject()
        val old = find()
        context.map = context.map.with(this, value)
        return TokenImpl(this, old, context)
    }

    override fun reset(token: Token<T>) {
        require(token is TokenImpl<T> && token.variable === this) { "$token was created by a different ContextVar" }
        val context = Contexts.currentAsObject()
        token.use(context)
        context.map = if (token.old === NOTHING) context.map.without(this) else context.map.with(this, token.old)
    }

    override fun toString(): String = "<ContextVar name='$name'>"

    internal companion object {
        private val numbers = AtomicLong()

        /** No value; null is one. */
        val NOTHING = Any()
    }
}

private class TokenImpl<T>(
    @JvmField val variable: ContextVarImpl<T>,
    @JvmField val old: Any?,
    private val context: ContextImpl,
) : Token<T> {
    private var used = false

    fun use(context: ContextImpl) {
        check(!used) { "$this has already been used once" }
        require(this.context === context) { "$this was created in a different Context" }
        used = true
    }

    override fun variable(): ContextVarImpl<T> = variable

    override fun hasOldValue(): Boolean = old !== ContextVarImpl.NOTHING

    @Suppress("UNCHECKED_CAST")
    override fun oldValue(): T? = if (hasOldValue()) old as T else null

    override fun close(): Unit = variable.reset(this)

    override fun toString(): String = "<Token var=$variable${if (used) " used" else ""}>"
}
