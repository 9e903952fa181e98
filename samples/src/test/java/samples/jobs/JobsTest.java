package samples.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import samples.Sample;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class JobsTest {
    @Test
    void outputsComeLineByLineAndEndsAreTold() {
        var done = Sample.run("jobs", "--timeout", "30", "echo a; echo b >&2", "echo c; exit 3");
        assertEquals("", done.err());
        assertEquals(1, done.exitCode());
        var lines = done.out().lines().toList();
        assertEquals(
                List.of("[1] a", "[1] b", "[2] c"),
                lines.subList(0, 3).stream().sorted().toList());
        assertEquals(
                List.of("1: exit code 0: echo a; echo b >&2", "2: exit code 3: echo c; exit 3"), lines.subList(3, 5));
    }

    @Test
    void whatTakesTooLongIsKilled() {
        var done = Sample.run("jobs", "--timeout", "0.5", "echo begun; exec sleep 60");
        assertTrue(done.out().endsWith("1: killed after 500 ms: echo begun; exec sleep 60\n"), done.out());
        assertEquals(0, ProcessHandle.current().children().count());
    }

    @Test
    void asManyAsThereArePlacesRunAtOnce() {
        var one = Sample.run("jobs", "--jobs", "1", "--timeout", "30", "echo 1; sleep 0.1; echo 2", "echo 3");
        assertEquals(
                List.of("[1] 1", "[1] 2", "[2] 3"), one.out().lines().limit(3).toList());
        assertEquals(0, one.exitCode());
    }
}
