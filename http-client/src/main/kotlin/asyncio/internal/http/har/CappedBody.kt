package asyncio.internal.http.har

import java.io.ByteArrayOutputStream

/** A body that passes, kept as long as it is not larger than [limit]. */
internal class CappedBody(
    private val limit: Int,
) {
    private var kept: ByteArrayOutputStream? = ByteArrayOutputStream()

    var size = 0L
        private set

    val isTooLarge: Boolean get() = kept == null

    fun add(bytes: ByteArray) {
        size += bytes.size
        if (size > limit) kept = null else kept?.write(bytes)
    }

    /** Null if it is too large. */
    fun bytes(): ByteArray? = kept?.toByteArray()
}
