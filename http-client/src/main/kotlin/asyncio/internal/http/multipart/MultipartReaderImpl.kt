package asyncio.internal.http.multipart

import asyncio.AsyncIterator
import asyncio.Coroutine
import asyncio.http.BodyPartReader
import asyncio.http.ClientPayloadException
import asyncio.http.MultipartLimits
import asyncio.http.MultipartReader
import asyncio.kotlin.asyncGenerator
import asyncio.kotlin.coroutine
import java.nio.charset.Charset

/** Goes through the parts that a [Scanner] finds. */
internal class MultipartReaderImpl private constructor(
    private val subtype: String,
    private val boundary: String,
    private val limits: MultipartLimits,
    private val depth: Int,
    source: ByteSource,
) : MultipartReader {
    private val scanner = Scanner(source, boundary, limits)
    private var part: BodyPartReaderImpl? = null
    private var charset: Charset? = null

    override fun subtype(): String = subtype

    override fun boundary(): String = boundary

    override fun atEof(): Boolean = scanner.ended

    override fun next(): Coroutine<BodyPartReader?> = coroutine { nextPart() }

    override fun release(): Coroutine<Void?> =
        coroutine {
            while (nextPart() != null) continue
            null
        }

    override fun aiter(): AsyncIterator<BodyPartReader> =
        asyncGenerator {
            while (true) yield(nextPart() ?: break)
        }

    private suspend fun nextPart(): BodyPartReader? {
        val next = nextOfAny() ?: return null
        if (subtype != "form-data" || next.name() != "_charset_" || charset != null) return next
        // It is not a field of the form, but tells the encoding of the others (RFC 7578, 4.6).
        charset = next.charsetNamed()
        return nextOfAny()
    }

    private suspend fun nextOfAny(): BodyPartReaderImpl? {
        part?.leave()
        part = null
        val headers = scanner.nextPart() ?: return null
        return BodyPartReaderImpl(scanner, headers, limits, subtype == "form-data", charset, depth).also { part = it }
    }

    override fun toString(): String = "<MultipartReader $subtype>"

    companion object {
        /** Each byte passes all bodies that it is in, on one stack. */
        private const val DEEPEST = 64

        fun of(
            contentType: String,
            source: ByteSource,
            limits: MultipartLimits,
            depth: Int = 1,
        ): MultipartReaderImpl {
            if (depth > DEEPEST) {
                throw ClientPayloadException("There are more than $DEEPEST multipart bodies within each other")
            }
            val parsed = HeaderParameters.parse(contentType)
            val type = parsed.value.lowercase()
            if (!type.startsWith("multipart/")) {
                throw ClientPayloadException(
                    "This is not a multipart body: its type is ${parsed.value.ifEmpty { "not given" }}",
                )
            }
            val boundary = parsed.parameters["boundary"]
            if (boundary.isNullOrEmpty()) throw ClientPayloadException("The type $type has no boundary")
            if (boundary.length > 70) {
                throw ClientPayloadException(
                    "The boundary of a multipart body has at most 70 characters, not ${boundary.length}",
                )
            }
            return MultipartReaderImpl(type.removePrefix("multipart/"), boundary, limits, depth, source)
        }
    }
}
