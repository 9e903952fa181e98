package asyncio.io;

import java.time.Duration;

/** Looks at the arguments of settings. */
final class Checks {
    private Checks() {}

    static Duration positive(String what, Duration duration) {
        if (duration.isNegative() || duration.isZero()) {
            throw new IllegalArgumentException(what + " is not positive: " + duration);
        }
        return duration;
    }

    static int positive(String what, int number) {
        if (number <= 0) {
            throw new IllegalArgumentException(what + " is not positive: " + number);
        }
        return number;
    }
}
