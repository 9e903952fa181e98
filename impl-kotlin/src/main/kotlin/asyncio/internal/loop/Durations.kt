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

private const val MAX_SECONDS = Long.MAX_VALUE / 1_000_000_000 - 1
