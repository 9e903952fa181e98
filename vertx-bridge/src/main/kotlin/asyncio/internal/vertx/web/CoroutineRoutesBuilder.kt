package asyncio.internal.vertx.web

import asyncio.vertx.web.CoroutineRoutes

public class CoroutineRoutesBuilder : CoroutineRoutes.Builder {
    private var cancelOnDisconnect = true
    private val statuses = ArrayDeque<Pair<Class<out Throwable>, Int>>()

    override fun cancelOnDisconnect(cancelOnDisconnect: Boolean): CoroutineRoutes.Builder =
        apply { this.cancelOnDisconnect = cancelOnDisconnect }

    override fun status(
        type: Class<out Throwable>,
        status: Int,
    ): CoroutineRoutes.Builder =
        apply {
            require(status in 400..599) { "status: $status is not the status of a failure" }
            statuses.addFirst(type to status)
        }

    override fun build(): CoroutineRoutes = CoroutineRoutesImpl(cancelOnDisconnect, statuses.toList())
}
