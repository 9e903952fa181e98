package asyncio.internal.http.har

import asyncio.http.ClientException
import asyncio.http.JsonDecodeException
import asyncio.internal.http.message.ContentType
import asyncio.internal.http.message.Url
import asyncio.internal.http.payload.Forms
import com.fasterxml.jackson.core.JacksonException
import com.fasterxml.jackson.databind.DeserializationFeature
import com.fasterxml.jackson.databind.JsonNode
import com.fasterxml.jackson.databind.json.JsonMapper
import java.nio.charset.Charset
import java.util.Base64
import java.util.Map.entry

/** Reads HAR files: ours, and those of browsers, which leave things out and add others. */
internal object HarReader {
    private val mapper = JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build()

    /** @throws JsonDecodeException that names the place, and shows no values */
    fun read(har: String): List<RecordedAnswer> {
        val tree =
            try {
                mapper.readTree(har.removePrefix("\uFEFF"))
            } catch (error: JacksonException) {
                val place = error.location
                throw JsonDecodeException("Not a HAR: malformed JSON", place?.lineNr ?: 0, place?.columnNr ?: 0, null)
            }
        val entries = Node("the file", tree)["log"]["entries"].items()
        return entries.mapIndexedNotNull { index, entry -> entry(index, entry) }
    }

    /** Null for what is not HTTP. */
    private fun entry(
        index: Int,
        entry: Node,
    ): RecordedAnswer? {
        val request = entry["request"]
        val address = request["url"].text()
        if (!HTTP.containsMatchIn(address)) return null
        val url =
            try {
                Url.parse(address)
            } catch (_: ClientException) {
                request["url"].refuse("is not a URL")
            }
        val response = entry["response"]
        val status = response["status"].number()
        if (status in 100..199) return null
        if (status != 0 && status !in 200..999) response["status"].refuse("is not a status")
        val content = response.optional("content")
        val headers = headers(response)
        val isEncoded = content?.optional("_encoded")?.flag() == true
        // It tells what a GET would give.
        val keepsLength = request["method"].text().equals("HEAD", ignoreCase = true)
        return RecordedAnswer(
            index,
            request["method"].text(),
            url,
            request.optional("postData")?.let(::body),
            status,
            response.optional("statusText")?.text().orEmpty(),
            withType(headers.filter { isKept(it, isEncoded) || keepsLength && isLength(it) }, content),
            content?.let { bytes(it, charsetOf(headers, it)) },
            content != null && content.optional("text") == null && (content.optional("size")?.number() ?: 0) > 0,
            (response.optional("_error") ?: response.optional("error"))?.textOrNull(),
        )
    }

    private fun headers(message: Node): List<Map.Entry<String, String>> =
        message.optional("headers")?.items().orEmpty().flatMap { header ->
            val name = header["name"].text()
            // Some browsers join the cookies so.
            header["value"].text().split('\n').map { entry(name, it.removeSuffix("\r")) }
        }

    /** Browsers know the type also where the headers do not tell it. */
    private fun withType(
        headers: List<Map.Entry<String, String>>,
        content: Node?,
    ): List<Map.Entry<String, String>> {
        val type = content?.optional("mimeType")?.text()
        val isTold = headers.any { it.key.equals("Content-Type", ignoreCase = true) }
        if (isTold || type.isNullOrEmpty() || type == "x-unknown") return headers
        return headers + entry("Content-Type", type)
    }

    private fun isKept(
        header: Map.Entry<String, String>,
        isEncoded: Boolean,
    ): Boolean {
        val name = header.key.lowercase()
        if (name.startsWith(':') || name in OF_TRANSFER) return false
        if (name == "content-encoding") return isEncoded
        return name != "set-cookie" || header.value != Secrets.REDACTED
    }

    private fun isLength(header: Map.Entry<String, String>) = header.key.equals("Content-Length", ignoreCase = true)

    private fun charsetOf(
        headers: List<Map.Entry<String, String>>,
        content: Node,
    ): Charset {
        val header = headers.firstOrNull { it.key.equals("Content-Type", ignoreCase = true) }?.value
        return ContentType(header ?: content.optional("mimeType")?.text()).charset?.takeIf { it.canEncode() }
            ?: Charsets.UTF_8
    }

    private fun bytes(
        content: Node,
        charset: Charset,
    ): ByteArray? {
        val text = content.optional("text") ?: return null
        val encoding = content.optional("encoding")?.text().orEmpty()
        if (encoding.isEmpty()) return text.text().toByteArray(charset)
        if (!encoding.equals("base64", ignoreCase = true)) content["encoding"].refuse("is not base64")
        return base64(text)
    }

    private fun body(data: Node): RecordedBody? {
        if (data.optional("_truncated")?.flag() == true) return null
        val type = ContentType(data.optional("mimeType")?.text())
        val header = data.optional("mimeType")?.text().orEmpty()
        val text = data.optional("text")
        if (text != null && (text.text().isNotEmpty() || data.optional("params") == null)) {
            val isBase64 = data.optional("_encoding")?.text() == "base64"
            return RecordedBody(
                header,
                if (isBase64) {
                    base64(text)
                } else {
                    text.text().toByteArray(type.charset ?: Charsets.UTF_8)
                },
            )
        }
        val params = data.optional("params")?.items()?.takeIf { it.isNotEmpty() } ?: return null
        // The contents of files are not there.
        if (type.mediaType != Forms.TYPE) return null
        return RecordedBody(
            header,
            params.map { entry(it["name"].text(), it.optional("value")?.text().orEmpty()) },
        )
    }

    private fun base64(text: Node): ByteArray =
        try {
            Base64.getDecoder().decode(text.text().filterNot { it == '\n' || it == '\r' })
        } catch (_: IllegalArgumentException) {
            text.refuse("is not base64")
        }

    /** A value in the file, and where it is. */
    private class Node(
        private val place: String,
        private val node: JsonNode?,
    ) {
        private fun child(name: String) = if (place == "the file") name else "$place.$name"

        operator fun get(name: String): Node = optional(name) ?: throw notHar("${child(name)} is missing")

        /** Null where it is missing, or null. */
        fun optional(name: String): Node? {
            if (node?.isObject != true) refuse("is not an object")
            return node[name]?.takeIf { !it.isNull }?.let { Node(child(name), it) }
        }

        fun items(): List<Node> {
            if (node?.isArray != true) refuse("is not a list")
            return node.mapIndexed { index, item -> Node("$place[$index]", item) }
        }

        fun text(): String = textOrNull() ?: refuse("is not a string")

        fun textOrNull(): String? = node?.takeIf { it.isTextual }?.textValue()

        fun number(): Int {
            if (node?.isNumber != true || !node.canConvertToExactIntegral()) refuse("is not a whole number")
            return node.longValue().coerceIn(-1, Int.MAX_VALUE.toLong()).toInt()
        }

        fun flag(): Boolean {
            if (node?.isBoolean != true) refuse("is neither true nor false")
            return node.booleanValue()
        }

        fun refuse(what: String): Nothing = throw notHar("$place $what")

        private fun notHar(what: String) = JsonDecodeException("Not a HAR: $what", 0, 0, null)
    }

    private val HTTP = Regex("^https?://", RegexOption.IGNORE_CASE)

    /** They tell how a body was sent, or mean one connection. */
    private val OF_TRANSFER =
        setOf("content-length", "transfer-encoding", "connection", "keep-alive", "upgrade", "trailer")
}
