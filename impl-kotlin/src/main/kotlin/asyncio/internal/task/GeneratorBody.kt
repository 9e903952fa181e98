package asyncio.internal.task

import asyncio.AsyncGenerator
import asyncio.GeneratorExit
import asyncio.StopAsyncIteration
import asyncio.StopIteration
import kotlin.coroutines.Continuation
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.intrinsics.COROUTINE_SUSPENDED

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

    /** `aclose` was called while it was suspended. */
    private var wasClosed = false

    internal enum class State { CREATED, RUNNING, SUSPENDED, CLOSED }

    val isSuspended: Boolean get() = state == State.SUSPENDED

    /** The loop that it was begun on; null if it was not. */
    val loop: TaskLoop? get() = registration?.loop

    /** Has [call] done in the present step of [driver]; [downstream] gets its end. */
    fun begin(
        call: GeneratorCall<*>,
        driver: CoroutineDriver<*>,
        downstream: Continuation<Any?>,
    ): Any? {
        val before = state
        when (before) {
            State.RUNNING -> {
                throw IllegalStateException(
                    "${call.call}: asynchronous generator is already running. One task at a time may wait for its items",
                )
            }

            State.CLOSED -> {
                if (call.kind != GeneratorCall.SEND) return null
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
                registration = driver.loop.asyncGenerators.register(call.owner, this)
            }

            State.SUSPENDED -> {
                if (registration!!.loop !== driver.loop) moveTo(driver.loop, call)
                // It ignored a close: only the loop tries once more.
                if (wasClosed && call.kind != GeneratorCall.SEND && call.owner != null) throw StopAsyncIteration()
                when (call.kind) {
                    GeneratorCall.SEND -> {
                        sent = call.value
                    }

                    GeneratorCall.THROW -> {
                        raise = call.value as Throwable
                    }

                    else -> {
                        raise = GeneratorExit()
                        wasClosed = true
                    }
                }
            }
        }
        state = State.RUNNING
        return resume(GeneratorConsumer(this, call, driver, downstream, before), before == State.CREATED)
    }

    /**
     * Coroutines that are driven by hand without a loop have each a stand-in for one. A generator that was begun in one of
     * these goes on in any other, and in a loop.
     */
    private fun moveTo(
        loop: TaskLoop,
        call: GeneratorCall<*>,
    ) {
        check(registration!!.loop.isDetached && canGoOnIn(loop)) {
            "$this was begun in another event loop, or on another kind of thread, and can go on only there"
        }
        registration!!.end()
        registration = loop.asyncGenerators.register(call.owner, this)
        goOnIn(loop)
    }

    /** Whether [loop] can resume the body. */
    protected abstract fun canGoOnIn(loop: TaskLoop): Boolean

    /** From now on [loop] resumes the body. */
    protected abstract fun goOnIn(loop: TaskLoop)

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

    /** [call] could not begin. */
    fun revoke(
        call: GeneratorCall<*>,
        before: State,
    ) {
        state = before
        if (call.kind == GeneratorCall.CLOSE) wasClosed = false
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

/** The code that waits for an item of a generator, or for its end. */
internal class GeneratorConsumer(
    private val generator: GeneratorBody<*>,
    private val call: GeneratorCall<*>,
    @JvmField val driver: CoroutineDriver<*>,
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
        driver.resumeNext(this)
    }

    override fun goOn() {
        generator.forgetConsumer()
        downstream.resumeWith(outcome!!)
    }

    /** The caller's stack could not be put aside: [error] is all that comes of the call, and the body is as it was. */
    fun refuse(error: Throwable) {
        generator.revoke(call, before)
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

            error is StopAsyncIteration || error is StopIteration -> {
                Result.failure(raisedByGenerator(error))
            }

            else -> {
                Result.failure(error)
            }
        }
}

/** To the code that goes through the generator [error] would look like its end. */
internal fun raisedByGenerator(error: RuntimeException) =
    IllegalStateException("async generator raised ${error.javaClass.simpleName}: it ends when its body does", error)
