package asyncio.internal.task

import asyncio.AsyncGenerator
import asyncio.Coroutine
import asyncio.GeneratorExit
import asyncio.StopAsyncIteration
import asyncio.internal.fiber.Fiber
import asyncio.internal.loop.EventLoopImpl
import asyncio.kotlin.AsyncGeneratorScope
import java.util.concurrent.Callable
import kotlin.coroutines.Continuation
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.intrinsics.COROUTINE_SUSPENDED
import kotlin.coroutines.intrinsics.startCoroutineUninterceptedOrReturn
import kotlin.coroutines.intrinsics.suspendCoroutineUninterceptedOrReturn
import kotlin.coroutines.jvm.internal.CoroutineStackFrame

/** An async generator as its user holds it. When nobody does any more, [body] is closed. */
internal class AsyncGeneratorImpl<T>(
    private val body: GeneratorBody<T>,
) : AsyncGenerator<T> {
    override fun anext(): Coroutine<T> = GeneratorCall(this, body, GeneratorCall.SEND, null)

    override fun asend(value: Any?): Coroutine<T> = GeneratorCall(this, body, GeneratorCall.SEND, value)

    override fun athrow(error: Throwable): Coroutine<T> = GeneratorCall(this, body, GeneratorCall.THROW, error)

    override fun aclose(): Coroutine<Void?> = GeneratorCall(this, body, GeneratorCall.CLOSE, null)

    override fun toString(): String = body.toString()
}

/**
 * The body of an async generator.
 *
 * ```
 * CREATED --a call--> RUNNING --yield--> SUSPENDED
 *    |                 |   ^--a call--------|
 *    \--close--> CLOSED <--/ the body ends
 * ```
 *
 * While it is RUNNING the task that called is the one that runs it, and awaits what it awaits.
 */
internal abstract class GeneratorBody<T> {
    private var state = State.CREATED
    private var registration: AsyncGenerators.Registration? = null

    /** What the yield gives that it is suspended at, or raises. */
    private var sent: Any? = null
    private var raise: Throwable? = null

    internal enum class State { CREATED, RUNNING, SUSPENDED, CLOSED }

    val isSuspended: Boolean get() = state == State.SUSPENDED

    /** The loop that it was begun on; null if it was not. */
    val loop: EventLoopImpl? get() = registration?.loop

