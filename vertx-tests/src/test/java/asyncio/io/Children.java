package asyncio.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The child processes and file descriptors of this JVM, before and after. */
final class Children {
    private static final long PATIENCE = Duration.ofSeconds(30).toNanos();

    private final Set<Long> childrenBefore = pids();
    private final Set<String> descriptorsBefore = pipes();

    private static Set<Long> pids() {
        return ProcessHandle.current()
                .children()
                .map(ProcessHandle::pid)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The pipes that this JVM has open; other files and sockets come and go. */
    private static Set<String> pipes() {
        var found = new TreeSet<String>();
        try (var all = Files.list(Path.of("/proc/self/fd"))) {
            for (var descriptor : all.toList()) {
                try {
                    var target = Files.readSymbolicLink(descriptor).toString();
                    if (target.startsWith("pipe:")) {
                        found.add(target);
                    }
                } catch (IOException gone) {
                    // The one that lists them.
                }
            }
        } catch (IOException e) {
            fail(e);
        }
        return found;
    }

    /** Processes that are there now and were not before. */
    Set<Long> more() {
        var now = pids();
        now.removeAll(childrenBefore);
        return now;
    }

    /** No process is left. */
    void checkNone() {
        assertEquals(Set.of(), more());
    }

    /** No process is left, and soon no pipe. */
    void checkNothingIsLeft() throws InterruptedException {
        checkNone();
        var end = System.nanoTime() + PATIENCE;
        while (true) {
            var left = pipes();
            left.removeAll(descriptorsBefore);
            if (left.isEmpty()) {
                return;
            }
            if (System.nanoTime() > end) {
                fail("left: " + left);
            }
            Thread.sleep(5);
        }
    }
}
