package asyncio.internal.file

import asyncio.Asyncio
import asyncio.CancelledError
import asyncio.ExceptionContext
import asyncio.Future
import asyncio.internal.run.EventLoopImpl
import asyncio.kotlin.await
import java.nio.file.Path
import java.util.concurrent.CountDownLatch

/**
 * The end of a file: what was written goes into it behind all operations under way, and then it is closed.
 *
 * ```
 * OPEN --closeAndWait, closeSoon, abandon--> CLOSING --closed by the lane--> CLOSED
 *   \----the loop is closed: waits for the lane--------------------------------^
 * ```
 *
 * It is registered with the loop until it is CLOSED, because a program may end with its loop. Code of the loop only.
 */
internal class FileEnd(
    private val loop: EventLoopImpl,
    private val name: Path,
    private val lane: Lane,
    private val medium: Medium,
    private val input: ReadAhead,
    private val output: WriteBehind,
) : AutoCloseable {
    /** Done when it is CLOSED; null while it is OPEN. */
    private var closing: Future<Unit>? = null

    /** What tells that nobody can close the file any more. */
    private var owner: Owners.Owner? = null

    val hasBegun: Boolean get() = closing != null

    init {
        loop.closeWithLoop(this)
    }

    /** [handle] is what users have of the file: it is closed if they lose that. */
    fun ownedBy(handle: Any) {
        owner = Owners.add(handle, loop, ::closeLost)
    }

    suspend fun closeAndWait() {
        closing?.let {
            if (!it.done()) await(Asyncio.shield(it))
            return
        }
        begin()
        var failure: Throwable? = null
        try {
            output.flush()
        } catch (error: Throwable) {
            failure = error
        }
        val closed = loop.createFuture<Unit>()
        end { error ->
            when {
                closed.done() -> error?.let(::report)
                error != null -> closed.setException(error)
                else -> closed.setResult(Unit)
            }
        }
        if (failure is CancelledError) {
            // A failure from now on is told to the exception handler.
            if (!closed.done()) closed.cancel(null)
            throw failure
        }
        try {
            await(closed)
        } catch (error: Throwable) {
            failure?.let(error::addSuppressed)
            throw error
        }
        failure?.let { throw it }
    }

    /** Does not wait: the loop's exception handler hears of a failure. */
    fun closeSoon() {
        if (hasBegun) return
        begin()
        output.startFlush()
        end { error -> error?.let(::report) }
    }

    /** Does not wait, and does not write what is left. */
    fun abandon() {
        if (hasBegun) return
        begin()
        output.takeUnwritten()
        end { }
    }

    private fun closeLost() {
        if (hasBegun) return
        warn("nobody has closed it, and nobody can any more")
        closeSoon()
    }

    private fun begin() {
        closing = loop.createFuture()
        owner?.forget()
        input.close()
    }

    private fun end(onEnd: (Throwable?) -> Unit) {
        // A read of a pipe may wait for ever, and is broken off.
        if (!medium.isSeekable && !output.isDirty) FileThreads.pipes.execute { runCatching(medium::close) }
        lane.start(medium::close) { result ->
            loop.closedBeforeLoop(this)
            onEnd(result.exceptionOrNull() ?: output.takeFailure())
            closing!!.setResult(Unit)
        }
    }

    private fun report(error: Throwable): Unit =
        loop.callExceptionHandler(ExceptionContext.of("Closing of the file $name failed").withException(error))

    private fun warn(why: String): Unit = logger.log(System.Logger.Level.WARNING, "Unclosed file $name: $why")

    /** The loop is closed: blocks until all is written. */
    override fun close() {
        var unwritten = emptyList<Block>()
        if (!hasBegun) {
            warn("it is closed with its loop")
            owner?.forget()
            unwritten = output.takeUnwritten()
        }
        if (!medium.isSeekable) medium.close()
        val ended = CountDownLatch(1)
        lane.submit({ output.writeLast(unwritten, medium::close) }) { result ->
            result.onFailure { logger.log(System.Logger.Level.ERROR, "Closing of the file $name failed", it) }
            ended.countDown()
        }
        ended.await()
    }

    private companion object {
        val logger: System.Logger = System.getLogger("asyncio")
    }
}
