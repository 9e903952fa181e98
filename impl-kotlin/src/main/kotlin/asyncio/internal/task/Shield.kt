package asyncio.internal.task

import asyncio.Awaitable
import asyncio.DoneCallback
import asyncio.ExceptionContext
import asyncio.Future
import asyncio.internal.loop.Ready

/** asyncio's shield: a future that ends as [inner] does, which hears nothing of its own cancellation. */
internal class Shield<T>(
    private val inner: FutureImpl<T>,
) : FutureImpl<T>(inner.loop) {
    private val innerDone =
        object : Ready() {
            override fun turn(): Unit = passOn()

            override fun addAwaitersTo(awaiters: MutableCollection<Ready>) {
                awaiters.add(this@Shield)
            }
        }

    init {
        inner.addWaiting(innerDone)
        addWaiting(
            object : Ready() {
                override fun turn(): Unit = watchInner()
            },
        )
    }

    private fun passOn() {
        if (cancelled()) return
        val error = if (inner.cancelled()) null else inner.exception()
        when {
            inner.cancelled() -> cancel(null)
            error != null -> offerException(error)
            else -> offerResult(inner.result())
        }
    }

    /** This has ended. If [inner] has not, its end is not reported here. */
    private fun watchInner() {
        if (inner.done()) return
        inner.removeWaiting(innerDone)
        // Once, however many shields there were.
        inner.removeDoneCallback(LATE)
        inner.addDoneCallback(LATE)
    }

    private companion object {
        val LATE =
            DoneCallback<Future<*>> { future ->
                val error = if (future.cancelled()) null else future.exception()
                if (error != null) {
                    (future as FutureImpl<*>).loop.callExceptionHandler(
                        ExceptionContext
                            .of("${error.javaClass.simpleName} exception in shielded future")
                            .withException(error)
                            .withFuture(future),
                    )
                }
            }
    }
}

internal fun <T> shield(
    loop: TaskLoop,
    awaitable: Awaitable<T>,
): Future<T> {
    val inner = loop.ensureFuture(awaitable)
    return if (inner.done()) inner else Shield(inner).also { loop.debugging?.made(it) }
}
