package asyncio.internal.vertx.web

import asyncio.AsyncIterable
import asyncio.Asyncio
import asyncio.Awaitable
import asyncio.Coroutine
import asyncio.ExceptionContext
import asyncio.Future
import asyncio.Task
import asyncio.TaskOptions
import asyncio.http.ServerSentEvent
import asyncio.internal.run.EventLoopImpl
import asyncio.internal.vertx.ContextLoops
import asyncio.internal.vertx.VertxStreams
import asyncio.kotlin.await
import asyncio.kotlin.coroutine
import asyncio.kotlin.gatherOutcomes
import asyncio.vertx.web.CoroutineRoutes
import asyncio.vertx.web.RouteHandler
import asyncio.vertx.web.RouteResponder
import asyncio.vertx.web.WebSocketHandler
import io.vertx.core.Handler
import io.vertx.core.buffer.Buffer
import io.vertx.core.http.HttpHeaders
import io.vertx.core.http.ServerWebSocket
import io.vertx.core.internal.ContextInternal
import io.vertx.ext.web.RoutingContext
import io.vertx.ext.web.handler.HttpException
import java.time.Duration
import java.util.concurrent.Callable
import asyncio.kotlin.vertx.await as awaitVertx

/**
 * Route handlers that run in tasks. Code of one loop.
 *
 * A task begins inside the handler of vertx-web, so that what the body does before its first await comes before the next event of
 * the connection.
 */
