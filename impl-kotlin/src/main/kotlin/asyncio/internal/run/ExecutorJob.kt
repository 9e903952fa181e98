package asyncio.internal.run

import asyncio.internal.task.FutureImpl
import java.util.concurrent.Callable
import java.util.concurrent.atomic.AtomicBoolean

/** Blocking code on its way through an executor: it starts unless it was called off before. */
internal class ExecutorJob<T>(
    @JvmField internal val loop: EventLoopImpl,
    private val call: Callable<out T>,
) : Runnable {
    private val claimed = AtomicBoolean()
    var onCancel: () -> Unit = {}

    val future: FutureImpl<T> =
        object : FutureImpl<T>(loop) {
            override fun cancel(message: String?): Boolean {
                val cancelled = super.cancel(message)
                if (cancelled && claimed.compareAndSet(false, true)) {
                    onCancel()
                    loop.host.workEnded()
                }
                return cancelled
            }
        }

    /** Gives it to an executor by [submit]. Until its result is on its way to the loop, a thread works for the loop. */
    inline fun start(submit: () -> Unit) {
        loop.host.workStarted()
        try {
            submit()
        } catch (refused: Throwable) {
            loop.host.workEnded()
            throw refused
        }
    }

    override fun run() {
        if (!claimed.compareAndSet(false, true)) return
        try {
            call()
        } finally {
            loop.host.workEnded()
        }
    }

    private fun call() {
        val result = runCatching { call.call() }
        try {
            loop.callSoonThreadsafe {
                result.fold({ future.offerResult(it) }, { future.offerException(it) })
            }
        } catch (closed: IllegalStateException) {
            // The loop is gone, and with it everybody who could want the result.
            if (!loop.isClosed) throw closed
        }
    }
}
