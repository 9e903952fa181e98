package asyncio.semantics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import asyncio.internal.fiber.FiberKind;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** The tests run on the kind of fiber that the build asked for. */
class FiberKindTest extends OnLoop {

    @Test
    @EnabledIfSystemProperty(named = "asyncio.fiber.expected", matches = ".+")
    void theKindIsTheOneThatTheBuildAskedFor() {
        assertEquals(
                System.getProperty("asyncio.fiber.expected"),
                FiberKind.getChosen().name().toLowerCase(Locale.ROOT));
    }

    @Test
    void bodiesRunOnVirtualThreadsUnlessTheKindIsPlatform() {
        inLoop(() -> assertEquals(
                FiberKind.getChosen() != FiberKind.PLATFORM,
                Thread.currentThread().getClass().getSimpleName().equals("VirtualThread")));
    }
}
