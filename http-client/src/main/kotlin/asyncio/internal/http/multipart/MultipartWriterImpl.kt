package asyncio.internal.http.multipart

import asyncio.http.ClientPayloadException
import asyncio.http.MultipartWriter
import asyncio.http.Payload
import asyncio.internal.http.message.HttpChars
import asyncio.internal.http.payload.OCTET_STREAM
import asyncio.internal.http.payload.OwnPayload
import asyncio.internal.http.payload.Portions
import asyncio.internal.http.payload.bytesAtHand
import asyncio.internal.http.payload.closeAll
import asyncio.internal.http.payload.measure
import asyncio.internal.http.payload.open
import java.io.ByteArrayOutputStream
import java.util.UUID

/** A body of several parts. */
internal class MultipartWriterImpl(
    private val subtype: String,
    boundary: String?,
) : OwnPayload(),
    MultipartWriter {
    private val boundary = boundary?.also(::checkBoundary) ?: UUID.randomUUID().toString().replace("-", "")
    private val parts = ArrayList<Part>()
    private var opened = false

    /** A part, with all that stands before it. */
    private class Part(
        val head: ByteArray,
        val payload: Payload,
        val encodings: List<PartEncoding>,
    ) {
        suspend fun measure() = if (encodings.isEmpty()) payload.measure() else -1

        val size: Long get() = if (encodings.isEmpty()) payload.size() ?: -1 else -1
    }

    init {
        require(HttpChars.isToken(subtype)) {
            "What stands behind multipart/ may have only letters, digits and !#\$%&'*+-.^_`|~ in it: " +
                "\"${HttpChars.printable(subtype)}\""
        }
    }

    override fun boundary(): String = boundary

    override fun partCount(): Int = parts.size

    override fun append(part: Payload): MultipartWriter = append(part, emptyMap())

    override fun append(
        part: Payload,
        headers: Map<String, String>,
    ): MultipartWriter {
        check(!opened) { "This multipart body was sent already, or is being sent, and cannot be changed any more" }
        require(part !== this) { "A multipart body cannot be a part of itself" }
        require((part as? MultipartWriterImpl)?.boundary != boundary) {
            "A multipart body that is a part of another one needs another boundary"
        }
        val fields = headersOf(part, headers)
        val head = StringBuilder("--").append(boundary).append("\r\n")
        for ((name, value) in fields) {
            head
                .append(name)
                .append(": ")
                .append(value)
                .append("\r\n")
        }
        head.append("\r\n")
        parts.add(Part(head.toString().toByteArray(), part, encodingsOf(fields)))
        return this
    }

    private fun headersOf(
        part: Payload,
        given: Map<String, String>,
    ): Map<String, String> {
        val fields = LinkedHashMap<String, String>()

        fun add(
            name: String,
            value: String,
        ) {
            HttpChars.checkHeaderName(name)
            HttpChars.checkNoControl("The value of the header $name", value)
            if (fields.keys.none { it.equals(name, ignoreCase = true) }) fields[name] = value
        }
        given.forEach(::add)
        contentTypeOf(part)?.let { add("Content-Type", it) }
        part.headers().forEach(::add)
        part.filename()?.let {
            HttpChars.checkNoControl("The name of a file", it)
            add("Content-Disposition", ContentDispositions.attachment(it))
        }
        return fields
    }

    private fun encodingsOf(fields: Map<String, String>): List<PartEncoding> {
        fun named(header: String) =
            fields.entries
                .firstOrNull { it.key.equals(header, ignoreCase = true) }
                ?.value
                .orEmpty()

        val content = named("Content-Encoding")
        val transfer = named("Content-Transfer-Encoding")
        require(subtype != "form-data" || content.isEmpty() && transfer.isEmpty()) {
            "A part of a form has no Content-Encoding or Content-Transfer-Encoding (RFC 7578)"
        }
        val encodings = ArrayList<PartEncoding>(2)
        when (content.lowercase()) {
            "gzip" -> encodings.add(PartEncoding.GZIP)
            "deflate" -> encodings.add(PartEncoding.DEFLATE)
            "", "identity" -> Unit
            else -> throw IllegalArgumentException("A part can have the Content-Encoding gzip or deflate, not $content")
        }
        when (transfer.lowercase()) {
            "base64" -> encodings.add(PartEncoding.BASE64)

            "quoted-printable" -> encodings.add(PartEncoding.QUOTED_PRINTABLE)

            "", "binary", "8bit", "7bit" -> Unit

            else -> throw IllegalArgumentException(
                "A part can have the Content-Transfer-Encoding base64, quoted-printable or binary, not $transfer",
            )
        }
        return encodings
    }

    // ---- as a body

    override fun contentType(): String {
        val value = if (boundary.all(HttpChars::isTokenChar)) boundary else "\"$boundary\""
        return "multipart/$subtype; boundary=$value"
    }

    override fun replayable(): Boolean = parts.all { it.payload.replayable() }

    override fun size(): Long? = sizeOf(parts.map { it.size }).takeIf { it >= 0 }

    override suspend fun measure(): Long = sizeOf(parts.map { it.measure() })

    private fun sizeOf(bodies: List<Long>): Long {
        if (bodies.any { it < 0 }) return -1
        return bodies.sum() + parts.sumOf { it.head.size + LINE_END.size.toLong() } + last().size
    }

    private fun last() = "--$boundary--\r\n".toByteArray(Charsets.US_ASCII)

    override fun close(): Unit = closeAll(parts.map { it.payload })

    override suspend fun portions(): Portions {
        opened = true
        val sizes = parts.map { it.measure() }
        return PartPortions(sizes, sizeOf(sizes))
    }

    private inner class PartPortions(
        private val sizes: List<Long>,
        override val size: Long,
    ) : Portions {
        private var index = -1
        private var part: Portions? = null
        private val gathered = ByteArrayOutputStream()
        private var ready: ByteArray? = null

        override suspend fun next(): ByteArray? {
            ready?.let { portion -> return portion.also { ready = null } }
            while (index < parts.size) {
                val portion = part?.next()
                if (portion == null) {
                    step()
                    if (gathered.size() >= ENOUGH) return flushed()
                } else if (gathered.size() == 0) {
                    return portion
                } else {
                    ready = portion
                    return flushed()
                }
            }
            return if (gathered.size() == 0) null else flushed()
        }

        private fun flushed() = gathered.toByteArray().also { gathered.reset() }

        /** Ends a part and begins the next one; short ones at once. */
        private suspend fun step() {
            part?.let {
                part = null
                it.close()
                gathered.writeBytes(LINE_END)
            }
            index++
            if (index == parts.size) return gathered.writeBytes(last())
            val next = parts[index]
            gathered.writeBytes(next.head)
            val bytes = next.payload.bytesAtHand
            if (bytes != null && bytes.size < ENOUGH && next.encodings.isEmpty()) {
                gathered.writeBytes(bytes)
                gathered.writeBytes(LINE_END)
            } else {
                part = opened(next, sizes[index])
            }
        }

        private suspend fun opened(
            next: Part,
            measured: Long,
        ): Portions {
            val portions = next.payload.open()
            if (measured >= 0 && portions.size >= 0 && portions.size != measured) {
                portions.close()
                throw ClientPayloadException(
                    "A part of the multipart body was changed while it was sent:" +
                        " ${next.payload} had $measured bytes, and has ${portions.size}",
                )
            }
            return next.encodings.fold(portions) { to, encoding -> encoding.encode(to) }
        }

        override suspend fun close() {
            index = parts.size
            ready = null
            gathered.reset()
            part?.let {
                part = null
                it.close()
            }
        }
    }

    private companion object {
        val LINE_END = "\r\n".toByteArray(Charsets.US_ASCII)

        /** Short parts are sent together, up to about so many bytes. */
        const val ENOUGH = 16 * 1024

        fun contentTypeOf(part: Payload): String? {
            val type = part.contentType()
            return if (type == OCTET_STREAM) part.filename()?.let(MediaTypes::guess) ?: type else type
        }

        fun checkBoundary(boundary: String) {
            require(boundary.isNotEmpty() && boundary.length <= 70) {
                "A boundary has 1 to 70 characters, not ${boundary.length}"
            }
            require(boundary.all { it in 'a'..'z' || it in 'A'..'Z' || it in '0'..'9' || it in "'()+_,-./:=? " }) {
                val shown = HttpChars.printable(boundary)
                "A boundary may have only letters, digits, spaces and '()+_,-./:=? in it: \"$shown\""
            }
            require(!boundary.endsWith(' ')) { "A boundary cannot end with a space: \"$boundary\"" }
        }
    }
}
