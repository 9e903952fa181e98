package asyncio.semantics;

import static asyncio.Asyncio.await;
import static asyncio.semantics.VirtualTime.inVirtualTime;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import asyncio.io.StandardStreams;
import asyncio.io.Subprocess;
import org.junit.jupiter.api.Test;

/** Programs outside know the real time only. */
class SubprocessInVirtualTimeTest {
    @Test
    void isRefused() {
        inVirtualTime(() -> {
            var error = assertThrows(IllegalStateException.class, () -> await(Subprocess.exec("true")));
            assertEquals(
                    "Subprocess: the loop has a clock of its own, which programs outside do not know; use Asyncio.run",
                    error.getMessage());
            assertThrows(IllegalStateException.class, StandardStreams::stdin);
        });
    }
}
