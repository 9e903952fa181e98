package asyncio.internal.task

import asyncio.Coroutine
import asyncio.StopIteration
import asyncio.internal.context.ThreadState
import asyncio.internal.debug.Functions
import asyncio.internal.debug.OneShot
import asyncio.internal.debug.StackFrames
import asyncio.internal.fiber.Fiber
import asyncio.internal.fiber.callJavaBody
import asyncio.internal.fiber.raisedByCoroutine
import java.lang.ref.Reference
import kotlin.coroutines.Continuation
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.intrinsics.COROUTINE_SUSPENDED
import kotlin.coroutines.intrinsics.startCoroutineUninterceptedOrReturn
import kotlin.coroutines.jvm.internal.CoroutineStackFrame

/**
 * A coroutine: a body that runs at most once.
 *
 * ```
 * CREATED --claimed by an await or a task--> STARTED
 *    \------close-------------------------> CLOSED
 * ```
 *
 * The code that claims it gets the body, and the coroutine lets go of it.
 */
internal abstract class CoroutineImpl<T>(
    body: Any,
) : Coroutine<T>,
    SuspendAwaitable<T>,
    OneShot {
    /** The body while CREATED; then the [function], for its name; or that in a [Closed]. */
    private var body: Any = body

    /** The driver that runs it; null where code awaits it. */
    @JvmField var driver: CoroutineDriver<*>? = null

    /** While CREATED, if anybody watches. */
    private var watch: Unawaited.Watch? = null

    init {
        if (Unawaited.isOnSomewhere) watch = Unawaited.watch(this, ownName ?: classOf(body))
    }

    /** What tells where it was made: the class of a body of the user's, or else its own. Also called before it is made. */
    protected open fun classOf(body: Any): Class<*> = javaClass

    private val function: Class<*>
        get() =
            when (val body = body) {
                is Class<*> -> body
                is Closed -> body.function
                else -> classOf(body)
            }

    /**
     * Takes the body.
     *
     * @throws IllegalStateException if it was taken before
     */
    fun claim(): Any {
        val body = body
        check(body !is Class<*>) {
            "cannot reuse already awaited coroutine: a coroutine runs once." +
                " Call the function that made it again, or make it a task, which can be awaited many times"
        }
        check(body !is Closed) { "cannot await a coroutine that was closed" }
        this.body = classOf(body)
        watch?.let(::endWatch)
        return body
    }

    private fun endWatch(watch: Unawaited.Watch) {
        watch.end()
        this.watch = null
    }

    val isClaimed: Boolean get() = body is Class<*>

    final override val isCreated: Boolean get() = body !is Class<*> && body !is Closed

    /** The name of one that the library makes; null if its maker's is to be found. Also asked before it is made. */
    protected open val ownName: String? get() = null

    override fun name(): String = ownName ?: Functions.nameOf(function)

    final override fun noticed() {
        watch?.let(::endWatch)
    }

    /** It was claimed, and is cancelled before it begins. */
    open fun unbegun(): Unit = Unit

    /** For one whose [ownName] is not known before its class is made. */
    protected fun watchAs(name: String) {
        watch?.function = name
    }

    /** The driver of the Java body that awaits it. */
    protected fun awaitedBy(): CoroutineDriver<*> {
        noticed()
        return Suspension.ofJavaBody("await")
    }

    /** Starts the body as the bottom of [driver]; gives its value, or `COROUTINE_SUSPENDED`. */
    abstract fun startIn(
        driver: CoroutineDriver<T>,
        body: Any,
    ): Any?

    override fun send(value: Any?): Any? {
        // Before the body is claimed: it can still be awaited, or driven, as it should be.
        check(value == null || !isCreated) { "can't send a value to a just-started coroutine" }
        return try {
            hand().send(value)
        } finally {
            Reference.reachabilityFence(this)
        }
    }

    override fun raise(error: Throwable): Any? =
        try {
            hand().raise(error)
        } finally {
            Reference.reachabilityFence(this)
        }

    override fun close() {
        val driver = driver
        when {
            isCreated -> {
                watch?.let(::endWatch)
                body = Closed(function)
            }

            body is Closed -> {}

            driver is ManualDriver<*> -> {
                driver.close().also { Reference.reachabilityFence(this) }
            }

            else -> {
                check(driver?.done() ?: true) { "close of a coroutine that a task drives: cancel the task instead" }
            }
        }
    }

    /** What stands in for a loop where this is driven by hand without one; null for a new one. */
    protected open val home: TaskLoop? get() = null

    private fun hand(): ManualDriver<T> {
        @Suppress("UNCHECKED_CAST")
        return driver as? ManualDriver<T>
            ?: ManualDriver(TaskLoop.executing() ?: home ?: detachedLoop(), this)
    }

    override fun toString(): String {
        val state =
            when (body) {
                is Closed -> "closed"
                is Class<*> -> "started"
                else -> "created"
            }
        return "<Coroutine ${name()} $state>"
    }

    private class Closed(
        val function: Class<*>,
    )
}

