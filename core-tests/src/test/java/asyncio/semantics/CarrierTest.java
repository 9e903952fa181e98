package asyncio.semantics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import asyncio.internal.fiber.Carrier;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** The tests run on the carrier that the build asked for. */
class CarrierTest extends OnLoop {

    @Test
    @EnabledIfSystemProperty(named = "asyncio.carrier.expected", matches = ".+")
    void theCarrierIsTheOneThatTheBuildAskedFor() {
        assertEquals(
                System.getProperty("asyncio.carrier.expected"),
                Carrier.getChosen().name().toLowerCase(Locale.ROOT));
    }

    @Test
    void bodiesRunOnVirtualThreadsUnlessTheCarrierIsPlatform() {
        inLoop(() -> assertEquals(
                Carrier.getChosen() != Carrier.PLATFORM,
                Thread.currentThread().getClass().getSimpleName().equals("VirtualThread")));
    }
}
