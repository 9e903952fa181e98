package asyncio.internal.http.connect

/** Is told the steps of making a connection, on the context's thread. */
internal interface ConnectListener {
    /** The addresses of [host] are known, or are being looked up for another request. */
    fun cacheHit(host: String)

    /** The addresses of [host] are not known yet. */
    fun cacheMiss(host: String)

    fun dnsStart(host: String)

    /** The addresses of [host] were found; not called if they were not. */
    fun dnsEnd(host: String)
}
