package asyncio.internal.vertx

import io.vertx.core.Handler
import io.vertx.core.buffer.Buffer
import io.vertx.core.http.WebSocketBase
import io.vertx.core.http.WebSocketFrame
import io.vertx.core.streams.ReadStream

/**
 * A WebSocket as a stream of items. What is fetched of a socket are frames, and not each of them is an item: for the others, such as
 * pings, one more is fetched.
 */
internal abstract class WebSocketSource<T>(
    protected val socket: WebSocketBase,
) : ReadStream<T> {
    /** Whether [frame] is, or completes, an item. */
    protected abstract fun isItem(frame: WebSocketFrame): Boolean

    protected fun countFrames() {
        socket.frameHandler { frame -> if (!isItem(frame)) socket.fetch(1) }
    }

    override fun exceptionHandler(handler: Handler<Throwable>?): ReadStream<T> =
        apply { socket.exceptionHandler(handler) }

    override fun pause(): ReadStream<T> = apply { socket.pause() }

    override fun resume(): ReadStream<T> = apply { socket.resume() }

    override fun fetch(amount: Long): ReadStream<T> = apply { socket.fetch(amount) }

    override fun endHandler(handler: Handler<Void>?): ReadStream<T> = apply { socket.endHandler(handler) }
}

/** The data of its frames. */
internal class WebSocketData(
    socket: WebSocketBase,
) : WebSocketSource<Buffer>(socket) {
    override fun isItem(frame: WebSocketFrame): Boolean = frame.isText || frame.isBinary || frame.isContinuation

    override fun handler(handler: Handler<Buffer>?): ReadStream<Buffer> =
        apply {
            if (handler == null) {
                socket.frameHandler(null)
            } else {
                socket.frameHandler { frame ->
                    if (isItem(frame)) handler.handle(frame.binaryData()) else socket.fetch(1)
                }
            }
        }
}

/** Its text messages. */
internal class WebSocketTexts(
    socket: WebSocketBase,
) : WebSocketSource<String>(socket) {
    private var inText = false

    override fun isItem(frame: WebSocketFrame): Boolean {
        if (frame.isText) inText = true
        if (!inText || !frame.isFinal || !frame.isText && !frame.isContinuation) return false
        inText = false
        return true
    }

    override fun handler(handler: Handler<String>?): ReadStream<String> =
        apply {
            socket.textMessageHandler(handler)
            if (handler == null) socket.frameHandler(null) else countFrames()
        }
}
