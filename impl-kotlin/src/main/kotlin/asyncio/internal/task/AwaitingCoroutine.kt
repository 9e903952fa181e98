package asyncio.internal.task

import asyncio.Awaitable
import asyncio.Coroutine
import asyncio.internal.debug.OneShot
import java.util.concurrent.Callable

/** A coroutine that awaits something of another kind, such as a request, for a task of it. */
private class AwaitingCoroutine<T>(
    private val awaitable: SuspendAwaitable<T>,
) : DualCoroutine<T>() {
    override fun runOnFiber(driver: CoroutineDriver<*>): T = awaitable.doAwait()

    override suspend fun run(): T = awaitAny(awaitable)

    override fun unbegun() {
        (awaitable as? Coroutine<*>)?.close()
    }

    override fun name(): String = (awaitable as? Coroutine<*>)?.name() ?: super.name()
}

/** A coroutine that awaits something of another kind. */
internal fun <T> coroutineThatAwaits(awaitable: Awaitable<T>): CoroutineImpl<T> {
    if (awaitable is OneShot) {
        check(awaitable.isCreated) { "$awaitable was awaited already, or closed: make another one" }
        awaitable.noticed()
    }
    return if (awaitable is SuspendAwaitable) {
        AwaitingCoroutine(awaitable)
    } else {
        JavaCoroutine(Callable { awaitable.doAwait() })
    }
}
