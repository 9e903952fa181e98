package asyncio.internal.file

import asyncio.Future
import asyncio.internal.run.EventLoopImpl
import asyncio.kotlin.await

/** One operation at a time, in the order in which they come. A lock that does not have to be made for each file that is never waited for. */
internal class Turns(
    @PublishedApi internal val loop: EventLoopImpl,
) {
    private var isTaken = false
    private var waiting: ArrayDeque<Future<Unit>>? = null

    val isFree: Boolean get() = !isTaken

    suspend fun take() {
        if (!isTaken) {
            isTaken = true
            return
        }
        val turn = loop.createFuture<Unit>()
        val waiting = waiting ?: ArrayDeque<Future<Unit>>().also { waiting = it }
        waiting.addLast(turn)
        try {
            await(turn)
        } catch (error: Throwable) {
            // Not there any more: it was this one's turn already.
            if (!waiting.remove(turn)) give()
            throw error
        }
    }

    fun give() {
        while (true) {
            val next = waiting?.removeFirstOrNull()
            if (next == null) {
                isTaken = false
                return
            }
            if (next.done()) continue
            next.setResult(Unit)
            return
        }
    }

    suspend inline fun <T> with(action: () -> T): T {
        take()
        try {
            return action()
        } finally {
            give()
        }
    }
}
