package asyncio.internal.http.multipart

import asyncio.http.ContentDisposition
import asyncio.internal.http.message.HttpChars

/** `Content-Disposition`: read and written. */
internal object ContentDispositions {
    fun parse(header: String): ContentDisposition? {
        val parsed = HeaderParameters.parse(header)
        val type = parsed.value.lowercase()
        if (!HttpChars.isToken(type)) return null
        return ContentDisposition(type, parsed.parameters)
    }

    /** As browsers write it: names in UTF-8, with only the quotation marks escaped. */
    fun formData(
        name: String,
        filename: String?,
    ): String {
        val text = StringBuilder("form-data; name=\"").append(escaped(name)).append('"')
        if (filename != null) text.append("; filename=\"").append(escaped(filename)).append('"')
        return text.toString()
    }

    // Control characters are refused before.
    private fun escaped(text: String) = text.replace("\"", "%22")

    /** By RFC 6266: once in ASCII, and once in UTF-8 if that differs. */
    fun attachment(filename: String): String {
        val ascii =
            buildString {
                for (char in filename) {
                    if (char == '"' || char == '\\') append('\\')
                    append(if (char.code < 0x80) char else '_')
                }
            }
        val plain = "attachment; filename=\"$ascii\""
        if (filename.all { it.code < 0x80 }) return plain
        return "$plain; filename*=UTF-8''${HttpChars.percentEncoded(filename)}"
    }

    /** The name of a file that means nothing special to any system; null if nothing is left. */
    fun safe(filename: String): String? {
        val last = filename.substringAfterLast('/').substringAfterLast('\\')
        val harmless =
            buildString {
                for (char in last) {
                    when {
                        HttpChars.isControl(char) || char in '\u0080'..'\u009F' -> Unit

                        // They turn around how a name looks.
                        char.category == CharCategory.FORMAT -> Unit

                        char in "<>:\"|?*" -> append('_')

                        else -> append(char)
                    }
                }
            }.trim().trimEnd('.', ' ')
        return when {
            harmless.isEmpty() -> null
            RESERVED.matches(harmless) -> "_$harmless"
            else -> harmless
        }
    }

    private val RESERVED = Regex("""(con|prn|aux|nul|com\d|lpt\d)(\..*)?""", RegexOption.IGNORE_CASE)
}
