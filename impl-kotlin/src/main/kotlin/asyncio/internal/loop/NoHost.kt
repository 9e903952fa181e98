package asyncio.internal.loop

/** The host of what only stands in for a loop: there is none. */
internal object NoHost : LoopHost {
    override fun post(task: Runnable): Unit = refuse()

    override fun wakeAfter(
        delayNanos: Long,
        task: Runnable,
    ): LoopHost.Wake = refuse()

    override fun nanoTime(): Long = refuse()

    override fun isHostThread(): Boolean = false

    override fun close(): Unit = Unit

    private fun refuse(): Nothing =
        throw IllegalStateException(
            "No running event loop: a coroutine that is driven by hand outside of a loop can wait only for what its driver sends",
        )
}
