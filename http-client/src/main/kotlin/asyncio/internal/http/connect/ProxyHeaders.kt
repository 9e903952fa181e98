package asyncio.internal.http.connect

import asyncio.http.Proxy
import java.util.Base64

/** The headers for an HTTP proxy: those that were added, and its Proxy-Authorization. */
internal fun Proxy.allHeaders(): List<Map.Entry<String, String>> {
    val user = user() ?: return headers()
    if (headers().any { it.key.equals("Proxy-Authorization", ignoreCase = true) }) return headers()
    val basic = Base64.getEncoder().encodeToString("$user:${password()}".toByteArray())
    return headers() + java.util.Map.entry("Proxy-Authorization", "Basic $basic")
}
