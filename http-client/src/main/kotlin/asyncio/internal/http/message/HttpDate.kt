package asyncio.internal.http.message

import java.time.DateTimeException
import java.time.Instant
import java.time.LocalDate
import java.time.LocalDateTime
import java.time.ZoneOffset
import java.time.format.DateTimeFormatter
import java.time.format.DateTimeFormatterBuilder
import java.time.temporal.ChronoField
import java.util.Locale

/** The dates of HTTP: the form that all servers have to send, and the two old ones that have to be understood (RFC 9110, 5.6.7). */
internal object HttpDate {
    /** `Sunday, 06-Nov-94 08:49:37 GMT`; a year more than 50 years ahead is one of the century before. */
    private val rfc850: DateTimeFormatter =
        DateTimeFormatterBuilder()
            .appendPattern("EEEE, dd-MMM-")
            .appendValueReduced(ChronoField.YEAR, 2, 2, LocalDate.now(ZoneOffset.UTC).minusYears(49))
            .appendPattern(" HH:mm:ss 'GMT'")
            .toFormatter(Locale.ENGLISH)

    /** `Sun Nov  6 08:49:37 1994` */
    private val asctime = DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss uuuu", Locale.ENGLISH)

    fun parse(text: String): Instant? {
        val date = text.trim()
        return of { Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date)) } ?: old(date, rfc850)
            ?: old(date, asctime)
    }

    private fun old(
        date: String,
        format: DateTimeFormatter,
    ) = of { LocalDateTime.parse(date, format).toInstant(ZoneOffset.UTC) }

    private inline fun of(parse: () -> Instant): Instant? =
        try {
            parse()
        } catch (_: DateTimeException) {
            null
        }
}
