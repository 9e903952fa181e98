package asyncio.internal.http.message

/** [host] as it stands in a URL: an IPv6 address has brackets. */
internal fun bracketed(host: String): String = if (':' in host) "[$host]" else host

/** Host and port as in a request line. */
internal fun authority(
    host: String,
    port: Int,
): String = "${bracketed(host)}:$port"
