package asyncio.internal.loop

import java.util.concurrent.locks.LockSupport

/**
 * Lets the thread that made it wait for the host's thread; with null for that thread it only stands for a run that no thread waits for.
 *
 * Neither side allocates anything, so that an [OutOfMemoryError] on the host's thread leaves no thread waiting. An interrupt does
 * not end the waiting, and is there again afterwards.
 */
public class HostLatch(
    private val host: LoopHost,
    private val waiting: Thread? = Thread.currentThread(),
) {
    @Volatile private var isOpen = false

    /** Ends the waiting. From any thread. */
    public fun open() {
        isOpen = true
        LockSupport.unpark(waiting)
    }

    /** Waits until it is open, or the host's thread has died: then it gives false. */
    public fun await(onInterrupt: () -> Unit = {}): Boolean {
        var interrupted = false
        while (!isOpen && host.isAlive()) {
            // In intervals: a thread that has died signals nothing.
            LockSupport.parkNanos(this, INTERVAL)
            if (Thread.interrupted()) {
                interrupted = true
                onInterrupt()
            }
        }
        if (interrupted) Thread.currentThread().interrupt()
        return isOpen
    }

    private companion object {
        const val INTERVAL = 100_000_000L
    }
}
