package asyncio.internal.vertx

import io.vertx.core.Vertx
import io.vertx.core.VertxOptions
import io.vertx.core.file.FileSystemOptions
import io.vertx.core.internal.VertxInternal
import java.util.concurrent.TimeUnit

/** The Vert.x of the loops that nobody gave one: made when it is first needed, with daemon threads, for the whole program. */
internal object SharedVertx {
    val instance: VertxInternal by lazy {
        val options =
            VertxOptions()
                .setUseDaemonThread(true)
                // A loop that waits for a body which blocks is asyncio's affair.
                .setBlockedThreadCheckInterval(TimeUnit.DAYS.toMillis(1))
                .setFileSystemOptions(FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false))
        Vertx.vertx(options) as VertxInternal
    }
}
