package asyncio.vertx;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class BuildTest {
    @Test
    void testsRunOnTheJdkThatTheBuildSelected() {
        assertEquals(
                System.getProperty("asyncio.jdk.expected"),
                String.valueOf(Runtime.version().feature()));
        System.out.println("JUnit: java.version=" + System.getProperty("java.version") + ", fiber="
                + System.getProperty("asyncio.fiber.expected"));
    }
}
