package asyncio.semantics;

import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.getRunningLoop;
import static asyncio.Asyncio.newEventLoop;
import static asyncio.Asyncio.run;
import static asyncio.Asyncio.toThread;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

/** The default executor. */
@org.junit.jupiter.api.Timeout(value = 20, threadMode = org.junit.jupiter.api.Timeout.ThreadMode.SEPARATE_THREAD)
class ExecutorTest extends OnLoop {

    @Test
    void oneOfTheUsersIsUsedAndShutDownAtTheEnd() {
        var executor = Executors.newSingleThreadExecutor(body -> new Thread(body, "mine"));
        inLoop(() -> {
            getRunningLoop().setDefaultExecutor(executor);
            assertEquals("mine", await(toThread(() -> Thread.currentThread().getName())));
            assertEquals(
                    "mine",
                    await(getRunningLoop()
                            .runInExecutor(null, () -> Thread.currentThread().getName())));
        });
        assertTrue(executor.isTerminated());
    }

    @Test
    void oneThatIsGivenIsTheUsersOwn() {
        var executor = Executors.newSingleThreadExecutor();
        inLoop(() -> assertEquals(1, await(getRunningLoop().runInExecutor(executor, () -> 1))));
        assertFalse(executor.isShutdown());
        executor.shutdown();
    }

    @Test
    void theEndWaitsForTheUsersExecutor() {
        var executor = Executors.newSingleThreadExecutor();
        var ended = new CountDownLatch(1);
        inLoop(() -> {
            getRunningLoop().setDefaultExecutor(executor);
            getRunningLoop().runInExecutor(null, () -> {
                Thread.sleep(50);
                ended.countDown();
            });
        });
        assertEquals(0, ended.getCount());
    }

    @Test
    void afterItsShutdownJobsAreRefused() {
        inLoop(() -> {
            await(toThread(() -> {}));
            await(getRunningLoop().shutdownDefaultExecutor(null));
            for (asyncio.Action use : java.util.List.<asyncio.Action>of(
                    () -> getRunningLoop().runInExecutor(null, () -> 1),
                    () -> await(toThread(() -> 1)),
                    () -> getRunningLoop().setDefaultExecutor(Executors.newCachedThreadPool()))) {
                assertEquals(
                        "Executor shutdown has been called",
                        assertThrows(IllegalStateException.class, use::run).getMessage());
            }
            await(getRunningLoop().shutdownDefaultExecutor(null));
        });
    }

    @Test
    void aShutdownThatTakesTooLongGoesOn() {
        inLoop(() -> {
            var release = new CountDownLatch(1);
            var job = getRunningLoop().runInExecutor(null, () -> {
                release.await();
                return "late";
            });
            await(getRunningLoop().shutdownDefaultExecutor(ofMillis(10)));
            assertFalse(job.done());
            release.countDown();
            assertEquals("late", await(job));
        });
    }

    @Test
    void othersRunWhileItIsShutDown() {
        inLoop(() -> {
            var release = new CountDownLatch(1);
            getRunningLoop().runInExecutor(null, () -> release.await());
            var shutdown = createTask(getRunningLoop().shutdownDefaultExecutor(ofSeconds(50)));
            iterations(3);
            assertFalse(shutdown.done());
            release.countDown();
            await(shutdown);
        });
    }

    @Test
    void aCancelledShutdownCanBeRepeated() {
        inLoop(() -> {
            var release = new CountDownLatch(1);
            var job = getRunningLoop().runInExecutor(null, () -> release.await());
            var shutdown = createTask(getRunningLoop().shutdownDefaultExecutor(null));
            iterations(2);
            shutdown.cancel();
            cancelledBy(shutdown);
            release.countDown();
            await(job);
            await(getRunningLoop().shutdownDefaultExecutor(null));
        });
    }

    @Test
    void anExecutorThatRefuses() {
        inLoop(() -> {
            var executor = Executors.newSingleThreadExecutor();
            executor.shutdown();
            assertThrows(
                    RejectedExecutionException.class, () -> getRunningLoop().runInExecutor(executor, () -> 1));
            assertThrows(NullPointerException.class, () -> getRunningLoop().setDefaultExecutor(null));
        });
    }

    @Test
    void aClosedLoopHasNone() {
        var loop = newEventLoop();
        loop.close();
        assertThrows(IllegalStateException.class, () -> loop.runInExecutor(null, () -> 1));
        assertEquals(1, run(() -> 1));
    }
}
