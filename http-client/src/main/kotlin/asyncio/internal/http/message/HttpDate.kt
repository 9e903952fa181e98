package asyncio.internal.http.message

import java.time.DateTimeException
import java.time.Instant
import java.time.format.DateTimeFormatter

/** The dates of HTTP in the form that all servers have to send. */
internal object HttpDate {
    fun parse(text: String): Instant? =
        try {
            Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text.trim()))
        } catch (_: DateTimeException) {
            null
        }
}
