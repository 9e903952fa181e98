package asyncio.internal.http.payload

import asyncio.AsyncGenerator
import asyncio.AsyncIterable
import asyncio.AsyncIterator
import asyncio.StopAsyncIteration
import asyncio.http.ClientPayloadException
import asyncio.kotlin.await

/** A body that can be sent only once. */
internal abstract class OncePayload(
    private val declaredSize: Long,
) : OwnPayload() {
    /** Whether its portions were taken. */
    var opened = false
        private set

    override fun size(): Long? = declaredSize.takeIf { it >= 0 }

    override fun contentType(): String? = OCTET_STREAM

    override fun replayable(): Boolean = false

    final override suspend fun portions(): Portions {
        check(!opened) { "$what was sent already and cannot be sent again; Payload.ofBytes and Payload.ofFile can" }
        opened = true
        val portions = openOnce()
        return if (declaredSize >= 0) SizedPortions(portions, declaredSize, what) else portions
    }

    protected abstract val what: String

    protected abstract suspend fun openOnce(): Portions
}

/** The portions of an async iterable of the user. */
internal class StreamPayload(
    private val chunks: AsyncIterable<ByteArray>,
    size: Long,
) : OncePayload(size) {
    override val what get() = "What this stream gives"

    override suspend fun openOnce(): Portions = IteratorPortions(chunks.aiter())
}

internal class IteratorPortions(
    private val items: AsyncIterator<ByteArray>,
) : Portions {
    override val size get() = -1L
    private var ended = false

    override suspend fun next(): ByteArray? {
        while (!ended) {
            val portion: ByteArray? =
                try {
                    await(items.anext())
                } catch (_: StopAsyncIteration) {
                    break
                }
            checkNotNull(portion) { "What gives the body of a request has given null instead of bytes" }
            // An empty chunk would be the end of the body.
            if (portion.isNotEmpty()) return portion
        }
        ended = true
        return null
    }

    override suspend fun close() {
        if (ended) return
        ended = true
        if (items is AsyncGenerator) await(items.aclose())
    }
}

/** Portions that have to be so many bytes. */
internal class SizedPortions(
    private val portions: Portions,
    override val size: Long,
    private val what: String,
) : Portions {
    private var given = 0L

    override suspend fun next(): ByteArray? {
        val portion = portions.next()
        if (portion == null) {
            if (given < size) throw ClientPayloadException("$what ended after $given bytes instead of $size")
        } else {
            given += portion.size
            if (given > size) throw ClientPayloadException("$what has more than the $size bytes that it should have")
        }
        return portion
    }

    override suspend fun close(): Unit = portions.close()
}

internal const val OCTET_STREAM = "application/octet-stream"
