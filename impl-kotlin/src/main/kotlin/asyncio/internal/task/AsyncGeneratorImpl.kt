package asyncio.internal.task

import asyncio.AsyncGenerator
import asyncio.Coroutine
import kotlin.coroutines.Continuation

/** An async generator as its user holds it. When this is garbage, [body] is closed. */
internal class AsyncGeneratorImpl<T>(
    private val body: GeneratorBody<T>,
) : AsyncGenerator<T> {
    override fun anext(): Coroutine<T> = GeneratorCall(this, body, GeneratorCall.SEND, null)

    override fun asend(value: Any?): Coroutine<T> = GeneratorCall(this, body, GeneratorCall.SEND, value)

    override fun athrow(error: Throwable): Coroutine<T?> = GeneratorCall(this, body, GeneratorCall.THROW, error)

    override fun aclose(): Coroutine<Void?> = GeneratorCall(this, body, GeneratorCall.CLOSE, null)

    override fun toString(): String = body.toString()
}

/** One `anext`, `asend`, `athrow` or `aclose`. */
internal class GeneratorCall<T>(
    /** Keeps the generator alive while it is used. */
    @JvmField val owner: AsyncGeneratorImpl<*>?,
    private val body: GeneratorBody<*>,
    @JvmField val kind: Int,
    @JvmField val value: Any?,
) : CoroutineImpl<T>(CALL) {
    val call: String get() =
        if (kind == SEND) {
            "anext()"
        } else if (kind == THROW) {
            "athrow()"
        } else {
            "aclose()"
        }

    override val home: TaskLoop? get() = body.loop?.takeIf { it.isDetached }

    init {
        watchAs(ownName)
    }

    override val ownName: String
        get() =
            when (kind) {
                SEND -> "AsyncGenerator.asend"
                THROW -> "AsyncGenerator.athrow"
                else -> "AsyncGenerator.aclose"
            }

    override fun doAwait(): T {
        noticed()
        claim()
        return startOnFiber { begin(it) }
    }

    override fun awaitIn(continuation: Continuation<T>): Any? {
        claim()
        return startInTask(continuation) { begin(it) }
    }

    override fun startIn(
        driver: CoroutineDriver<T>,
        body: Any,
    ): Any? = begin(driver)

    @Suppress("UNCHECKED_CAST")
    private fun begin(downstream: Continuation<T>): Any? {
        val driver = driverOf(downstream.context)
        driver.checkRunning()
        return body.begin(this, driver, downstream as Continuation<Any?>)
    }

    companion object {
        const val SEND = 0
        const val THROW = 1
        const val CLOSE = 2
        private val CALL = Any()
    }
}
