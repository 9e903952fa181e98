package asyncio.internal.http.message

/** Scheme, host and port. */
internal data class Origin(
    val ssl: Boolean,
    val host: String,
    val port: Int,
) {
    override fun toString(): String = authority(host, port)
}
