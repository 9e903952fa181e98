package asyncio.internal.task

import asyncio.AsyncGenerator
import asyncio.Coroutine
import asyncio.GeneratorExit
import asyncio.StopAsyncIteration
import asyncio.internal.fiber.Fiber
import java.util.concurrent.Callable
import kotlin.coroutines.Continuation
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.intrinsics.COROUTINE_SUSPENDED

/** An async generator as its user holds it. When nobody does any more, [GeneratorBody] is closed. */
internal class AsyncGeneratorImpl<T>(
    body: AsyncGenerator.Body<T>,
) : AsyncGenerator<T> {
    private val body = GeneratorBody(body)

    override fun anext(): Coroutine<T> = GeneratorCall(this, body, GeneratorCall.SEND, null)

    override fun asend(value: Any?): Coroutine<T> = GeneratorCall(this, body, GeneratorCall.SEND, value)

    override fun athrow(error: Throwable): Coroutine<T> = GeneratorCall(this, body, GeneratorCall.THROW, error)

    override fun aclose(): Coroutine<Void?> = GeneratorCall(this, body, GeneratorCall.CLOSE, null)

    override fun toString(): String = "<AsyncGenerator $body>"
}

/**
 * The body of an async generator, on a stack of its own.
 *
 * ```
 * CREATED --a call--> RUNNING --yield--> SUSPENDED
 *    |                 |   ^--a call--------|
 *    \--close--> CLOSED <--/ the body ends
 * ```
 *
 * While it is RUNNING the task that called is the one that runs it, and awaits what it awaits.
 */
internal class GeneratorBody<T>(
    body: AsyncGenerator.Body<T>,
) : AsyncGenerator.Yielder<T> {
    private var body: AsyncGenerator.Body<T>? = body
    private var fiber: Fiber? = null
    private var state = State.CREATED
    private var registration: AsyncGenerators.Registration? = null

    /** What the yield gives that it is suspended at, or raises. */
    private var sent: Any? = null
    private var raise: Throwable? = null

    private enum class State { CREATED, RUNNING, SUSPENDED, CLOSED }

    val isSuspended: Boolean get() = state == State.SUSPENDED

    /** Has [call] done in the present step of [steps]; [downstream] gets its end. */
    fun begin(
        call: GeneratorCall<*>,
        steps: Steps<*>,
        downstream: Continuation<Any?>,
    ): Any? {
        when (state) {
            State.RUNNING -> {
                throw IllegalStateException("${call.name}: asynchronous generator is already running")
            }

            State.CLOSED -> {
                if (call.kind == GeneratorCall.CLOSE) return null
                throw StopAsyncIteration()
            }

            State.CREATED -> {
                if (call.kind != GeneratorCall.SEND) {
                    end()
                    if (call.kind == GeneratorCall.CLOSE) return null
                    throw call.value as Throwable
                }
                check(call.value == null) { "can't send a value to a just-started async generator" }
                val body = body!!
                this.body = null
                fiber = steps.loop.fibers.create(Callable<Any?> { body.run(this) })
                registration = steps.loop.asyncGenerators.register(call.owner, this)
            }

            State.SUSPENDED -> {
                check(registration!!.loop === steps.loop) { "$this was begun in another event loop" }
                when (call.kind) {
                    GeneratorCall.SEND -> sent = call.value
                    GeneratorCall.THROW -> raise = call.value as Throwable
                    else -> raise = GeneratorExit()
                }
            }
        }
        state = State.RUNNING
        fiber!!.parent = Consumer(call, downstream)
        steps.resumeNext(fiber!!)
        return COROUTINE_SUSPENDED
    }

    override fun <S> yield(item: T): S {
        val steps = Suspension.ofJavaBody("yield")
        val fiber = steps.fiber!!
        check(
            fiber === this.fiber,
        ) { "yield belongs into the generator's own body, not into a coroutine or callback of it" }
        state = State.SUSPENDED
        (fiber.parent as GeneratorBody<*>.Consumer).yielded(item, steps)
        try {
            fiber.suspend()
        } catch (pinned: IllegalStateException) {
            state = State.RUNNING
            steps.forgetNext()
            throw pinned
        }
        raise?.let {
            raise = null
            throw it
        }
        @Suppress("UNCHECKED_CAST")
        return sent.also { sent = null } as S
    }

    private fun end() {
        state = State.CLOSED
        body = null
        fiber = null
        registration?.end()
    }

    override fun toString(): String = state.name.lowercase()

    /** Who waits for the item, or for the end. */
    internal inner class Consumer(
        private val call: GeneratorCall<*>,
        @JvmField val downstream: Continuation<Any?>,
    ) : Continuation<Any?> {
        override val context: CoroutineContext get() = downstream.context

        /** On the fiber of the body, which then suspends. */
        fun yielded(
            item: Any?,
            steps: Steps<*>,
        ) {
            val result =
                if (call.kind == GeneratorCall.CLOSE) {
                    Result.failure(IllegalStateException("async generator ignored GeneratorExit"))
                } else {
                    Result.success(item)
                }
            if (downstream is FiberCompletion<*>) {
                downstream.resumeWith(result)
            } else {
                steps.resumeNext(HandedBack(downstream, result))
            }
        }

        /** The body has ended. */
        override fun resumeWith(result: Result<Any?>) {
            end()
            downstream.resumeWith(outcomeOf(result.exceptionOrNull()))
        }

        private fun outcomeOf(error: Throwable?): Result<Any?> =
            when {
                call.kind == GeneratorCall.CLOSE && (error == null || error is GeneratorExit) -> {
                    Result.success(null)
                }

                error == null -> {
                    Result.failure(StopAsyncIteration())
                }

                error is StopAsyncIteration -> {
                    Result.failure(IllegalStateException("async generator raised StopAsyncIteration", error))
                }

                else -> {
                    Result.failure(error)
                }
            }
    }
}

/** One `anext`, `asend`, `athrow` or `aclose`. */
internal class GeneratorCall<T>(
    /** Keeps the generator alive while it is used. */
    @JvmField val owner: AsyncGeneratorImpl<*>?,
    private val body: GeneratorBody<*>,
    @JvmField val kind: Int,
    @JvmField val value: Any?,
) : CoroutineImpl<T>(CALL) {
    val name: String get() =
        if (kind == SEND) {
            "anext()"
        } else if (kind == THROW) {
            "athrow()"
        } else {
            "aclose()"
        }

    override fun await(): T {
        claim()
        return startOnFiber { begin(it) }
    }

    override fun awaitIn(continuation: Continuation<T>): Any? {
        claim()
        return begin(continuation)
    }

    override fun startIn(
        steps: Steps<T>,
        body: Any,
    ): Any? = begin(steps)

    @Suppress("UNCHECKED_CAST")
    private fun begin(downstream: Continuation<T>): Any? {
        val steps = stepsOf(downstream.context)
        steps.checkRunning()
        return body.begin(this, steps, downstream as Continuation<Any?>)
    }

    companion object {
        const val SEND = 0
        const val THROW = 1
        const val CLOSE = 2
        private val CALL = Any()
    }
}
