package asyncio.semantics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Where the JVM has no memory left, {@code run} ends with the error, or goes on. It never waits for what cannot come,
 * and another {@code run} works afterwards.
 */
@Timeout(value = 100, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OutOfMemoryTest {
    @Test
    void noRunWaitsForEver() throws Exception {
        var jvms = new ArrayList<OtherJvm>();
        try {
            for (var program : List.of("callback", "task", "main", "freeing")) {
                jvms.add(OtherJvm.start(List.of("-Xmx40m", "-XX:+UseSerialGC"), OutOfMemoryPrograms.class, program));
            }
            for (var jvm : jvms) {
                // Another thread, which has no memory either, may write into the same line.
                var text = String.join("\n", jvm.rest());
                assertTrue(text.contains("the first run returned") || text.contains("the first run threw"), text);
                assertTrue(text.contains("the next run returned"), text);
                assertEquals(0, jvm.exitCode());
            }
        } finally {
            jvms.forEach(OtherJvm::close);
        }
    }
}
