package asyncio.internal.http.har

import asyncio.http.ClientConnectionException
import asyncio.http.JsonCodec
import asyncio.http.JsonDecodeException
import asyncio.http.MockCall
import asyncio.http.MockResponse
import asyncio.http.Payload
import asyncio.internal.http.message.ContentType
import asyncio.internal.http.message.Url
import asyncio.internal.http.payload.BytesPayload
import asyncio.internal.http.payload.Forms

/**
 * An entry of a HAR file: a request, and what was answered.
 *
 * @property body null for none, or for one that was not recorded
 * @property headers without those that tell how the body was sent
 * @property isCut whether there was a body that the file does not have
 */
internal class RecordedAnswer(
    private val index: Int,
    val method: String,
    val url: Url,
    val body: RecordedBody?,
    private val status: Int,
    private val reason: String,
    private val headers: List<Map.Entry<String, String>>,
    private val content: ByteArray?,
    private val isCut: Boolean,
    private val failure: String?,
) {
    var isUsed = false
        private set

    /** @throws AssertionError if the file does not have what was answered */
    fun respond(): MockResponse {
        isUsed = true
        if (status == 0) {
            throw ClientConnectionException(
                "$method $url: failed when it was recorded" + failure?.let { ": $it" }.orEmpty(),
            )
        }
        if (isCut) throw AssertionError("The HAR has no body for $this: it was recorded without")
        var response = MockResponse.status(status).withReason(reason)
        for ((name, value) in headers) response = response.withHeader(name, value)
        if (content == null || content.isEmpty()) return response
        // A reader may change what it gets; the type is in the headers.
        val payload: Payload = BytesPayload(content.clone(), null)
        return response.withBody(payload)
    }

    override fun toString(): String = "entries[$index] $method $url"
}

/** The body of a recorded request: bytes, or the fields of a form. */
internal class RecordedBody private constructor(
    private val type: String,
    private val bytes: ByteArray?,
    private val fields: List<Map.Entry<String, String>>?,
) {
    constructor(type: String, bytes: ByteArray) : this(type, bytes, null)

    constructor(type: String, fields: List<Map.Entry<String, String>>) : this(type, null, fields)

    /** Whether that is the body of [call], however it is written. */
    fun isOf(call: MockCall): Boolean {
        // It was recorded before it was compressed.
        if ("Content-Encoding" in call.headers()) return true
        if (bytes == null) return form(call) == fields
        val came = call.body()
        if (came.contentEquals(bytes)) return true
        val mediaType = ContentType(type).mediaType
        if (mediaType != ContentType(call.header("Content-Type")).mediaType) return false
        return when {
            ContentType(type).isJson -> json(came).let { it != null && it == json(bytes) }
            mediaType.startsWith("multipart/") -> multipart(call, came)
            else -> false
        }
    }

    private fun form(call: MockCall): List<Map.Entry<String, String>>? =
        try {
            Forms.decode(call.text(), Charsets.UTF_8)
        } catch (_: IllegalArgumentException) {
            null
        }

    /** In a list, as null is JSON too; null for what is not JSON. */
    private fun json(bytes: ByteArray): List<Any?>? =
        try {
            listOf(JsonCodec.standard().read<Any?>(bytes, Any::class.java))
        } catch (_: JsonDecodeException) {
            null
        }

    /** The boundary is another one each time. */
    private fun multipart(
        call: MockCall,
        came: ByteArray,
    ): Boolean {
        val theirs = boundary(call.header("Content-Type")) ?: return false
        val ours = boundary(type) ?: return false
        val text = String(came, Charsets.ISO_8859_1).replace("--$theirs", "--$ours")
        return text == String(bytes!!, Charsets.ISO_8859_1)
    }

    private fun boundary(type: String?): String? = BOUNDARY.find(type.orEmpty())?.groupValues?.get(1)

    private companion object {
        val BOUNDARY = Regex(""";\s*boundary="?([^";]+)"?""", RegexOption.IGNORE_CASE)
    }
}
