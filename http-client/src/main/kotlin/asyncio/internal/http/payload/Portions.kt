package asyncio.internal.http.payload

import asyncio.http.Payload

/** The portions of a body on its way out, asked for one by one in the task that sends. */
internal interface Portions {
    /** How many bytes come in all; -1 if that is not known. It holds: other numbers of bytes are an error in [next]. */
    val size: Long

    /** The next portion, which is not empty and is not changed afterwards; null at the end. */
    suspend fun next(): ByteArray?

    /** Closes their source, at their end as well as before it. May be called again. */
    suspend fun close()
}

/**
 * Begins to send this body. What it is made of is opened only now, so that it is now that its size is certain: take the
 * size from here and not from [Payload.size], which may have to ask a disk.
 *
 * @throws IllegalStateException if it can be sent only once, and was
 */
internal suspend fun Payload.open(): Portions {
    if (this is OwnPayload) return portions()
    val portions = IteratorPortions(chunks())
    return size()?.let { SizedPortions(portions, it, "The body of a request") } ?: portions
}

/** Closes all of [bodies], whatever one of them raises. */
internal fun closeAll(bodies: List<Payload>) {
    var failure: Throwable? = null
    for (body in bodies) {
        try {
            body.close()
        } catch (error: Throwable) {
            failure?.addSuppressed(error) ?: run { failure = error }
        }
    }
    failure?.let { throw it }
}

/** All bytes of this body, if they are in memory; null if the body has to be [opened][open]. */
internal val Payload.bytesAtHand: ByteArray? get() = (this as? BytesPayload)?.bytes

/** The size that this body has now, or -1; no other waits while a disk is asked. */
internal suspend fun Payload.measure(): Long = if (this is OwnPayload) measure() else size() ?: -1
