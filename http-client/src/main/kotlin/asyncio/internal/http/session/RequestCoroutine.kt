package asyncio.internal.http.session

import asyncio.Coroutine
import asyncio.internal.debug.OneShot
import asyncio.internal.task.SuspendAwaitable
import asyncio.internal.task.Unawaited
import asyncio.internal.task.startSuspendInTask
import asyncio.kotlin.coroutine
import kotlin.coroutines.Continuation

/**
 * The request that a method of a session returns: the user adds settings to it, and awaits it as a coroutine.
 *
 * ```
 * CREATED --awaited, or driven by hand--> AWAITED
 *     \------close----------------------> CLOSED
 * ```
 *
 * @param name that of the method, for people
 * @param isOfUser false for a request that serves another one: if it is never awaited, no warning is logged
 */
internal abstract class RequestCoroutine<T>(
    private val name: String,
    isOfUser: Boolean,
) : Coroutine<T>,
    SuspendAwaitable<T>,
    OneShot {
    private var state = State.CREATED
    private var watch: Unawaited.Watch? = null

    /** Runs this coroutine when it is driven by send and raise. */
    private var hand: Coroutine<T>? = null

    init {
        if (isOfUser) watch = Unawaited.watch(this, name)
    }

    /** All of it. */
    protected abstract suspend fun perform(): T

    /** It will never be sent. */
    protected abstract fun giveUp()

    /** Tells the user how to send another request. */
    protected abstract fun onceOnly(): String

    final override val isCreated: Boolean get() = state == State.CREATED

    final override fun name(): String = name

    /** Throws if it was awaited or closed before. */
    protected fun checkCreated() {
        noticed()
        check(state != State.AWAITED) { "$this was awaited already: ${onceOnly()}" }
        check(state != State.CLOSED) { "cannot await $this: it was closed" }
    }

    protected fun markAwaited() {
        state = State.AWAITED
    }

    protected fun checkMayChange() {
        check(state != State.AWAITED) { "$this was awaited already, and cannot be changed any more" }
        check(state != State.CLOSED) { "$this was closed, and cannot be changed any more" }
    }

    final override fun noticed() {
        watch?.end()
        watch = null
    }

    override fun doAwait(): T {
        noticed()
        return coroutine { perform() }.doAwait()
    }

    override fun awaitIn(continuation: Continuation<T>): Any? = startSuspendInTask(continuation) { perform() }

    final override fun send(value: Any?): Any? {
        check(value == null || !isCreated) { "can't send a value to a just-started coroutine" }
        return hand().send(value)
    }

    final override fun raise(error: Throwable): Any? {
        if (!isCreated) return hand().raise(error)
        close()
        throw error
    }

    private fun hand() = hand ?: coroutine { perform() }.also { hand = it }

    final override fun close() {
        noticed()
        hand?.close()
        if (!isCreated) return
        state = State.CLOSED
        giveUp()
    }

    private enum class State {
        CREATED,
        AWAITED,
        CLOSED,
    }
}
