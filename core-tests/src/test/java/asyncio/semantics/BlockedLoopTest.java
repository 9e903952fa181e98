package asyncio.semantics;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.currentTask;
import static asyncio.Asyncio.getRunningLoop;
import static asyncio.Asyncio.newEventLoop;
import static asyncio.Asyncio.run;
import static asyncio.Asyncio.sleep;
import static asyncio.Asyncio.toThread;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import asyncio.Coroutine;
import asyncio.internal.fiber.FiberKind;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A blocked loop is reported while it is blocked, and only then. */
class BlockedLoopTest extends OnLoop {
    private static final String BLOCKED = "WARNING The event loop has been blocked for ";

    private final Logged logged = new Logged();

    @AfterEach
    void close() {
        logged.close();
    }

    /** What a culprit does: it goes on as soon as it was reported. */
    private void blockUntilReported() {
        logged.await(BLOCKED, 1);
    }

    private boolean isReported() {
        return !logged.with(BLOCKED).isEmpty();
    }

    private void spinUntilReported() {
        while (!isReported()) {
            Thread.onSpinWait();
        }
    }

    private void assertReport(String culprit, String... frames) {
        var report = logged.with(BLOCKED).get(0);
        assertTrue(report.contains(" seconds by " + culprit + "."), report);
        int at = 0;
        for (var frame : frames) {
            int found = report.indexOf(frame, at);
            assertTrue(found >= 0, () -> frame + " is not in " + report);
            at = found;
        }
        assertFalse(report.contains("asyncio.internal"), report);
    }

    /** Waits until the end of the blockage was said. */
    private void assertEndIsSaid(String culprit) {
        until(() -> !logged.with("The event loop runs on: " + culprit + " had blocked it for")
                .isEmpty());
    }

    private void inWatchedLoop(asyncio.Action body) {
        inWatchedLoopThatMayEnd(() -> {
            body.run();
            if (isReported()) {
                // Otherwise the watchdog may be about to report once more, in the midst of the next test.
                until(() -> !logged.with("The event loop runs on").isEmpty());
            }
        });
    }

    private void inWatchedLoopThatMayEnd(asyncio.Action body) {
        inLoop(() -> {
            getRunningLoop().setBlockedLoopDuration(ofMillis(50));
            body.run();
        });
    }

    @Test
    void theDefaultIsTwoSeconds() {
        try (var loop = newEventLoop()) {
            assertEquals(ofSeconds(2), loop.getBlockedLoopDuration());
            loop.setBlockedLoopDuration(ofSeconds(-1));
            assertEquals(ZERO, loop.getBlockedLoopDuration());
        }
    }

    @Test
    void aBodyThatBlocks() {
        inWatchedLoop(() -> {
            currentTask().setName("blocker");
            blockUntilReported();
            assertReport(
                    "task 'blocker'",
                    "\tat java.base/",
                    "Logged.await",
                    "BlockedLoopTest.blockUntilReported",
                    "BlockedLoopTest.lambda$aBodyThatBlocks");
            assertEndIsSaid("task 'blocker'");
        });
    }

    @Test
    void aBodyThatBlocksAfterAnAwait() {
        inWatchedLoop(() -> {
            await(sleep(ZERO));
            currentTask().setName("blocker");
            blockUntilReported();
            assertReport("task 'blocker'", "BlockedLoopTest.blockUntilReported");
        });
    }

    @Test
    void aBodyThatComputes() {
        inWatchedLoop(() -> {
            await(createTask(async(this::spinUntilReported), "spinner"));
            assertReport("task 'spinner'", "BlockedLoopTest.spinUntilReported");
            assertEndIsSaid("task 'spinner'");
        });
    }

    @Test
    void aBodyThatWaitsForALock() {
        inWatchedLoop(() -> {
            var lock = new Object();
            var locked = new CountDownLatch(1);
            var holder = createTask(toThread(() -> {
                synchronized (lock) {
                    locked.countDown();
                    blockUntilReported();
                }
            }));
            until(() -> locked.getCount() == 0);
            synchronized (lock) {
                assertTrue(isReported());
            }
            assertReport("task '" + currentTask().getName() + "'", "lambda$aBodyThatWaitsForALock");
            await(holder);
        });
    }

