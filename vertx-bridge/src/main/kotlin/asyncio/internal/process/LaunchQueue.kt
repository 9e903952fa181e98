package asyncio.internal.process

import java.util.concurrent.locks.ReentrantLock
import kotlin.concurrent.withLock

/** Programs that are to be started: a few at a time, because more threads would only wait for each other. */
internal object LaunchQueue {
    private val MOST = maxOf(4, 2 * Runtime.getRuntime().availableProcessors())

    private val lock = ReentrantLock()
    private val waiting = ArrayDeque<Launch>()
    private var starting = 0

    fun add(launch: Launch) {
        lock.withLock {
            if (starting == MOST) {
                waiting.add(launch)
                return
            }
            starting++
        }
        try {
            PipeThreads.execute(launch)
        } catch (error: Throwable) {
            // No thread is to be had.
            oneStarted()
            throw error
        }
    }

    /** Whether [launch] has waited still. */
    fun remove(launch: Launch): Boolean = lock.withLock { waiting.remove(launch) }

    /** One was started, or could not be. */
    fun oneStarted() {
        val next =
            lock.withLock {
                waiting.removeFirstOrNull() ?: run {
                    starting--
                    return
                }
            }
        PipeThreads.execute(next)
    }
}
