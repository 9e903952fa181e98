package asyncio.internal.run

import java.util.concurrent.CompletableFuture
import java.util.concurrent.ExecutorService
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.ThreadFactory
import java.util.concurrent.ThreadPoolExecutor
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicInteger

/** The pool for blocking code that a loop uses where it is given none: the user's, or one that is made when it is needed. */
internal class DefaultExecutor {
    private var service: ExecutorService? = null
    private var isShutDown = false

    fun use(service: ExecutorService) {
        checkOpen()
        this.service = service
    }

    fun start(job: ExecutorJob<*>) {
        checkOpen()
        val service = service ?: OwnPool().also { service = it }
        if (service is ThreadPoolExecutor) job.onCancel = { service.remove(job) }
        service.execute(job)
    }

    private fun checkOpen() {
        check(!isShutDown) { "Executor shutdown has been called" }
    }

    fun shutdown() {
        isShutDown = true
        service?.shutdown()
    }

    /** Takes no more jobs, and calls [onEnd] from some thread when the last one has ended; also if that was long ago. */
    fun shutdown(onEnd: () -> Unit) {
        shutdown()
        when (val service = service) {
            null -> onEnd()
            is OwnPool -> service.ended.thenRun(onEnd)
            else -> waitFor(service, onEnd)
        }
    }

    private fun waitFor(
        service: ExecutorService,
        onEnd: () -> Unit,
    ) {
        val waiting =
            Thread {
                service.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS)
                onEnd()
            }
        waiting.name = "asyncio-executor-shutdown"
        waiting.isDaemon = true
        waiting.start()
    }

    /** As large as asyncio's, with daemon threads that are made when they are needed. */
    private class OwnPool : ThreadPoolExecutor(SIZE, SIZE, 10, TimeUnit.SECONDS, LinkedBlockingQueue(), Threads) {
        val ended = CompletableFuture<Unit>()

        init {
            allowCoreThreadTimeOut(true)
        }

        override fun terminated() {
            ended.complete(Unit)
        }
    }

    private object Threads : ThreadFactory {
        private val number = AtomicInteger()

        override fun newThread(body: Runnable): Thread =
            Thread(null, body, "asyncio-${number.incrementAndGet()}", 0, false).apply { isDaemon = true }
    }

    private companion object {
        val SIZE = minOf(32, Runtime.getRuntime().availableProcessors() + 4)
    }
}
