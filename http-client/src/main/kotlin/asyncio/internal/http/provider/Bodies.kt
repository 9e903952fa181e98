package asyncio.internal.http.provider

import asyncio.AsyncIterable
import asyncio.http.ContentDisposition
import asyncio.http.FormData
import asyncio.http.JsonCodec
import asyncio.http.MultipartLimits
import asyncio.http.MultipartReader
import asyncio.http.MultipartWriter
import asyncio.http.Payload
import asyncio.http.StreamReader
import asyncio.internal.http.json.JacksonCodec
import asyncio.internal.http.message.HttpChars
import asyncio.internal.http.multipart.ContentDispositions
import asyncio.internal.http.multipart.FormDataImpl
import asyncio.internal.http.multipart.MultipartReaderImpl
import asyncio.internal.http.multipart.MultipartWriterImpl
import asyncio.internal.http.payload.BytesPayload
import asyncio.internal.http.payload.DescribedPayload
import asyncio.internal.http.payload.FilePayload
import asyncio.internal.http.payload.Forms
import asyncio.internal.http.payload.InputStreamPayload
import asyncio.internal.http.payload.IteratorPortions
import asyncio.internal.http.payload.OCTET_STREAM
import asyncio.internal.http.payload.StreamPayload
import asyncio.spi.HttpBodies
import java.io.InputStream
import java.nio.charset.Charset
import java.nio.file.Path
import java.util.Collections

/** The factories of bodies. */
internal object Bodies : HttpBodies {
    override fun bytes(bytes: ByteArray): Payload = BytesPayload(bytes, OCTET_STREAM)

    override fun text(
        text: String,
        charset: Charset,
    ): Payload = BytesPayload(text.toByteArray(charset), "text/plain; charset=${charset.name().lowercase()}")

    override fun form(
        fields: Collection<Map.Entry<String, String>>,
        charset: Charset,
    ): Payload = Forms.payload(fields, charset)

    override fun file(file: Path): Payload = FilePayload(file)

    override fun inputStream(
        stream: InputStream,
        size: Long,
    ): Payload = InputStreamPayload(stream, size)

    override fun stream(
        chunks: AsyncIterable<ByteArray>,
        size: Long,
    ): Payload = StreamPayload(chunks, size)

    override fun described(
        payload: Payload,
        contentType: String?,
        filename: String?,
        headers: Map<String, String>,
    ): Payload {
        contentType?.let { HttpChars.checkNoControl("A content type", it) }
        filename?.let { HttpChars.checkNoControl("The name of a file", it) }
        return when (payload) {
            is BytesPayload -> payload.described(contentType, filename, headers)
            is DescribedPayload -> payload.described(contentType, filename, headers)
            else -> DescribedPayload(payload, contentType, filename, headers)
        }
    }

    override fun withHeader(
        payload: Payload,
        name: String,
        value: String,
    ): Payload {
        HttpChars.checkHeaderName(name)
        HttpChars.checkNoControl("The value of the header $name", value)
        val headers = LinkedHashMap(payload.headers())
        headers.keys.removeIf { it.equals(name, ignoreCase = true) }
        headers[name] = value
        return described(payload, payload.contentType(), payload.filename(), Collections.unmodifiableMap(headers))
    }

    override fun json(): JsonCodec = JacksonCodec.standard

    override fun formData(): FormData = FormDataImpl()

    override fun multipartWriter(
        subtype: String,
        boundary: String?,
    ): MultipartWriter = MultipartWriterImpl(subtype, boundary)

    override fun multipartReader(
        contentType: String,
        portions: AsyncIterable<ByteArray>,
        limits: MultipartLimits,
    ): MultipartReader {
        // A reader's own iterator gives lines, which have limits.
        val source = IteratorPortions(if (portions is StreamReader) portions.iterAny() else portions.aiter())
        return MultipartReaderImpl.of(contentType, source::next, limits)
    }

    override fun contentDisposition(header: String): ContentDisposition? = ContentDispositions.parse(header)

    override fun safeFilename(filename: String): String? = ContentDispositions.safe(filename)
}
