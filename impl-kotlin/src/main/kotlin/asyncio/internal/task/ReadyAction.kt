package asyncio.internal.task

import kotlin.coroutines.Continuation

/** An awaitable that never suspends, starts no state machine, and does something each time that it is awaited. */
internal class ReadyAction<T>(
    private val action: () -> T,
) : SuspendAwaitable<T> {
    override fun doAwait(): T = action()

    override fun awaitIn(continuation: Continuation<T>): Any? = action()
}
