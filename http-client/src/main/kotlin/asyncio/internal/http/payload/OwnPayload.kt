package asyncio.internal.http.payload

import asyncio.AsyncIterator
import asyncio.http.Payload
import asyncio.kotlin.asyncGenerator

/** A body of ours, which gives its portions without the detour over an [AsyncIterator]. */
internal abstract class OwnPayload : Payload {
    abstract suspend fun portions(): Portions

    /** [size], or -1, asked for where asking may block no other. */
    open suspend fun measure(): Long = size() ?: -1

    override fun chunks(): AsyncIterator<ByteArray> =
        asyncGenerator {
            val portions = portions()
            try {
                while (true) yield(portions.next() ?: break)
            } finally {
                portions.close()
            }
        }

    override fun toString(): String = "<Payload ${contentType()}, ${sizeText()}>"

    private fun sizeText() = size()?.let { "$it bytes" } ?: "size not known"
}

/** Another body with other words about it. */
internal class DescribedPayload(
    private val body: Payload,
    private val contentType: String?,
    private val filename: String?,
    private val headers: Map<String, String>,
) : OwnPayload() {
    override fun size(): Long? = body.size()

    override suspend fun measure(): Long = body.measure()

    override fun contentType(): String? = contentType

    override fun headers(): Map<String, String> = headers

    override fun filename(): String? = filename

    override fun replayable(): Boolean = body.replayable()

    override suspend fun portions(): Portions = body.open()

    override fun close(): Unit = body.close()

    fun described(
        contentType: String?,
        filename: String?,
        headers: Map<String, String>,
    ): Payload = DescribedPayload(body, contentType, filename, headers)
}
