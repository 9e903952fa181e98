package samples.lessons;

import asyncio.Asyncio;
import java.time.Duration;
import java.util.Locale;

/** Measures by the clock of the running loop, which is a virtual one in tests. */
record Clock(Duration begun) {
    static Clock start() {
        return new Clock(Asyncio.getRunningLoop().time());
    }

    /** The time since the start as text, such as "1.00 seconds". */
    String seconds() {
        var passed = Asyncio.getRunningLoop().time().minus(begun);
        return String.format(Locale.ROOT, "%.2f seconds", passed.toMillis() / 1000.0);
    }
}
