package asyncio.internal.vertx

import io.netty.channel.EventLoop
import io.vertx.core.Vertx
import io.vertx.core.VertxOptions
import io.vertx.core.file.FileSystemOptions
import io.vertx.core.internal.VertxInternal
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.TimeUnit

/**
 * The Vert.x of the loops that nobody gave one: made when it is first needed, with daemon threads, for the whole program.
 *
 * A loop gets a thread to itself as long as there are free ones: a body that blocks, even to wait for another loop, must not
 * hold that one up. Threads start when they are first used.
 */
internal object SharedVertx {
    private val size = maxOf(16, 2 * Runtime.getRuntime().availableProcessors())
    private val taken = ConcurrentHashMap.newKeySet<EventLoop>()

    private val instance: VertxInternal by lazy {
        val options =
            VertxOptions()
                .setEventLoopPoolSize(size)
                .setUseDaemonThread(true)
                // A loop that waits for a body which blocks is asyncio's affair.
                .setBlockedThreadCheckInterval(TimeUnit.DAYS.toMillis(1))
                .setFileSystemOptions(
                    FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false),
                )
        Vertx.vertx(options) as VertxInternal
    }

    fun newHost(): VertxHost {
        repeat(size) {
            val context = instance.createEventLoopContext()
            val eventLoop = context.nettyEventLoop()
            // One whose thread has died of an error of the JVM is of no use any more.
            if (!eventLoop.isShuttingDown && taken.add(eventLoop)) return VertxHost(context) { taken.remove(eventLoop) }
        }
        return VertxHost(instance.createEventLoopContext())
    }
}