internal class CoroutineRoutesImpl(
    private val cancelOnDisconnect: Boolean,
    private val statuses: List<Pair<Class<out Throwable>, Int>>,
) : CoroutineRoutes {
    /** Those that have not ended in their first step. */
    private val tasks = LinkedHashSet<Task<*>>()
    private var running = 0
    private var isShutDown = false

    /** What [shutdown] waits for. */
    private var idle: Future<Unit>? = null

    override fun coHandler(handler: RouteHandler): Handler<RoutingContext> =
        handlerOf { context -> Asyncio.async { handler.handle(context) } }

    override fun coFailureHandler(handler: RouteHandler): Handler<RoutingContext> = coHandler(handler)

    override fun coRespond(responder: RouteResponder): Handler<RoutingContext> =
        handlerOf(::answer) { context -> Asyncio.async(Callable { responder.respond(context) }) }

    override fun coWebSocket(handler: WebSocketHandler): Handler<RoutingContext> =
        webSocketOf { context, socket -> Asyncio.async { handler.handle(context, socket) } }

    /** A handler that makes a task of what [body] gives; its value goes to [answer], on the thread of the loop. */
    fun handlerOf(
        answer: (RoutingContext, Any?) -> Unit = { _, _ -> },
        body: (RoutingContext) -> Coroutine<*>,
    ): Handler<RoutingContext> =
        Handler { context ->
            val loop = loopFor(context) ?: return@Handler
            val running = Running(context, answer)
            val coroutine =
                try {
                    body(context)
                } catch (error: Exception) {
                    return@Handler fail(context, error)
                }
            if (cancelOnDisconnect) context.addEndHandler { end -> if (end.failed()) running.disconnected() }
            if (Thread.holdsLock(context.request().connection())) {
                beginWithoutLock(loop, coroutine, running)
            } else {
                begin(loop, coroutine, running)
            }
        }

    /**
     * Begins later: Vert.x holds the monitor of the connection here, as where the response before this pipelined request has just ended. A
     * fiber that suspended under it would take the monitor along, and the event loop would wait for it for ever.
     */
    private fun beginWithoutLock(
        loop: EventLoopImpl,
        coroutine: Coroutine<*>,
        running: Running,
    ) {
        val request = running.context.request()
        request.pause()
        ContextInternal.current().runOnContext {
            begin(loop, coroutine, running)
            if (!request.isEnded) request.resume()
        }
    }

    /** The loop for a request; null if it was answered already, because there is none. */
    private fun loopFor(context: RoutingContext): EventLoopImpl? {
        if (!isShutDown) {
            try {
                return ContextLoops.here("coHandler")
            } catch (refused: IllegalStateException) {
                fail(context, 503, refused)
                return null
            }
        }
        if (!context.response().headWritten()) context.response().putHeader(HttpHeaders.CONNECTION, "close")
        fail(context, 503, null)
        return null
    }

    private fun begin(
        loop: EventLoopImpl,
        coroutine: Coroutine<*>,
        running: Running,
    ) {
        try {
            running.task = start(loop, coroutine, running::ended)
        } catch (refused: IllegalStateException) {
            coroutine.close()
            fail(running.context, 503, refused)
        }
    }

    /** Makes a task, and counts it until it ends. */
    private fun start(
        loop: EventLoopImpl,
        coroutine: Coroutine<*>,
        ended: (Task<*>) -> Unit,
    ): Task<*> {
        running++
        val task =
            try {
                loop.createTask(coroutine, EAGER)
            } catch (refused: IllegalStateException) {
                running--
                throw refused
            }
        if (task.done()) {
            leave(task, ended)
        } else {
            tasks.add(task)
            task.addDoneCallback { leave(task, ended) }
        }
        return task
    }

    private fun leave(
        task: Task<*>,
        ended: (Task<*>) -> Unit,
    ) {
        tasks.remove(task)
        running--
        try {
            ended(task)
        } finally {
            if (running == 0) idle?.let { if (!it.done()) it.setResult(Unit) }
        }
    }

    /** The handling of one request. */
    private inner class Running(
        val context: RoutingContext,
        private val answer: (RoutingContext, Any?) -> Unit,
    ) {
        var task: Task<*>? = null
        private var isDisconnected = false

        fun disconnected() {
            isDisconnected = true
            task?.cancel("The client has disconnected")
        }

        fun ended(task: Task<*>) {
            if (task.cancelled()) {
                if (!isDisconnected) fail(context, 503, null)
                return
            }
            // A client that is gone gets no answer, but a failure is one all the same.
            val error = task.exception()
            if (error != null) return fail(context, error)
            if (isDisconnected) return
            try {
                answer(context, task.result())
            } catch (error: Exception) {
                fail(context, error)
            }
        }
    }

    fun fail(
        context: RoutingContext,
        error: Throwable,
    ) {
        val status = statuses.firstOrNull { it.first.isInstance(error) }?.second
        when {
            context.failed() -> endFailed(context, (error as? HttpException)?.statusCode ?: status ?: 500, error)
            status == null || error is HttpException -> context.fail(error)
            else -> context.fail(status, error)
        }
    }

    private fun fail(
        context: RoutingContext,
        status: Int,
        error: Throwable?,
    ) {
        if (context.failed()) return endFailed(context, status, error)
        if (error == null) context.fail(status) else context.fail(status, error)
    }

    /** A failure handler has failed. vertx-web would begin with its failure handlers anew, and so with this one, again and again. */
    private fun endFailed(
        context: RoutingContext,
        status: Int,
        error: Throwable?,
    ) {
        if (error != null) {
            val report = ExceptionContext.of("The handler of a request that had failed already has failed")
            ContextLoops.here("coFailureHandler").callExceptionHandler(report.withException(error))
        }
        val response = context.response()
        when {
            response.ended() || response.closed() -> return
            response.headWritten() -> response.reset()
            else -> response.setStatusCode(status).end()
        }
    }

    /** As [io.vertx.ext.web.Route.respond] answers. */
    fun answer(
        context: RoutingContext,
        value: Any?,
    ) {
        val response = context.response()
        if (response.headWritten()) {
            if (value != null) throw HttpException(500, "The response was written already")
            if (!response.ended()) context.end()
            return
        }
        val hasType = response.headers().contains(HttpHeaders.CONTENT_TYPE)
        when (value) {
            null -> {
                response.setStatusCode(204).end()
            }

            is Buffer -> {
                if (!hasType) response.putHeader(HttpHeaders.CONTENT_TYPE, "application/octet-stream")
                context.end(value)
            }

            is String -> {
                if (!hasType) response.putHeader(HttpHeaders.CONTENT_TYPE, "text/html")
                context.end(value)
            }

            else -> {
                context.json(value)
            }
        }
    }

    // ---- WebSockets

    fun webSocketOf(body: (RoutingContext, ServerWebSocket) -> Coroutine<*>): Handler<RoutingContext> =
        Handler { context ->
            val loop = loopFor(context) ?: return@Handler
            context.request().toWebSocket().onComplete { socket, error ->
                if (error != null) fail(context, error) else serve(loop, socket, body(context, socket))
            }
        }

    private fun serve(
        loop: EventLoopImpl,
        socket: ServerWebSocket,
        coroutine: Coroutine<*>,
    ) {
        try {
            val task = start(loop, coroutine) { end(loop, socket, it) }
            watch(loop, socket, task)
        } catch (_: IllegalStateException) {
            coroutine.close()
            socket.close(GOING_AWAY)
        }
    }

    private fun watch(
        loop: EventLoopImpl,
        socket: ServerWebSocket,
        task: Task<*>,
    ) {
        if (!cancelOnDisconnect || task.done() || socket.isClosed) return
        socket.closeHandler {
            if (!task.done()) loop.callLater(GRACE) { task.cancel("The client has closed the WebSocket") }
        }
    }

    private fun end(
        loop: EventLoopImpl,
        socket: ServerWebSocket,
        task: Task<*>,
    ) {
        val error = if (task.cancelled()) null else task.exception()
        if (socket.isClosed) return
        if (error != null) {
            val report = ExceptionContext.of("The handler of a WebSocket has failed")
            loop.callExceptionHandler(report.withException(error).withFuture(task))
        }
        when {
            task.cancelled() -> socket.close(GOING_AWAY)
            error != null -> socket.close(INTERNAL_ERROR)
            else -> socket.close()
        }
    }

    // ---- streams

    override fun stream(
        context: RoutingContext,
        items: AsyncIterable<Buffer>,
    ): Coroutine<Void?> =
        coroutine {
            val response = context.response()
            if (!response.headers().contains(HttpHeaders.CONTENT_LENGTH)) response.isChunked = true
            await(VertxStreams.pipe(items, response))
        }

    override fun events(
        context: RoutingContext,
        events: AsyncIterable<ServerSentEvent>,
    ): Coroutine<Void?> =
        coroutine {
            val response = context.response()
            response.putHeader(HttpHeaders.CONTENT_TYPE, "text/event-stream")
            response.putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
            response.isChunked = true
            // The client sees that it is connected before there is an event.
            awaitVertx(response.writeHead())
            await(VertxStreams.pipe(EventTexts(events), response))
        }

    private class EventTexts(
        private val events: AsyncIterable<ServerSentEvent>,
    ) : AsyncIterable<Buffer> {
        override fun aiter(): asyncio.AsyncIterator<Buffer> =
            asyncio.kotlin.asyncGenerator<Buffer> {
                val items = events.aiter()
                try {
                    while (true) {
                        val event =
                            try {
                                await(items.anext())
                            } catch (_: asyncio.StopAsyncIteration) {
                                break
                            }
                        yield(textOf(event))
                    }
                } finally {
                    if (items is asyncio.AsyncGenerator<*>) await(items.aclose())
                }
            }

        private fun textOf(event: ServerSentEvent): Buffer {
            val text = StringBuilder()
            field(text, "id", event.id())
            if (event.event() != "message") field(text, "event", event.event())
            for (line in event.data().lineSequence()) text.append("data: ").append(line).append('\n')
            return Buffer.buffer(text.append('\n').toString())
        }

        /** These fields have one line: a line break in the value would begin a field of its own. */
        private fun field(
            text: StringBuilder,
            name: String,
            value: String,
        ) {
            if (value.isEmpty()) return
            text
                .append(name)
                .append(": ")
                .append(value.filter { it != '\r' && it != '\n' })
                .append('\n')
        }
    }

    // ---- the end

    override fun running(): Int = running

    override fun shutdown(limit: Duration): Coroutine<Void?> =
        coroutine {
            isShutDown = true
            val loop = ContextLoops.here("shutdown")
            if (running > 0) {
                val idle = loop.createFuture<Unit>()
                this.idle = idle
                try {
                    await(Asyncio.waitFor(idle as Awaitable<Unit>, limit))
                } catch (_: asyncio.TimeoutException) {
                    val left = tasks.toList()
                    for (task in left) task.cancel("The server shuts down")
                    await(gatherOutcomes(left))
                }
            }
            null
        }

    private companion object {
        val EAGER: TaskOptions = TaskOptions.NONE.withEagerStart(true)

        /** How long a handler may go on after its WebSocket was closed. */
        val GRACE: Duration = Duration.ofSeconds(1)

        const val GOING_AWAY: Short = 1001
        const val INTERNAL_ERROR: Short = 1011
    }
}
