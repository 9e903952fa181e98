package asyncio.internal.loop

import java.time.Duration

/** A Duration in nanoseconds; what lies beyond their range counts as the end of it. */
internal fun nanosOf(duration: Duration): Long =
    if (duration.seconds > MAX_SECONDS) {
        Long.MAX_VALUE
    } else if (duration.seconds < -MAX_SECONDS) {
        Long.MIN_VALUE
    } else {
        duration.seconds * 1_000_000_000 + duration.nano
    }

/** For messages, such as `5 s` or `250 ms`. */
public fun shown(duration: Duration): String =
    if (duration.isZero) {
        "0 s"
    } else if (duration.seconds == 0L && duration.nano < 1_000_000) {
        "${duration.toNanos()} ns"
    } else if (duration.nano == 0) {
        "${duration.seconds} s"
    } else {
        "${duration.toMillis()} ms"
    }

private const val MAX_SECONDS = Long.MAX_VALUE / 1_000_000_000 - 1