/**
 * What a coroutine has raised that ended with [result]; null if it returned. To its driver a [StopIteration] would look like a
 * return.
 */
internal fun failureOf(result: Result<*>): Throwable? {
    val error = result.exceptionOrNull()
    return if (error is StopIteration) raisedByCoroutine(error) else error
}

/** A coroutine whose body is Java code, and needs a stack. */
internal class JavaCoroutine<T>(
    body: Any,
) : CoroutineImpl<T>(body) {
    init {
        Functions.note(body.javaClass)
    }

    override fun classOf(body: Any): Class<*> = body.javaClass

    override fun startIn(
        driver: CoroutineDriver<T>,
        body: Any,
    ): Any? = driver.runOnNewFiber(body, null)

    override fun doAwait(): T {
        awaitedBy()
        return callBody(claim())
    }

    override fun awaitIn(continuation: Continuation<T>): Any? {
        val driver = driverOf(continuation.context)
        driver.checkRunning()
        val body = claim()
        return startInTask(continuation) {
            // On a fiber already: its stack serves.
            @Suppress("UNCHECKED_CAST")
            if (driver.loop.onFiber) callBody(body) else driver.runOnNewFiber(body, it as Continuation<Any?>)
        }
    }

    @Suppress("UNCHECKED_CAST")
    private fun callBody(body: Any): T =
        try {
            callJavaBody(body) as T
        } catch (end: StopIteration) {
            throw raisedByCoroutine(end)
        }
}

/** A coroutine whose body is a suspend function, and costs no thread of any kind. */
internal class SuspendCoroutine<T>(
    body: suspend () -> T,
) : CoroutineImpl<T>(body) {
    init {
        Functions.note(body.javaClass)
    }

    override fun classOf(body: Any): Class<*> = body.javaClass

    override fun startIn(
        driver: CoroutineDriver<T>,
        body: Any,
    ): Any? = start(body, driver)

    override fun doAwait(): T {
        noticed()
        return try {
            startOnFiber { start(claim(), it) }
        } catch (end: StopIteration) {
            throw raisedByCoroutine(end)
        } catch (error: Throwable) {
            // It may have been made elsewhere, and kept for the next that asks.
            val loop = TaskLoop.executing()
            if (loop != null && Tracebacks.isComplete(error, loop)) throw error
            throw Tracebacks.complete(error) { StackFrames.ofCaller() }
        }
    }

    override fun awaitIn(continuation: Continuation<T>): Any? =
        try {
            val body = claim()
            startInTask(continuation) { start(body, it) }
        } catch (end: StopIteration) {
            // If it raises that after it has suspended, no code of ours is between it and the suspend function that awaits it.
            throw raisedByCoroutine(end)
        }

    @Suppress("UNCHECKED_CAST")
    private fun start(
        body: Any,
        completion: Continuation<T>,
    ): Any? = (body as suspend () -> T).startCoroutineUninterceptedOrReturn(completion)
}

/**
 * Runs a suspend function for a Java body: it starts where it stands, and only if it suspends is the stack put aside until
 * the loop has brought it to its end.
 */
internal inline fun <T> startOnFiber(start: (Continuation<T>) -> Any?): T {
    val driver = Suspension.ofJavaBody("await")
    val fiber = Suspension.fiberOf(driver)
    val completion = FiberCompletion<T>(driver, fiber)
    val value = start(completion)
    @Suppress("UNCHECKED_CAST")
    if (value !== COROUTINE_SUSPENDED) return value as T
    ThreadState.leaveFiber(driver.loop)
    driver.parkUntil(completion, fiber)
    ThreadState.arrive(driver.loop)
    return completion.get()
}

/** The end of a suspend function that a Java body awaits: the body's fiber runs on, in the same step of the task. */
internal class FiberCompletion<T>(
    private val driver: CoroutineDriver<*>,
    @JvmField val fiber: Fiber,
) : Continuation<T>,
    CoroutineStackFrame {
    private var result: Result<T>? = null

    /** The body has gone on without it. */
    @JvmField var abandoned = false

    val isDone: Boolean get() = result != null

    override val context: CoroutineContext get() = driver.kotlinContext

    override val callerFrame: CoroutineStackFrame? get() = null

    override fun getStackTraceElement(): StackTraceElement? = null

    override fun resumeWith(result: Result<T>) {
        if (abandoned) return
        ThreadState.leave(driver.loop)
        result.exceptionOrNull()?.let { Tracebacks.addCallers(it, driver) }
        this.result = result
        driver.resumeNext(fiber)
    }

    fun get(): T = result!!.getOrThrow()
}
