package asyncio.testing;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.getRunningLoop;
import static asyncio.Asyncio.sleep;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import asyncio.Coroutine;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.EngineFilter;
import org.junit.platform.launcher.LauncherConstants;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.opentest4j.TestAbortedException;

/** Tests that have to fail, and what they say. */
class FailingTestsTest {
    private static volatile CountDownLatch latch = new CountDownLatch(1);

    @AfterEach
    void letGo() {
        latch.countDown();
        latch = new CountDownLatch(1);
    }

    /** Only run from here: Surefire leaves out classes that are called otherwise than {@code …Test}. */
    static class Failing {
        @AsyncioTest
        void throwsSomething() {
            await(sleep(ofSeconds(1)));
            throw new IllegalArgumentException("mine");
        }

        @AsyncioTest
        void leavesATask() {
            createTask(sleep(ofHours(1)), "forgotten");
            await(sleep(ZERO));
        }

        @AsyncioTest(time = Time.REAL)
        void leavesATaskInRealTime() {
            createTask(sleep(ofHours(1)), "forgotten");
            await(sleep(ZERO));
        }

        @AsyncioTest
        void leavesAnException() {
            createTask(async(() -> {
                throw new IllegalArgumentException("lost");
            }));
            await(sleep(ZERO));
        }

        @AsyncioTest(time = Time.REAL)
        void leavesAnExceptionInRealTime() {
            createTask(async(() -> {
                throw new IllegalArgumentException("lost");
            }));
            await(sleep(ZERO));
        }

        @AsyncioTest
        void waitsForEver() {
            await(getRunningLoop().createFuture());
        }

        @AsyncioTest(timeLimit = 1)
        void blocksTheLoop() throws InterruptedException {
            latch.await();
        }

        @AsyncioTest(timeLimit = 1)
        void neverEnds() {
            while (true) {
                await(sleep(ofHours(1)));
            }
        }

        @AsyncioTest(timeLimit = 1)
        void waitsForAThread() {
            await(getRunningLoop().runInExecutor(job -> {}, () -> {}));
        }

        @AsyncioTest(time = Time.MANUAL, timeLimit = 1)
        void blocksByHand() throws InterruptedException {
            latch.await();
        }

        @AsyncioTest(time = Time.REAL)
        void wantsTheWrongLoop(TestLoop loop) {}
    }

    static class Aborted {
        @AsyncioTest
        void notToday() {
            createTask(sleep(ofHours(1)));
            Assumptions.abort("not today");
        }
    }

    static class Returning {
        @AsyncioTest
        void good() {}

        @AsyncioTest
        Coroutine<Void> bad() {
            return sleep(ZERO);
        }
    }

    @Test
    void whatATestThrows() {
        assertEquals("mine", failureOf("throwsSomething").getMessage());
    }

    @Test
    void tasksThatAreLeft() {
        says("leavesATask", "One task still running", "name='forgotten'");
        says("leavesATaskInRealTime", "One task still running", "name='forgotten'");
    }

    @Test
    void reportsThatAreNotTaken() {
        says("leavesAnException", "exception was never retrieved", "lost");
        says("leavesAnExceptionInRealTime", "exception was never retrieved", "lost");
    }

    @Test
    void deadlocks() {
        says("waitsForEver", "Deadlock", "Failing.waitsForEver(FailingTestsTest.java:");
    }

    @Test
    void testsThatLastTooLong() throws Exception {
        atOnce(
                () -> says("blocksTheLoop", "did not end within 1 s", "CountDownLatch.await", "Failing.blocksTheLoop"),
                () -> says("neverEnds", "did not end within 1 s", "virtual time: PT", "Failing.neverEnds"),
                () -> says(
                        "waitsForAThread",
                        "did not end within 1 s",
                        "standing still for 1 thread",
                        "Failing.waitsForAThread"),
                () -> says("blocksByHand", "did not end within 1 s"));
    }

    @Test
    void aLoopThatIsNotThere() {
        says("wantsTheWrongLoop", "take an EventLoop instead");
    }

    @Test
    void aTestThatIsAbortedIsNotLookedAt() {
        var failure = run(DiscoverySelectors.selectClass(Aborted.class));
        assertEquals(TestAbortedException.class, failure.getClass());
        assertEquals(0, failure.getSuppressed().length);
    }

    @Test
    void methodsThatJUnitWouldLeaveOut() {
        var failure = run(DiscoverySelectors.selectClass(Returning.class));
        assertTrue(failure.getMessage().contains("must return nothing"), failure.getMessage());
    }

    /** Each of them takes a second, in which it only waits. */
    private static void atOnce(Runnable... checks) throws Exception {
        var threads = Executors.newCachedThreadPool();
        try {
            var running = Stream.of(checks).map(threads::submit).toList();
            for (var check : running) {
                check.get();
            }
        } finally {
            threads.shutdown();
        }
    }

    private static void says(String method, String... parts) {
        var message = failureOf(method).getMessage();
        for (var part : parts) {
            assertTrue(message.contains(part), () -> "no «" + part + "» in: " + message);
        }
    }

    private static Throwable failureOf(String method) {
        return run(DiscoverySelectors.selectMethod(
                Failing.class,
                java.util.Arrays.stream(Failing.class.getDeclaredMethods())
                        .filter(it -> it.getName().equals(method))
                        .findFirst()
                        .orElseThrow()));
    }

    private static Throwable run(org.junit.platform.engine.DiscoverySelector selector) {
        var failure = new Throwable[1];
        var request = LauncherDiscoveryRequestBuilder.request()
                .selectors(selector)
                .filters(EngineFilter.includeEngines("junit-jupiter"))
                .configurationParameter(LauncherConstants.STACKTRACE_PRUNING_ENABLED_PROPERTY_NAME, "false")
                .build();
        LauncherFactory.create().execute(request, new TestExecutionListener() {
            @Override
            public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                result.getThrowable().ifPresent(it -> failure[0] = it);
            }
        });
        if (failure[0] == null) {
            throw new AssertionError(selector + " did not fail");
        }
        return failure[0];
    }
}
