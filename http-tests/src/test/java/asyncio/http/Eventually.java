package asyncio.http;

import static asyncio.Asyncio.*;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** What has to become true, while other code of the loop runs; the limit is only there against hanging. */
final class Eventually {
    private Eventually() {}

    static void eventually(String what, BooleanSupplier condition) {
        eventually(() -> what, condition);
    }

    static void eventually(Supplier<String> what, BooleanSupplier condition) {
        for (var end = getRunningLoop().time().plusSeconds(RawServer.PATIENCE_SECONDS); !condition.getAsBoolean(); ) {
            assertTrue(getRunningLoop().time().compareTo(end) < 0, () -> "Not true: " + what.get());
            await(sleep(Duration.ofMillis(5)));
        }
    }
}
