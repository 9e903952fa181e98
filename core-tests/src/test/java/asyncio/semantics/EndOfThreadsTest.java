package asyncio.semantics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The threads of the library end when the last loop is closed, and come again with the next one. */
@EnabledOnOs(OS.LINUX)
@Timeout(value = 100, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EndOfThreadsTest {

    private static List<String> outputOf(String program) throws Exception {
        try (var jvm = OtherJvm.start(List.of(), EndOfThreadsPrograms.class, program)) {
            jvm.expect("begin");
            var lines = jvm.rest();
            assertEquals(0, jvm.exitCode());
            return lines;
        }
    }

    /** Maven's exec:java waits for the threads in the group of a program, 15 seconds for each. */
    @Test
    void theGroupOfAProgramHasNoThreadsLeft() throws Exception {
        assertEquals(List.of("ran 1", "no threads", "ran 2", "no threads"), outputOf("group"));
    }

    @Test
    void aLoopThatIsOpenKeepsThem() throws Exception {
        assertEquals(List.of("ran 1", "ran in the open loop", "no threads"), outputOf("open"));
    }

    @Test
    void aShutdownHookCanRunALoop() throws Exception {
        assertEquals(List.of("ran 1", "ran in a hook"), outputOf("hook"));
    }
}
