package samples.cookbook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import samples.LocalServer;

/** The same from Kotlin. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class KotlinTest {

    @Test
    void asksFromSuspendFunctions() {
        try (var server = LocalServer.start(request -> request.response().end(request.path()))) {
            assertEquals(List.of(1, 5), LengthsKt.lengths(List.of(server.url("/"), server.url("/spam"))));
        }
    }

    @Test
    void usesContextManagersInSuspendFunctions() {
        var times = StopwatchKt.millisecondsOfSleep();
        assertEquals(1, times.size());
        assertTrue(times.get(0) > 0);
    }

    @Test
    void runsTasksScopesAndFlows() {
        assertEquals(List.of(6, 6, 4), PricesKt.pricesInTasks());
        assertEquals(4, PricesKt.lowestInScope());
        assertEquals(15, PricesKt.sumOfQueue());
        assertEquals(List.of(6, 2), PricesKt.tasksAndDeferreds());
        assertEquals(List.of(1, 2, 3), PricesKt.firstThree());
        assertEquals(10, PricesKt.sumInGroup());
        assertEquals(List.of(4, "cache: c"), PricesKt.cheapestAndFirst());
    }
}
