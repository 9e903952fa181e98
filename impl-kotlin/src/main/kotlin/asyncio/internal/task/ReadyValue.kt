package asyncio.internal.task

import kotlin.coroutines.Continuation

/** An awaitable whose value is there: awaiting it never suspends, and starts no state machine. */
internal class ReadyValue<T>(
    private val value: T,
) : SuspendAwaitable<T> {
    override fun await(): T = value

    override fun awaitIn(continuation: Continuation<T>): Any? = value

    companion object {
        val TRUE: ReadyValue<Boolean> = ReadyValue(true)
        val FALSE: ReadyValue<Boolean> = ReadyValue(false)
    }
}

/** An awaitable that never suspends either, but does something each time that it is awaited. */
internal class ReadyAction<T>(
    private val action: () -> T,
) : SuspendAwaitable<T> {
    override fun await(): T = action()

    override fun awaitIn(continuation: Continuation<T>): Any? = action()
}
