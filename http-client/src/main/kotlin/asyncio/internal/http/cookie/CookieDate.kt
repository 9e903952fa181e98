package asyncio.internal.http.cookie

import java.time.DateTimeException
import java.time.Instant
import java.time.LocalDateTime
import java.time.ZoneOffset

/** The dates of cookies, which servers write in many ways: RFC 6265, 5.1.1. */
internal object CookieDate {
    /** The moment that [text] means; null if it means none. */
    fun parse(text: String): Instant? {
        var time: IntArray? = null
        var day = -1
        var month = -1
        var year = -1
        var at = 0
        while (at < text.length) {
            if (isDelimiter(text[at])) {
                at++
                continue
            }
            val start = at
            while (at < text.length && !isDelimiter(text[at])) at++
            // Each token is the first of these that is still missing.
            if (time == null) {
                time = timeOf(text, start, at)
                if (time != null) continue
            }
            if (day < 0) {
                day = numberOf(text, start, at, 1..2)
                if (day >= 0) continue
            }
            if (month < 0) {
                month = monthOf(text, start, at)
                if (month >= 0) continue
            }
            if (year < 0) year = numberOf(text, start, at, 2..4)
        }
        if (year in 70..99) {
            year += 1900
        } else if (year in 0..69) {
            year += 2000
        }
        if (time == null || day < 0 || month < 0 || year < 1601) return null
        return try {
            LocalDateTime.of(year, month, day, time[0], time[1], time[2]).toInstant(ZoneOffset.UTC)
        } catch (_: DateTimeException) {
            null
        }
    }

    private fun isDelimiter(char: Char) =
        char == '\t' || char in ' '..'/' || char in ';'..'@' || char in '['..'`' || char in '{'..'~'

    /** Three numbers of one or two digits, with colons between them; other text behind them is ignored. */
    private fun timeOf(
        text: String,
        start: Int,
        end: Int,
    ): IntArray? {
        val time = IntArray(3)
        var at = start
        for (field in 0..2) {
            if (field > 0) {
                if (at == end || text[at] != ':') return null
                at++
            }
            val first = at
            while (at < end && text[at] in '0'..'9') at++
            if (at - first !in 1..2) return null
            time[field] = text.substring(first, at).toInt()
        }
        return time
    }

    /** So many digits, and nothing or no digit after them; -1 if it is not that. */
    private fun numberOf(
        text: String,
        start: Int,
        end: Int,
        digits: IntRange,
    ): Int {
        var at = start
        while (at < end && text[at] in '0'..'9') at++
        return if (at - start in digits) text.substring(start, at).toInt() else -1
    }

    private fun monthOf(
        text: String,
        start: Int,
        end: Int,
    ): Int {
        if (end - start < 3) return -1
        val index = MONTHS.indexOf(text.substring(start, start + 3).lowercase())
        return if (index < 0 || index % 3 != 0) -1 else index / 3 + 1
    }

    private const val MONTHS = "janfebmaraprmayjunjulaugsepoctnovdec"
}