    @Test
    void aSuspendFunction() {
        inWatchedLoop(() -> {
            await(createTask(Suspending.calling(() -> blockUntilReported()), "kotlin"));
            assertReport("task 'kotlin'", "BlockedLoopTest.blockUntilReported", "Suspending.calls");
        });
    }

    @Test
    void aCallback() {
        inWatchedLoop(() -> {
            getRunningLoop().callSoon(() -> blockUntilReported());
            await(sleep(ZERO));
            assertReport("a callback", "BlockedLoopTest.blockUntilReported");
            assertEndIsSaid("a callback");
        });
    }

    @Test
    void reportedAgainAtGrowingIntervals() {
        inWatchedLoop(() -> {
            logged.await(BLOCKED, 3);
            var seconds = logged.with(BLOCKED).stream()
                    .map(line ->
                            Double.parseDouble(line.substring(BLOCKED.length()).split(" ")[0]))
                    .toList();
            assertTrue(seconds.get(1) >= 2 * seconds.get(0) - 0.02, seconds::toString);
            assertTrue(seconds.get(2) >= 2 * seconds.get(1) - 0.02, seconds::toString);
        });
    }

    @Test
    void theEndOfTheLoopIsTheEndOfTheBlockage() {
        inWatchedLoopThatMayEnd(() -> blockUntilReported());
        run(() -> until(() -> !logged.with("The event loop runs on").isEmpty()));
    }

    @Test
    void waitingIsNotBlocking() {
        // A busy machine may take the processor away from a turn for so long, but not every time.
        isNotBlocking(() -> sleep(ofMillis(200)));
        isNotBlocking(() -> toThread(() -> Thread.sleep(200)));
        isNotBlocking(() -> async(() -> {
            for (long end = System.nanoTime() + 200_000_000L; System.nanoTime() < end; ) {
                await(sleep(ZERO));
            }
        }));
    }

    private void isNotBlocking(Supplier<Coroutine<Void>> waiting) {
        for (int attempt = 1; ; attempt++) {
            logged.lines.clear();
            inWatchedLoop(() -> await(waiting.get()));
            if (!isReported()) {
                return;
            }
            assertTrue(attempt < 10, () -> logged.with(BLOCKED).toString());
        }
    }

    @Test
    void zeroTurnsItOff() {
        inLoop(() -> {
            getRunningLoop().setBlockedLoopDuration(ZERO);
            try (var other = newEventLoop()) {
                // The watchdog looks often because of this one.
                other.setBlockedLoopDuration(ofMillis(50));
            }
            Thread.sleep(300);
        });
        assertEquals(java.util.List.of(), logged.with(BLOCKED));
    }

    @Test
    void virtualThreadsThatTakeAllCarriers() throws ReflectiveOperationException {
        if (FiberKind.getChosen() != FiberKind.VIRTUAL) {
            return;
        }
        var builder = Thread.class.getMethod("ofVirtual").invoke(null);
        var factory = (ThreadFactory)
                Class.forName("java.lang.Thread$Builder").getMethod("factory").invoke(builder);
        var stop = new AtomicBoolean();
        inWatchedLoop(() -> {
            await(sleep(ZERO));
            for (int i = 0; i <= Runtime.getRuntime().availableProcessors(); i++) {
                factory.newThread(() -> {
                            while (!stop.get() && !isReported()) {
                                Thread.onSpinWait();
                            }
                        })
                        .start();
            }
            until(this::isReported);
            stop.set(true);
        });
        var report = logged.with(BLOCKED).get(0);
        assertTrue(report.contains("carrier threads"), report);
    }

    @Test
    void theWatchdogEndsWhenNoLoopRuns() throws InterruptedException {
        inLoop(() -> assertTrue(watchdogs() > 0));
        for (long end = System.nanoTime() + 60_000_000_000L; watchdogs() > 0; ) {
            assertTrue(System.nanoTime() < end);
            Thread.sleep(5);
        }
        inLoop(() -> assertEquals(1, watchdogs()));
    }

    private static long watchdogs() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("asyncio-watchdog"))
                .count();
    }
}
