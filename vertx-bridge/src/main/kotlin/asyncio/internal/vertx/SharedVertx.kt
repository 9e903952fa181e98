package asyncio.internal.vertx

import io.netty.channel.EventLoop
import io.vertx.core.Vertx
import io.vertx.core.VertxOptions
import io.vertx.core.file.FileSystemOptions
import io.vertx.core.internal.ContextInternal
import io.vertx.core.internal.VertxInternal
import java.util.concurrent.TimeUnit

/**
 * The Vert.x of the loops that nobody gave one, with daemon threads, for the whole program.
 *
 * ```
 * NONE --first loop--> IN USE --last loop closed--> IDLE --a loop--> IN USE
 *   ^                                                 |
 *   \---------------- 0.1 seconds, or the JVM's end --/
 * ```
 *
 * A program that calls `run` again and again does not make it anew each time, and one that goes on without loops has no threads
 * of it.
 */
internal object SharedVertx {
    private const val IDLE_MILLIS = 100L
    private const val LONGEST_END_MILLIS = 500L

    private var present: Instance? = null

    @Synchronized
    fun newHost(): VertxHost {
        val instance = present ?: Instance().also { present = it }
        return instance.newHost()
    }

    /** Whether nothing keeps [instance], which then is nobody's any more. */
    @Synchronized
    private fun takeIfIdle(instance: Instance): Boolean {
        if (present !== instance || instance.loops > 0) return false
        present = null
        return true
    }

    /**
     * A loop gets a thread to itself as long as there are free ones: a body that blocks, even to wait for another loop, must not
     * hold that one up. Threads start when they are first used.
     */
    private class Instance {
        private val size = maxOf(16, 2 * Runtime.getRuntime().availableProcessors())
        private val taken = HashSet<EventLoop>()
        private val used = HashSet<EventLoop>()

        /** How many loops are not closed. */
        var loops = 0
            private set

        private val vertx = NettyVersion.check { Vertx.vertx(options(size)) as VertxInternal }

        private fun options(threads: Int) =
            VertxOptions()
                .setEventLoopPoolSize(threads)
                .setUseDaemonThread(true)
                // A loop that waits for a body which blocks is asyncio's affair.
                .setBlockedThreadCheckInterval(TimeUnit.DAYS.toMillis(1))
                .setFileSystemOptions(
                    FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false),
                )

        private val exitHook = Thread(null, ::endThreads, "asyncio-vertx-end", 0, false)

        init {
            try {
                Runtime.getRuntime().addShutdownHook(exitHook)
            } catch (_: IllegalStateException) {
                // The JVM is ending.
            }
        }

        fun newHost(): VertxHost {
            val context = freeContext()
            val eventLoop = context.nettyEventLoop()
            loops++
            used.add(eventLoop)
            return VertxHost(context) { release(eventLoop) }
        }

        private fun freeContext(): ContextInternal {
            repeat(size) {
                val context = vertx.createEventLoopContext()
                val eventLoop = context.nettyEventLoop()
                // One whose thread has died of an error of the JVM is of no use any more.
                if (!eventLoop.isShuttingDown && taken.add(eventLoop)) return context
            }
            return vertx.createEventLoopContext()
        }

        private fun release(eventLoop: EventLoop) {
            val isLast =
                synchronized(SharedVertx) {
                    taken.remove(eventLoop)
                    --loops == 0
                }
            if (!isLast) return
            val timer = if (eventLoop.isShuttingDown) vertx.nettyEventLoopGroup().next() else eventLoop
            timer.schedule(::closeIfIdle, IDLE_MILLIS, TimeUnit.MILLISECONDS)
        }

        private fun closeIfIdle() {
            if (!takeIfIdle(this)) return
            try {
                // It would keep the program's classes where that is one of many in a JVM.
                Runtime.getRuntime().removeShutdownHook(exitHook)
            } catch (_: IllegalStateException) {
                return
            }
            vertx.close()
        }

        /** A thread in a selector holds up the end of the JVM by 0.3 s, although it is a daemon. */
        private fun endThreads() {
            if (!takeIfIdle(this)) return
            used.map { it.shutdownGracefully(0, 0, TimeUnit.MILLISECONDS) }.forEach { it.await(LONGEST_END_MILLIS) }
        }
    }
}
