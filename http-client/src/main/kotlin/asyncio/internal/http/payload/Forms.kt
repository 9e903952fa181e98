package asyncio.internal.http.payload

import asyncio.http.Payload
import java.net.URLDecoder
import java.net.URLEncoder
import java.nio.charset.Charset
import java.util.Map.entry

/** `application/x-www-form-urlencoded` */
internal object Forms {
    const val TYPE = "application/x-www-form-urlencoded"

    /** These fields as the body of a request. */
    fun payload(
        fields: Collection<Map.Entry<String, String>>,
        charset: Charset,
    ): Payload {
        val type = if (charset == Charsets.UTF_8) TYPE else "$TYPE; charset=${charset.name().lowercase()}"
        return BytesPayload(encode(fields, charset), type)
    }

    fun encode(
        fields: Collection<Map.Entry<String, String>>,
        charset: Charset,
    ): ByteArray {
        val text = StringBuilder()
        for ((name, value) in fields) {
            if (text.isNotEmpty()) text.append('&')
            text.append(URLEncoder.encode(name, charset)).append('=').append(URLEncoder.encode(value, charset))
        }
        return text.toString().toByteArray(Charsets.US_ASCII)
    }

    /** @throws IllegalArgumentException if a `%` is not followed by two hexadecimal digits */
    fun decode(
        text: String,
        charset: Charset,
    ): List<Map.Entry<String, String>> =
        text.split('&').filter { it.isNotEmpty() }.map { field ->
            val name = field.substringBefore('=')
            val value = field.substringAfter('=', "")
            entry(URLDecoder.decode(name, charset), URLDecoder.decode(value, charset))
        }
}
