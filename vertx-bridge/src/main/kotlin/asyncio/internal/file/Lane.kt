package asyncio.internal.file

import asyncio.internal.run.EventLoopImpl
import asyncio.internal.task.whenInLoop
import asyncio.kotlin.await
import java.util.concurrent.Executor

/**
 * The operations of one file: they run one at a time, in the order in which they are started, in the threads of the files.
 *
 * While one is on its way a clock that is not real stands still.
 */
internal class Lane(
    private val loop: EventLoopImpl,
    private val threads: Executor = FileThreads.disk,
) : Runnable {
    private val jobs = ArrayDeque<Runnable>()
    private var isRunning = false

    /** Whether operations are done at once, by the caller: they touch memory only. Changed by code of the loop. */
    var isInline = false

    /** Starts [call]; the loop then calls [onEnd], but not if it is closed before. In the loop. */
    fun <T> start(
        call: () -> T,
        onEnd: (Result<T>) -> Unit,
    ) {
        if (isInline) {
            onEnd(runCatching(call))
        } else {
            submit(call) { result -> loop.whenInLoop { onEnd(result) } }
        }
    }

    /** Starts [call]; a thread of the files then calls [onEnd]. */
    fun <T> submit(
        call: () -> T,
        onEnd: (Result<T>) -> Unit,
    ) {
        loop.host.workStarted()
        val job =
            Runnable {
                try {
                    onEnd(runCatching(call))
                } finally {
                    loop.host.workEnded()
                }
            }
        synchronized(jobs) {
            jobs.addLast(job)
            if (isRunning) return
            isRunning = true
        }
        try {
            threads.execute(this)
        } catch (error: Throwable) {
            synchronized(jobs) {
                jobs.clear()
                isRunning = false
            }
            loop.host.workEnded()
            throw error
        }
    }

    /** Starts [call] and waits for it; if the wait is cancelled, it goes on alone. */
    suspend fun <T> await(call: () -> T): T {
        val future = loop.createFuture<T>()
        start(call) { result ->
            if (!future.done()) result.fold(future::setResult, future::setException)
        }
        return await(future)
    }

    override fun run() {
        while (true) {
            val job =
                synchronized(jobs) {
                    jobs.removeFirstOrNull().also { if (it == null) isRunning = false }
                } ?: return
            try {
                job.run()
            } catch (error: Throwable) {
                // Of a host that takes nothing any more: what comes behind it is done all the same.
                logger.log(
                    System.Logger.Level.ERROR,
                    "The result of a file's operation could not be given to its loop",
                    error,
                )
            }
        }
    }

    private companion object {
        val logger: System.Logger = System.getLogger("asyncio")
    }
}
