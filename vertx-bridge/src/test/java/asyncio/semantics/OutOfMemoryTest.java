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
                var lines = jvm.rest();
                assertTrue(
                        lines.contains("run returned") || lines.contains("run threw"), () -> String.join("\n", lines));
                assertTrue(lines.contains("the next run returned"), () -> String.join("\n", lines));
                assertEquals(0, jvm.exitCode());
            }
        } finally {
            jvms.forEach(OtherJvm::close);
        }
    }
}
