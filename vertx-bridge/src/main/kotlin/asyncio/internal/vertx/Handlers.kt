package asyncio.internal.vertx

import io.vertx.core.Context
import io.vertx.core.Vertx

/** What is said to code that Vert.x calls, and that does what only a coroutine, or only a thread of one's own, can do. */
internal object Handlers {
    private const val RECIPE =
        "start a coroutine on the loop of this Vert.x context with AsyncioVertx.createTask(() -> …)," +
            " or let the verticle extend AsyncioVerticle (in Kotlin: AsyncioCoroutineVerticle), whose start() may await"

    /** The advice for the calling thread; null if it is none of an event loop of Vert.x. */
    fun advice(): String? {
        if (!Context.isOnEventLoopThread() || Vertx.currentContext() == null) return null
        return "this is a handler of Vert.x in ${Thread.currentThread().name}, and a handler cannot wait." +
            " Instead $RECIPE"
    }

    fun checkMayWait() {
        check(!Context.isOnEventLoopThread()) {
            "Waiting for an asyncio loop would block this Vert.x event loop (${Thread.currentThread().name})." +
                " Call run(…) in a thread of your own or in executeBlocking(…). In a handler $RECIPE"
        }
    }
}
