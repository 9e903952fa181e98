package asyncio.internal.process

import java.util.concurrent.SynchronousQueue
import java.util.concurrent.ThreadPoolExecutor
import java.util.concurrent.TimeUnit

/**
 * The threads that start programs, and that read and write blocking streams. They are platform threads: a read of a pipe would hold
 * the carrier of a virtual one. As many as there are streams at work; they end when they were idle for a while, and keep no JVM
 * alive.
 */
internal object PipeThreads {
    private const val IDLE_SECONDS = 10L

    private val threads =
        ThreadPoolExecutor(0, Int.MAX_VALUE, IDLE_SECONDS, TimeUnit.SECONDS, SynchronousQueue()) { body ->
            Thread(null, body, "asyncio-pipe", 0, false).apply { isDaemon = true }
        }

    fun execute(body: Runnable): Unit = threads.execute(body)
}
