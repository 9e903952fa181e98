package asyncio.internal.http.multipart

import asyncio.http.FormData
import asyncio.http.Payload
import asyncio.internal.http.message.HttpChars
import asyncio.internal.http.payload.BytesPayload
import asyncio.internal.http.payload.Forms
import asyncio.internal.http.payload.OCTET_STREAM
import asyncio.internal.http.payload.OwnPayload
import asyncio.internal.http.payload.Portions
import asyncio.internal.http.payload.closeAll
import asyncio.internal.http.payload.measure
import asyncio.internal.http.payload.open
import java.nio.charset.Charset
import java.nio.file.Path
import java.util.Map.entry

/** A form. Whether it is sent urlencoded or as multipart is decided when the body is asked for. */
internal class FormDataImpl :
    OwnPayload(),
    FormData {
    private class Field(
        val name: String,
        val text: String?,
        val payload: Payload?,
    )

    private val fields = ArrayList<Field>()
    private var charset = Charsets.UTF_8
    private var multipart = false
    private var body: Payload? = null
    private var opened = false

    // ---- filling in

    override fun field(
        name: String,
        value: String,
    ): FormData = changing { fields.add(Field(checked(name), value, null)) }

    override fun field(
        name: String,
        value: String,
        contentType: String,
    ): FormData {
        HttpChars.checkNoControl("A content type", contentType)
        val named = HeaderParameters.parse(contentType).parameters["charset"]
        val charset = if (named == null) Charsets.UTF_8 else Charset.forName(named)
        return part(name, BytesPayload(value.toByteArray(charset), contentType))
    }

    override fun fields(fields: Map<String, String>): FormData {
        fields.forEach(::field)
        return this
    }

    override fun file(
        name: String,
        file: Path,
    ): FormData = part(name, Payload.ofFile(file))

    override fun file(
        name: String,
        file: Path,
        filename: String,
    ): FormData = part(name, Payload.ofFile(file).withFilename(filename))

    override fun file(
        name: String,
        file: Path,
        filename: String,
        contentType: String?,
    ): FormData {
        contentType?.let { HttpChars.checkNoControl("A content type", it) }
        val payload = Payload.ofFile(file).withFilename(filename).withContentType(contentType)
        // A type that was given must not be guessed from the name.
        val isFixed = contentType == OCTET_STREAM
        return part(name, if (isFixed) payload.withHeader("Content-Type", OCTET_STREAM) else payload)
    }

    override fun bytes(
        name: String,
        filename: String,
        content: ByteArray,
    ): FormData = part(name, Payload.ofBytes(content).withFilename(filename))

    override fun part(
        name: String,
        content: Payload,
    ): FormData {
        content.filename()?.let { HttpChars.checkNoControl("The name of a file", it) }
        content.contentType()?.let { HttpChars.checkNoControl("A content type", it) }
        require(content.headers().keys.none { it.lowercase() in CODINGS }) {
            "A part of a form has no Content-Encoding or Content-Transfer-Encoding (RFC 7578)"
        }
        return changing {
            fields.add(Field(checked(name), null, content))
            multipart = true
        }
    }

    override fun charset(charset: Charset): FormData = changing { this.charset = charset }

    override fun multipart(): FormData = changing { multipart = true }

    override fun isMultipart(): Boolean = multipart

    private inline fun changing(change: () -> Unit): FormData {
        check(!opened) { "This form was sent already, or is being sent, and cannot be changed any more" }
        change()
        body = null
        return this
    }

    private fun checked(name: String): String {
        val at = name.indexOfFirst(HttpChars::isControl)
        require(at < 0) { "The name of a field has a control character at index $at: \"${HttpChars.printable(name)}\"" }
        return name
    }

    // ---- as a body

    private fun body(): Payload = body ?: build().also { body = it }

    private fun build(): Payload {
        if (!multipart) return Forms.payload(fields.map { entry(it.name, it.text!!) }, charset)
        // The boundary stays when the form is looked at and then filled in further.
        val writer = MultipartWriterImpl("form-data", boundary)
        for (field in fields) {
            val content = field.payload ?: text(field.text!!)
            val disposition = ContentDispositions.formData(field.name, content.filename())
            writer.append(content, own(content) + ("Content-Disposition" to disposition))
        }
        boundary = writer.boundary()
        return writer
    }

    private var boundary: String? = null

    private fun own(content: Payload) =
        content.headers().filterKeys {
            !it.equals("Content-Disposition", ignoreCase = true)
        }

    /** Browsers say nothing about UTF-8. */
    private fun text(text: String): Payload =
        BytesPayload(
            text.toByteArray(charset),
            if (charset == Charsets.UTF_8) null else "text/plain; charset=${charset.name().lowercase()}",
        )

    override fun size(): Long? = body().size()

    override suspend fun measure(): Long = body().measure()

    override fun contentType(): String? = body().contentType()

    override fun replayable(): Boolean = fields.all { it.payload?.replayable() ?: true }

    override suspend fun portions(): Portions {
        opened = true
        return body().open()
    }

    override fun close(): Unit = closeAll(fields.mapNotNull { it.payload })

    private companion object {
        val CODINGS = setOf("content-encoding", "content-transfer-encoding")
    }
}
