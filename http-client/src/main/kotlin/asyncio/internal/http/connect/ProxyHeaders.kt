package asyncio.internal.http.connect

import asyncio.http.Proxy
import asyncio.internal.http.message.HeaderText
import asyncio.internal.http.message.basicCredentials
import java.util.Map.entry

/** The headers for an HTTP proxy: the user's, and its Proxy-Authorization; the values as they are on the wire. */
internal fun Proxy.allHeaders(): List<Map.Entry<String, String>> {
    val headers = headers().map { entry(it.key, HeaderText.toWire(it.value)) }
    val user = user() ?: return headers
    // That takes a question first.
    if (usesDigest()) return headers
    if (headers.any { it.key.equals("Proxy-Authorization", ignoreCase = true) }) return headers
    val credentials = basicCredentials("$user:${password()}".toByteArray())
    return headers + entry("Proxy-Authorization", credentials)
}
