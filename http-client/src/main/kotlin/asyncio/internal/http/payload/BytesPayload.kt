package asyncio.internal.http.payload

/** Bytes that are there already. */
internal class BytesPayload(
    val bytes: ByteArray,
    private val contentType: String?,
    private val filename: String? = null,
    private val headers: Map<String, String> = emptyMap(),
) : OwnPayload() {
    override fun size(): Long = bytes.size.toLong()

    override fun contentType(): String? = contentType

    override fun headers(): Map<String, String> = headers

    override fun filename(): String? = filename

    override fun replayable(): Boolean = true

    override suspend fun portions(): Portions = OnePortion(bytes)

    fun described(
        contentType: String?,
        filename: String?,
        headers: Map<String, String>,
    ) = BytesPayload(bytes, contentType, filename, headers)
}

internal class OnePortion(
    bytes: ByteArray,
) : Portions {
    override val size = bytes.size.toLong()
    private var left = bytes.takeIf { it.isNotEmpty() }

    override suspend fun next(): ByteArray? = left.also { left = null }

    override suspend fun close() {
        left = null
    }
}
