package asyncio.internal.http.multipart

import java.net.URLConnection

/** Guesses the type of a file from the end of its name: from the table here, then from the JDK's. */
internal object MediaTypes {
    fun guess(filename: String): String? {
        val end = filename.substringAfterLast('.', "").lowercase()
        if (end.isEmpty()) return null
        return ADDITIONS[end] ?: URLConnection.getFileNameMap().getContentTypeFor("x.$end")
    }

    /** Types that the table of JDK 17 does not have, or has under an old name. */
    private val ADDITIONS: Map<String, String> =
        buildMap {
            fun type(
                name: String,
                vararg ends: String,
            ) = ends.forEach { put(it, name) }
            type("text/plain", "log", "conf", "kt")
            type("text/calendar", "ics")
            type("text/vcard", "vcf")
            type("text/xml", "xml", "xsd")
            type("text/x-python", "py")
            type("text/javascript", "js", "mjs")
            type("application/x-ndjson", "ndjson", "jsonl")
            type("application/yaml", "yaml", "yml")
            type("application/sql", "sql")
            type("application/wasm", "wasm")
            type("application/x-sh", "sh")
            type("application/x-bzip2", "bz2")
            type("application/x-xz", "xz")
            type("application/zstd", "zst")
            type("application/java-archive", "war")
            type("application/epub+zip", "epub")
            type("application/msword", "dot")
            type("application/vnd.apache.parquet", "parquet")
            type("image/avif", "avif")
            type("image/heic", "heic")
            type("image/vnd.microsoft.icon", "ico")
            type("audio/wav", "wav")
            type("video/x-msvideo", "avi")
            type("video/x-matroska", "mkv")
            type("font/woff", "woff")
            type("font/woff2", "woff2")
            type("font/ttf", "ttf")
            type("font/otf", "otf")
        }
}
