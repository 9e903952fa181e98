package asyncio.internal.http.wire

import asyncio.internal.http.ClientRequestImpl
import asyncio.internal.http.ClientResponseImpl
import io.vertx.core.http.impl.HttpResponseHead
import io.vertx.core.internal.net.NetSocketInternal

/**
 * How a server answered a request for another protocol.
 *
 * @property response with no body, if there is a socket
 * @property socket paused, and with nothing lost of what followed the head; null if the server did not switch. Who has it
 *   closes it: the connection counts as used until then
 */
internal class Upgraded(
    val response: ClientResponseImpl,
    val socket: NetSocketInternal?,
)

/** Sends this request, which has the headers that ask for another protocol, over redirects and through middlewares. */
internal suspend fun ClientRequestImpl.upgrade(): Upgraded {
    var socket: NetSocketInternal? = null
    val upgrade =
        object : Upgrade {
            override fun switched(
                response: HttpResponseHead,
                socketOfServer: NetSocketInternal,
            ) {
                socketOfServer.pause()
                socket = socketOfServer
            }
        }
    val response = send(upgrade) as ClientResponseImpl
    return Upgraded(response, socket)
}
