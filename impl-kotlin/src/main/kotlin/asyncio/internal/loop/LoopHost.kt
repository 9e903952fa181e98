package asyncio.internal.loop

/**
 * The thread that a loop lives on, as the loop sees it: run this soon, wake me then.
 *
 * A host runs what it is given one at a time. It does not run the bodies of coroutines itself; the loop does.
 */
public interface LoopHost {
    /** Runs [task] soon on the host's thread, never from inside this call; not at all once it is closed. From any thread. */
    public fun post(task: Runnable)

    /** Runs [task] on the host's thread after [delayNanos]. From the host's thread, or while it waits for the loop. */
    public fun wakeAfter(
        delayNanos: Long,
        task: Runnable,
    ): Wake

    /** A wake-up that can be called off. */
    public fun interface Wake {
        public fun cancel()
    }

    /** What it keeps in threads for the code of the loop; null for nothing. */
    public val hostContext: HostContext? get() = null

    /** The class loader that bodies and callbacks see as that of their thread. */
    public val contextClassLoader: ClassLoader? get() = Thread.currentThread().contextClassLoader

    /** The host's monotonic clock. From any thread. */
    public fun nanoTime(): Long

    /** Whether the calling thread is the host's own. */
    public fun isHostThread(): Boolean

    /** Whether it still runs what it is given. From any thread. */
    public fun isAlive(): Boolean = true

    /**
     * Throws where the calling thread must not wait for the loop.
     *
     * @throws IllegalStateException if it is needed for other things
     */
    public fun checkMayWait() {
        check(!isHostThread()) { "Cannot wait for the event loop in its own thread" }
    }

    /** A thread of some executor works for the loop from now on. A clock that is not real must not run ahead of it. */
    public fun workStarted() {}

    /** That work has ended, and its result is posted. From any thread. */
    public fun workEnded() {}

    /** The loop is closed and needs the host no longer. */
    public fun close()
}
