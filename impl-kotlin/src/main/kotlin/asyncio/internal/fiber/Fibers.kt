package asyncio.internal.fiber

/** Makes the fibers of one loop, and ends what they need when the loop is closed. */
internal interface Fibers {
    fun create(body: Any): Fiber

    /** Whether only a platform thread can resume them. */
    val needPlatformThread: Boolean get() = false

    /** Whether its threads compete with others for the JVM's carrier threads. */
    val mayStarve: Boolean get() = false

    /** Runs iterations of the loop where switching to fibers is cheap; the calling thread, the host's, waits. */
    fun drive(iterations: Runnable)

    fun close()
}
