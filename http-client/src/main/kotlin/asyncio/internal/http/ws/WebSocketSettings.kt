package asyncio.internal.http.ws

import java.time.Duration

/** The settings of one WebSocket. Times are null for no limit. */
internal class WebSocketSettings {
    var maxMessageSize = 4 * 1024 * 1024
    var heartbeat: Duration? = null
    var receiveTimeout: Duration? = null
    var closeTimeout: Duration? = Duration.ofSeconds(10)
    var autoClose = true
    var autoPing = true
    var decodeText = true
}
