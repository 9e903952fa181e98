package asyncio.internal.file

import asyncio.internal.run.EventLoopImpl
import asyncio.kotlin.await
import asyncio.spi.AsyncioProvider
import java.nio.file.Path
import java.util.concurrent.CountDownLatch

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
 *
 * @param existing what may be a pipe, which is opened when another program opens it too: in a thread that may wait
 */
internal class Opening(
    private val loop: EventLoopImpl,
    private val existing: Path?,
    private val undo: () -> Unit = {},
    private val open: () -> Medium,
) : AutoCloseable {
    private var lane = Lane(loop)
    private var isPipe = false
    private var medium: Medium? = null
    private var isGivenUp = false

    /** @param path is known when it is open */
    suspend fun await(
        mode: Mode,
        path: () -> Path,
    ): FileCore {
        var opened = start()
        if (opened == null) {
            isPipe = true
            lane = Lane(loop, FileThreads.pipes)
            opened = start()!!
        }
        return FileCore(loop, path(), mode, opened.medium, lane, if (mode.isAppending) opened.size else 0)
    }

    private class Opened(
        val medium: Medium,
        val size: Long,
    )

    /** Null if it is a pipe, and this is not the place for one. */
    private suspend fun start(): Opened? {
        val opened = loop.createFuture<Opened?>()
        loop.closeWithLoop(this)
        lane.start(::openInThread) { result ->
            loop.closedBeforeLoop(this)
            if (!opened.done()) result.fold(opened::setResult, opened::setException)
        }
        try {
            return await(opened)
        } catch (error: Throwable) {
            giveUp()
            throw error
        }
    }

    private fun openInThread(): Opened? {
        check(!synchronized(this) { isGivenUp }) { GIVEN_UP }
        if (!isPipe && existing != null && ChannelMedium.isPipe(existing)) return null
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
        return Opened(medium, if (medium.isSeekable) medium.size() else 0)
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

    /** With the loop; waits for a thread that is at it, unless that may take for ever. */
    override fun close() {
        giveUp()
        if (isPipe) return
        val ended = CountDownLatch(1)
        lane.submit({ }) { ended.countDown() }
        ended.await()
    }

    private companion object {
        const val GIVEN_UP = "the opening of the file was given up"
    }
}