    /** Has [call] done in the present step of [steps]; [downstream] gets its end. */
    fun begin(
        call: GeneratorCall<*>,
        steps: Steps<*>,
        downstream: Continuation<Any?>,
    ): Any? {
        val before = state
        when (before) {
            State.RUNNING -> {
                throw IllegalStateException(
                    "${call.name}: asynchronous generator is already running. One task at a time may wait for its items",
                )
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
                check(call.value == null) {
                    "can't send a value to a just-started async generator: no yield waits for it yet. Call anext() first"
                }
                registration?.end()
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
        return resume(GeneratorConsumer(this, call, steps, downstream, before), before == State.CREATED)
    }

    /** Runs the body on, for [consumer]. Gives an item or the end, or `COROUTINE_SUSPENDED`. */
    protected abstract fun resume(
        consumer: GeneratorConsumer,
        isFirst: Boolean,
    ): Any?

    /** [consumer] runs on now: nothing may refer to it any more. */
    open fun forgetConsumer(): Unit = Unit

    /** The body stands at a yield. */
    protected fun suspended() {
        state = State.SUSPENDED
    }

    /** The body stands at a yield that could not suspend. */
    protected fun notSuspended() {
        state = State.RUNNING
    }

    /** The call could not begin. */
    fun revoke(before: State) {
        state = before
        sent = null
        raise = null
        forgetConsumer()
    }

    /** What the yield gives, or raises, at which the body was suspended. */
    protected fun takeSent(): Result<Any?> {
        val error = raise
        val value = sent
        raise = null
        sent = null
        return if (error != null) Result.failure(error) else Result.success(value)
    }

    fun end() {
        state = State.CLOSED
        registration?.end()
    }

    override fun toString(): String = "<AsyncGenerator ${state.name.lowercase()}>"
}

/** The body of an async generator that is Java code, on a stack of its own. */
internal class JavaGeneratorBody<T>(
    body: AsyncGenerator.Body<T>,
) : GeneratorBody<T>(),
    AsyncGenerator.Yielder<T> {
    private var body: AsyncGenerator.Body<T>? = body
    private var fiber: Fiber? = null

    override fun resume(
        consumer: GeneratorConsumer,
        isFirst: Boolean,
    ): Any? {
        if (isFirst) {
            fiber =
                consumer.steps.loop.fibers
                    .create(Callable<Any?> { runBody() })
        }
        fiber!!.parent = consumer
        consumer.steps.resumeNext(fiber!!)
        return COROUTINE_SUSPENDED
    }

    private fun runBody() {
        val body = body!!
        this.body = null
        body.run(this)
    }

    override fun <S> yield(item: T): S {
        val steps = Suspension.ofJavaBody("yield")
        val fiber = steps.fiber!!
        check(fiber === this.fiber && !fiber.isFinished) {
            "yield belongs into the generator's own body, while that runs, and not into a task or callback of it"
        }
        suspended()
        // No local variable here may hold the consumer: it holds the generator, which can become garbage now.
        (fiber.parent as GeneratorConsumer).give(item)
        try {
            fiber.suspend()
        } catch (pinned: IllegalStateException) {
            notSuspended()
            steps.forgetNext()
            throw pinned
        }
        @Suppress("UNCHECKED_CAST")
        return takeSent().getOrThrow() as S
    }

    override fun forgetConsumer() {
        fiber?.parent = null
    }
}

/** The body of an async generator that is a suspend function. It costs no thread of any kind. */
internal class SuspendGeneratorBody<T>(
    private val block: suspend AsyncGeneratorScope<T>.() -> Unit,
) : GeneratorBody<T>(),
    AsyncGeneratorScope<T>,
    Continuation<Unit>,
    CoroutineStackFrame {
    private var ownContext: GeneratorContext? = null
    private var consumer: GeneratorConsumer? = null

    /** The yield where it is suspended. */
    private var point: Continuation<Any?>? = null

    /** [resume] has not returned yet: it can give the outcome itself. */
    private var isOnStack = false
    private var outcome: Result<Any?>? = null

    override val context: CoroutineContext get() = ownContext!!

    /** Who waits for its next item; null if nobody does. */
    val downstream: Continuation<Any?>? get() = consumer?.downstream

    override val callerFrame: CoroutineStackFrame? get() = downstream as? CoroutineStackFrame

    override fun getStackTraceElement(): StackTraceElement? = null

    override fun resume(
        consumer: GeneratorConsumer,
        isFirst: Boolean,
    ): Any? {
        this.consumer = consumer
        isOnStack = true
        if (isFirst) start(consumer.steps) else goOn(consumer.steps)
        isOnStack = false
        val outcome = outcome ?: return COROUTINE_SUSPENDED
        this.outcome = null
        return outcome.getOrThrow()
    }

    private fun start(steps: Steps<*>) {
        ownContext = GeneratorContext(steps)
        val value =
            try {
                block.startCoroutineUninterceptedOrReturn(this, this)
            } catch (error: Throwable) {
                return resumeWith(Result.failure(error))
            }
        if (value !== COROUTINE_SUSPENDED) resumeWith(Result.success(Unit))
    }

    private fun goOn(steps: Steps<*>) {
        ownContext!!.steps = steps
        val point = point!!
        this.point = null
        point.resumeWith(takeSent())
    }

    override suspend fun yield(item: T): Any? =
        suspendCoroutineUninterceptedOrReturn { continuation ->
            check(continuation.context === ownContext || isCalledByBody(continuation)) {
                "yield belongs into the generator's own body, not into a task, a launch or an async of it"
            }
            ownContext!!.steps.checkRunning()
            point = continuation
            suspended()
            deliver(consumer!!.outcomeOf(item))
            COROUTINE_SUSPENDED
        }

    /** Through whatever scopes of kotlinx; what was launched has no caller. */
    private fun isCalledByBody(continuation: Continuation<*>): Boolean =
        generateSequence(continuation as? CoroutineStackFrame) { it.callerFrame }.any { it === this }

    /** The end of the body. */
    override fun resumeWith(result: Result<Unit>) {
        end()
        deliver(consumer!!.outcomeOfEnd(result.exceptionOrNull()))
    }

    private fun deliver(outcome: Result<Any?>) {
        val consumer = consumer!!
        this.consumer = null
        if (isOnStack) this.outcome = outcome else consumer.handBack(outcome)
    }
}

/** Who waits for an item of a generator, or for its end. */
internal class GeneratorConsumer(
    private val generator: GeneratorBody<*>,
    private val call: GeneratorCall<*>,
    @JvmField val steps: Steps<*>,
    @JvmField val downstream: Continuation<Any?>,
    private val before: GeneratorBody.State,
) : Continuation<Any?>,
    HandedBack {
    private var outcome: Result<Any?>? = null

    override val context: CoroutineContext get() = downstream.context

    fun give(item: Any?): Unit = handBack(outcomeOf(item))

    /** It gets this when the body is out of the way. */
    fun handBack(outcome: Result<Any?>) {
        this.outcome = outcome
        steps.resumeNext(this)
    }

    override fun goOn() {
        generator.forgetConsumer()
        downstream.resumeWith(outcome!!)
    }

    /** The caller's stack could not be put aside: [error] is all that comes of the call, and the body is as it was. */
    fun refuse(error: Throwable) {
        generator.revoke(before)
        downstream.resumeWith(Result.failure(error))
    }

    /** The body's fiber has ended. */
    override fun resumeWith(result: Result<Any?>) {
        generator.end()
        downstream.resumeWith(outcomeOfEnd(result.exceptionOrNull()))
    }

    fun outcomeOf(item: Any?): Result<Any?> =
        if (call.kind == GeneratorCall.CLOSE) {
            Result.failure(
                IllegalStateException("async generator ignored GeneratorExit: it must not yield while it is closed"),
            )
        } else {
            Result.success(item)
        }

    fun outcomeOfEnd(error: Throwable?): Result<Any?> =
        when {
            call.kind == GeneratorCall.CLOSE && (error == null || error is GeneratorExit) -> {
                Result.success(null)
            }

            error == null -> {
                Result.failure(StopAsyncIteration())
            }

            error is StopAsyncIteration -> {
                Result.failure(
                    IllegalStateException(
                        "async generator raised StopAsyncIteration: it ends when its body does",
                        error,
                    ),
                )
            }

            else -> {
                Result.failure(error)
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

    override val home: EventLoopImpl? get() = body.loop?.takeIf { it.isDetached }

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
