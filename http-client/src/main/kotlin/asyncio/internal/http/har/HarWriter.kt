package asyncio.internal.http.har

import asyncio.http.Cookie
import asyncio.internal.http.body.BadContentException
import asyncio.internal.http.body.Decoding
import asyncio.internal.http.message.ContentType
import asyncio.internal.http.payload.Forms
import asyncio.internal.stream.ByteQueue
import com.fasterxml.jackson.core.JsonGenerator
import com.fasterxml.jackson.core.json.JsonWriteFeature
import com.fasterxml.jackson.databind.json.JsonMapper
import java.io.OutputStream
import java.time.ZoneOffset
import java.time.format.DateTimeFormatter
import java.util.Base64

/** Writes HAR 1.2; names that begin with an underscore are our own, as the format has it. */
internal object HarWriter {
    /** UTF-8 has no form for the bytes of a header that are not UTF-8 themselves; see HeaderText. */
    private val mapper = JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build()
    private val DATE = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC)
    private const val UNKNOWN = -1L

    fun write(
        out: OutputStream,
        entries: List<HarEntry>,
    ) {
        mapper.factory.createGenerator(out).useDefaultPrettyPrinter().use { json ->
            json.obj {
                json.obj("log") {
                    json.writeStringField("version", "1.2")
                    json.obj("creator") {
                        json.writeStringField("name", "asyncio4j")
                        json.writeStringField("version", HarWriter::class.java.`package`?.implementationVersion ?: "0")
                    }
                    json.list("entries", entries) { write(json, it) }
                }
            }
        }
    }

    private fun write(
        json: JsonGenerator,
        entry: HarEntry,
    ): Unit =
        json.obj {
            json.writeStringField("startedDateTime", DATE.format(entry.started))
            json.writeNumberField(
                "time",
                entry.timings.values
                    .filter { it > 0 }
                    .sum(),
            )
            json.obj(
                "request",
            ) { request(json, entry.request, entry.response?.version ?: "HTTP/1.1", entry.maxBodySize) }
            json.obj("response") { response(json, entry) }
            json.obj("cache") {}
            json.obj("timings") { for ((name, millis) in entry.timings) json.writeNumberField(name, millis) }
        }

    private fun request(
        json: JsonGenerator,
        request: HarEntry.Request,
        version: String,
        maxBodySize: Int,
    ) {
        json.writeStringField("method", request.method)
        json.writeStringField("url", request.url.toString())
        json.writeStringField("httpVersion", version)
        json.list("cookies", request.cookies) { pair(json, it) }
        json.list("headers", request.headers) { pair(json, it) }
        json.list("queryString", fields(request.url.query.orEmpty())) { pair(json, it) }
        if (request.bodySize > 0) json.obj("postData") { postData(json, request, maxBodySize) }
        json.writeNumberField("headersSize", UNKNOWN)
        json.writeNumberField("bodySize", request.bodySize)
    }

    private fun postData(
        json: JsonGenerator,
        request: HarEntry.Request,
        maxBodySize: Int,
    ) {
        val type =
            request.headers
                .firstOrNull { it.key.equals("Content-Type", ignoreCase = true) }
                ?.value
                .orEmpty()
        json.writeStringField("mimeType", type)
        val body = request.body
        if (body == null) {
            json.writeStringField("text", "")
            json.writeBooleanField("_truncated", true)
            return json.writeStringField("comment", "left out: larger than $maxBodySize bytes")
        }
        val text = textOf(body, type)
        if (text != null && ContentType(type).mediaType == Forms.TYPE) {
            json.list("params", fields(text)) { pair(json, it) }
        }
        json.writeStringField("text", text ?: Base64.getEncoder().encodeToString(body))
        if (text == null) json.writeStringField("_encoding", "base64")
    }

    private fun response(
        json: JsonGenerator,
        entry: HarEntry,
    ) {
        val response = entry.response
        json.writeNumberField("status", response?.status ?: 0)
        json.writeStringField("statusText", response?.reason.orEmpty())
        json.writeStringField("httpVersion", response?.version ?: "")
        json.list("cookies", response?.cookies.orEmpty()) { cookie(json, it) }
        json.list("headers", response?.headers.orEmpty()) { pair(json, it) }
        json.obj("content") { if (response == null) noContent(json) else content(json, response, entry.maxBodySize) }
        json.writeStringField("redirectURL", response?.location.orEmpty())
        json.writeNumberField("headersSize", UNKNOWN)
        json.writeNumberField("bodySize", if (response?.isComplete == true) response.bodySize else UNKNOWN)
        entry.failure?.let { json.writeStringField("_error", it) }
    }

    private fun noContent(json: JsonGenerator) {
        json.writeNumberField("size", 0)
        json.writeStringField("mimeType", "x-unknown")
    }

    private fun content(
        json: JsonGenerator,
        response: HarEntry.Response,
        maxBodySize: Int,
    ) {
        val type = response.headers.firstOrNull { it.key.equals("Content-Type", ignoreCase = true) }?.value
        val body = response.body
        val decoded = if (body == null || !response.isComplete) null else decoded(response, body, maxBodySize)
        json.writeNumberField("size", decoded?.bytes?.size?.toLong() ?: response.bodySize)
        json.writeStringField("mimeType", type ?: "x-unknown")
        if (decoded == null) {
            val why = if (response.isComplete) "larger than $maxBodySize bytes" else "not received to its end"
            json.writeBooleanField("_truncated", true)
            return json.writeStringField("comment", "left out: $why")
        }
        if (response.codings != null) json.writeNumberField("compression", decoded.bytes.size - response.bodySize)
        if (decoded.isEncoded) json.writeBooleanField("_encoded", true)
        val text = if (decoded.isEncoded) null else textOf(decoded.bytes, type)
        json.writeStringField("text", text ?: Base64.getEncoder().encodeToString(decoded.bytes))
        if (text == null) json.writeStringField("encoding", "base64")
    }

    /** @property isEncoded whether the header Content-Encoding still tells the truth */
    private class Decoded(
        val bytes: ByteArray,
        val isEncoded: Boolean,
    )

    /** Null if it is too large. */
    private fun decoded(
        response: HarEntry.Response,
        body: ByteArray,
        maxBodySize: Int,
    ): Decoded? {
        val codings = response.codings
        if (codings == null || body.isEmpty()) {
            val names = response.headers.filter { it.key.equals("Content-Encoding", ignoreCase = true) }
            return Decoded(body, body.isNotEmpty() && names.any { !it.value.equals("identity", ignoreCase = true) })
        }
        try {
            Decoding(codings).use { decoding ->
                val wire = ByteQueue().also { it.add(body.clone()) }
                val ready = ByteQueue()
                while (decoding.decodeInto(ready, wire) > 0) if (ready.size > maxBodySize) return null
                decoding.checkEnded()
                return Decoded(ready.take(ready.size.toInt()), isEncoded = false)
            }
        } catch (_: BadContentException) {
            // The user of the response has got an error; who answers from the file gives the same.
            return Decoded(body, isEncoded = true)
        }
    }

    /** Null if these bytes are not text that can be written and read again. */
    private fun textOf(
        bytes: ByteArray,
        type: String?,
    ): String? {
        val parsed = ContentType(type)
        if (!isTextual(parsed)) return null
        val charset = if (parsed.charsetName == null) Charsets.UTF_8 else parsed.charset ?: return null
        val text = String(bytes, charset)
        return if (charset.canEncode() && text.toByteArray(charset).contentEquals(bytes)) text else null
    }

    private fun isTextual(type: ContentType): Boolean {
        val name = type.mediaType
        return name.startsWith("text/") || type.isJson || name.endsWith("+xml") || name in TEXTUAL
    }

    private val TEXTUAL =
        setOf("application/xml", "application/javascript", "application/x-ndjson", "application/graphql", Forms.TYPE)

    private fun cookie(
        json: JsonGenerator,
        cookie: Cookie,
    ): Unit =
        json.obj {
            json.writeStringField("name", cookie.name())
            json.writeStringField("value", cookie.value())
            cookie.path()?.let { json.writeStringField("path", it) }
            cookie.domain()?.let { json.writeStringField("domain", it) }
            cookie.expires()?.let { json.writeStringField("expires", DATE.format(it)) }
            if (cookie.httpOnly()) json.writeBooleanField("httpOnly", true)
            if (cookie.secure()) json.writeBooleanField("secure", true)
        }

    private fun pair(
        json: JsonGenerator,
        pair: Map.Entry<String, String>,
    ): Unit =
        json.obj {
            json.writeStringField("name", pair.key)
            json.writeStringField("value", pair.value)
        }

    /** The fields of a form or a query; none if they are malformed. */
    private fun fields(text: String): List<Map.Entry<String, String>> =
        try {
            Forms.decode(text, Charsets.UTF_8)
        } catch (_: IllegalArgumentException) {
            emptyList()
        }

    private inline fun JsonGenerator.obj(fields: () -> Unit) {
        writeStartObject()
        fields()
        writeEndObject()
    }

    private inline fun JsonGenerator.obj(
        name: String,
        fields: () -> Unit,
    ) {
        writeFieldName(name)
        obj(fields)
    }

    private inline fun <T> JsonGenerator.list(
        name: String,
        items: List<T>,
        write: (T) -> Unit,
    ) {
        writeArrayFieldStart(name)
        items.forEach(write)
        writeEndArray()
    }
}
