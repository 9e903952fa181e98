package asyncio.internal.http.message

import java.nio.charset.Charset

/** The parts of a Content-Type header. */
internal class ContentType(
    header: String?,
) {
    /** Without parameters, in lower case. */
    val mediaType: String

    /** As it is named; null where none is. */
    val charsetName: String?

    /** Null where none is named, or one that is not known here. */
    val charset: Charset?

    /** Whether it is application/json or application/…+json. */
    val isJson: Boolean
        get() = mediaType == "application/json" || mediaType.startsWith("application/") && mediaType.endsWith("+json")

    init {
        val parts = header.orEmpty().split(';')
        mediaType = parts[0].trim().lowercase().ifEmpty { "application/octet-stream" }
        charsetName = parts.drop(1).firstNotNullOfOrNull(::charsetIn)
        charset = charsetName?.let(::known)
    }

    private fun charsetIn(parameter: String): String? {
        val name = parameter.substringBefore('=').trim()
        if (!name.equals("charset", ignoreCase = true) || '=' !in parameter) return null
        return parameter
            .substringAfter('=')
            .trim()
            .removeSurrounding("\"")
            .trim()
    }

    /** Also with a hyphen more or less: Python knows `latin-1`. */
    private fun known(name: String): Charset? = named(name) ?: named(name.filterNot { it == '-' || it == '_' })

    private fun named(name: String): Charset? =
        try {
            Charset.forName(name)
        } catch (_: IllegalArgumentException) {
            null
        }
}
