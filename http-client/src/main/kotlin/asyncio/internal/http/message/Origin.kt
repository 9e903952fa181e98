package asyncio.internal.http.message

/** Scheme, host and port: what a connection can be used for. */
internal data class Origin(
    val ssl: Boolean,
    val host: String,
    val port: Int,
) {
    override fun toString(): String = authority(host, port)
}
