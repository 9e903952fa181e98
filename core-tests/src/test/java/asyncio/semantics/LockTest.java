package asyncio.semantics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/**
 * A task that waits for a monitor or a lock of java.util.concurrent which another task holds over an await blocks the
 * loop for ever. The report names both. Each program needs a JVM of its own, because nothing can end it from inside.
 */
@EnabledOnOs(OS.LINUX)
@Timeout(value = 100, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LockTest {

    private static List<String> reportOf(String program) throws Exception {
        try (var jvm = OtherJvm.start(List.of("-Dasyncio.blocked.after=0.3"), LockPrograms.class, program)) {
            jvm.expectStart("The event loop has been blocked");
            var report = jvm.rest();
            assertEquals(0, jvm.exitCode());
            return report;
        }
    }

    private static void assertFrames(List<String> report, String... methods) {
        int at = 0;
        for (var method : methods) {
            int from = at;
            while (at < report.size() && !report.get(at).contains(method)) {
                at++;
            }
            assertTrue(at < report.size(), () -> method + " is not behind line " + from + " of " + report);
            at++;
        }
    }

    @Test
    void aMonitorHeldOverAnAwait() throws Exception {
        var report = reportOf("monitor");
        assertTrue(
                report.get(0)
                        .contains(
                                "by task 'waiter'. It waits for a lock that task 'holder' holds while that awaits: neither can go on."),
                report::toString);
        assertTrue(report.get(0).contains("asyncio.Lock is for that"), report::toString);
        assertFrames(
                report,
                "LockPrograms.wantMonitor",
                "Task 'holder' awaits:",
                "LockPrograms.load",
                "LockPrograms.holdMonitor");
    }

    @Test
    void aLockOfJavaUtilConcurrent() throws Exception {
        var report = reportOf("lock");
        assertTrue(
                report.get(0).contains("by task 'waiter'. It waits for a lock that task 'holder' "), report::toString);
        assertFrames(
                report,
                "ReentrantLock.lock",
                "LockPrograms.holdAndWantLock",
                "Task 'holder' awaits:",
                "LockPrograms.load",
                "LockPrograms.holdAndWantLock");
    }

    @Test
    void computeIfAbsentOfAConcurrentHashMap() throws Exception {
        var report = reportOf("map");
        assertTrue(report.get(0).contains("It waits for a lock that task 'holder' holds"), report::toString);
        assertFrames(
                report,
                "ConcurrentHashMap.computeIfAbsent",
                "LockPrograms.holdAndWantEntry",
                "Task 'holder' awaits:",
                "LockPrograms.load");
    }

    @Test
    void aMonitorThatAnotherThreadHolds() throws Exception {
        var report = reportOf("thread");
        assertTrue(
                report.get(0)
                        .contains(
                                "by task 'waiter'. It waits for a lock that thread 'greedy' holds. Nothing else runs"),
                report::toString);
        assertFrames(report, "LockPrograms.wantMonitor");
    }
}
