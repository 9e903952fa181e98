package asyncio.internal.http.wire

import java.nio.channels.ClosedChannelException

/** The other side has ended the connection. Without a stack trace, which is useless here and costs time. */
internal class ConnectionEnded : ClosedChannelException() {
    override val message: String get() = "the connection was closed"

    override fun fillInStackTrace(): Throwable = this
}
