package asyncio.internal.file

import asyncio.internal.run.EventLoopImpl
import asyncio.kotlin.await
import asyncio.spi.AsyncioProvider
import java.nio.file.Path

/** The loop of the calling code. */
internal fun loopHere(): EventLoopImpl =
    checkNotNull(AsyncioProvider.get().runningLoop()) { "a file needs a running event loop" } as EventLoopImpl

/**
 * A file that is being opened. If nobody wants it any more, it is closed as soon as it is open, and [undo] is done; a thread that has not begun
 * does not open it.
 *
 * ```
 * WAITING --opened--> OPEN --taken by the loop--> TAKEN
 *    \------given up, or the loop is closed-----> GIVEN UP, closed
 * ```
 */
internal class Opening(
    private val loop: EventLoopImpl,
    private val undo: () -> Unit = {},
    private val open: () -> Medium,
) : AutoCloseable {
    private val lane = Lane(loop)
    private var medium: Medium? = null
    private var isGivenUp = false

    suspend fun await(
        path: Path,
        mode: Mode,
    ): FileCore = await({ path }, mode)

    /** @param path is known when it is open */
    suspend fun await(
        path: () -> Path,
        mode: Mode,
    ): FileCore {
        val (medium, end) = start()
        return FileCore(loop, path(), mode, medium, lane, if (mode.isAppending) end else 0)
    }

    private suspend fun start(): Pair<Medium, Long> {
        val opened = loop.createFuture<Pair<Medium, Long>>()
        loop.closeWithLoop(this)
        lane.start(::openInThread) { result ->
            loop.closedBeforeLoop(this)
            when {
                opened.done() -> close()
                else -> result.fold(opened::setResult, opened::setException)
            }
        }
        try {
            return await(opened)
        } catch (error: Throwable) {
            giveUp()
            throw error
        }
    }

    private fun openInThread(): Pair<Medium, Long> {
        check(!synchronized(this) { isGivenUp }) { GIVEN_UP }
        val medium = open()
        val isWanted =
            synchronized(this) {
                if (!isGivenUp) this.medium = medium
                !isGivenUp
            }
        if (!isWanted) {
            end(medium)
            error(GIVEN_UP)
        }
        return medium to (if (medium.isSeekable) medium.size() else 0)
    }

    private fun giveUp() {
        val medium =
            synchronized(this) {
                isGivenUp = true
                medium.also { medium = null }
            }
        if (medium != null) lane.submit({ end(medium) }) { }
    }

    private fun end(medium: Medium) {
        try {
            medium.close()
        } finally {
            undo()
        }
    }

    /** With the loop. */
    override fun close(): Unit = giveUp()

    private companion object {
        const val GIVEN_UP = "the opening of the file was given up"
    }
}
