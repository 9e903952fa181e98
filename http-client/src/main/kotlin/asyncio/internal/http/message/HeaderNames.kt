package asyncio.internal.http.message

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
    const val PROXY_AUTHORIZATION = "Proxy-Authorization"
    const val COOKIE = "Cookie"
    const val SET_COOKIE = "Set-Cookie"
    const val LOCATION = "Location"
    const val EXPECT = "Expect"
    const val CONNECTION = "Connection"
    const val KEEP_ALIVE = "Keep-Alive"
}
