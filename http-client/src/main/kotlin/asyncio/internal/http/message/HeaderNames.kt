package asyncio.internal.http.message

import io.vertx.core.http.HttpHeaders

/** The headers that the client itself reads or writes. */
internal object HeaderNames {
    const val HOST = "Host"
    const val ACCEPT = "Accept"
    const val ACCEPT_ENCODING = "Accept-Encoding"
    const val USER_AGENT = "User-Agent"
    const val CONTENT_TYPE = "Content-Type"
    const val CONTENT_ENCODING = "Content-Encoding"
    const val CONTENT_LENGTH = "Content-Length"
    const val TRANSFER_ENCODING = "Transfer-Encoding"
    const val AUTHORIZATION = "Authorization"
    const val COOKIE = "Cookie"
    const val SET_COOKIE = "Set-Cookie"
    const val LOCATION = "Location"
    const val EXPECT = "Expect"
    const val CONNECTION = "Connection"
}

/** The names that nearly every request has, in the form that Netty writes fastest. */
internal object WireNames {
    val HOST: CharSequence = HttpHeaders.createOptimized(HeaderNames.HOST)
    val ACCEPT: CharSequence = HttpHeaders.createOptimized(HeaderNames.ACCEPT)
    val ACCEPT_ENCODING: CharSequence = HttpHeaders.createOptimized(HeaderNames.ACCEPT_ENCODING)
    val USER_AGENT: CharSequence = HttpHeaders.createOptimized(HeaderNames.USER_AGENT)
    val CONTENT_TYPE: CharSequence = HttpHeaders.createOptimized(HeaderNames.CONTENT_TYPE)
    val CONTENT_LENGTH: CharSequence = HttpHeaders.createOptimized(HeaderNames.CONTENT_LENGTH)
}
