package asyncio.internal.run

/**
 * Refuses [what], which belongs to this loop, to code that does not run in it.
 *
 * @throws IllegalStateException if the calling code is not the loop's
 */
public fun EventLoopImpl.checkCaller(what: String): Unit = checkThread(what)
