package asyncio.internal.http

import java.nio.charset.Charset

/** What a Content-Type header says. */
internal class ContentType(
    header: String?,
) {
    /** Without parameters, in lower case. */
    val mediaType: String

    /** Null where none is named, or one that is not known here. */
    val charset: Charset?

    init {
        val parts = header.orEmpty().split(';')
        mediaType = parts[0].trim().lowercase().ifEmpty { "application/octet-stream" }
        charset = parts.drop(1).firstNotNullOfOrNull(::charsetIn)
    }

    private fun charsetIn(parameter: String): Charset? {
        val name = parameter.substringBefore('=').trim()
        if (!name.equals("charset", ignoreCase = true) || '=' !in parameter) return null
        val value =
            parameter
                .substringAfter('=')
                .trim()
                .removeSurrounding("\"")
                .trim()
        return try {
            Charset.forName(value)
        } catch (_: IllegalArgumentException) {
            null
        }
    }
}
