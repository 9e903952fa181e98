package asyncio.semantics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The line of the log about the JVM's flag comes once, and only where a Java body runs that could run faster. */
@EnabledOnOs(OS.LINUX)
@Timeout(value = 100, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StartLineTest {
    private static final String LINE = "asyncio4j runs Java bodies on plain virtual threads";

    private static List<String> lines() throws Exception {
        try (var jvm = OtherJvm.start(List.of(), StartLineProgram.class)) {
            var lines = jvm.rest();
            assertEquals(0, jvm.exitCode(), lines::toString);
            return lines.stream()
                    .filter(line -> line.contains("asyncio4j") || line.endsWith("ran"))
                    .toList();
        }
    }

    @Test
    void onlyForJavaAndOnlyOnce() throws Exception {
        var lines = lines();
        var without = List.of("Kotlin ran", "Java ran", "Java ran");
        if (!"virtual".equals(System.getProperty("asyncio.fiber.expected"))) {
            assertEquals(without, lines);
            return;
        }
        assertEquals(4, lines.size(), lines::toString);
        assertEquals("Kotlin ran", lines.get(0));
        assertTrue(lines.get(1).contains(LINE), lines::toString);
        assertTrue(lines.get(1).contains("six times faster with the JVM flag --add-opens"), lines::toString);
    }
}
