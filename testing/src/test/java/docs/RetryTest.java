package docs;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.getRunningLoop;
import static asyncio.Asyncio.sleep;
import static asyncio.Asyncio.toThread;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import asyncio.Coroutine;
import asyncio.Future;
import asyncio.Task;
import asyncio.testing.AsyncioTest;
import asyncio.testing.InLoop;
import asyncio.testing.TestLoop;
import asyncio.testing.Time;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The code of docs/testing.md and of the README's section on tests. */
class RetryTest {
    static <T> Coroutine<T> retry(int times, Callable<T> call) {
        return async(() -> {
            var pause = ofSeconds(1);
            for (int i = 1; i < times; i++) {
                try {
                    return call.call();
                } catch (Exception e) {
                    await(sleep(pause));
                    pause = pause.multipliedBy(2);
                }
            }
            return call.call();
        });
    }

    int calls;

    String failTwice() {
        if (++calls < 3) {
            throw new IllegalStateException("not yet");
        }
        return "done";
    }

    @AsyncioTest
    void waitsLongerEachTime() {
        assertEquals("done", await(retry(5, this::failTwice)));
        assertEquals(ofSeconds(1 + 2), getRunningLoop().time());
    }

    @InLoop
    @ParameterizedTest
    @ValueSource(ints = {1, 3, 8})
    void takesSoLong(int minutes, TestLoop loop) {
        await(sleep(ofMinutes(minutes)));
        assertEquals(ofMinutes(minutes), loop.time());
    }

    @AsyncioTest(time = Time.MANUAL)
    void pausesBetweenTwoCalls(TestLoop loop) {
        var task = loop.createTask(retry(5, this::failTwice));
        loop.runUntilBlocked();
        assertEquals(1, calls);
        loop.advance(ofSeconds(1));
        assertEquals(2, calls);
        loop.advance(ofSeconds(2));
        assertEquals("done", task.result());
    }

    @AsyncioTest(time = Time.REAL)
    void takesRealTime() {
        await(sleep(Duration.ofMillis(10)));
    }

    @AsyncioTest
    void seesWhatOthersDid(TestLoop loop) {
        var task = createTask(retry(5, this::failTwice));
        await(loop.untilBlocked());
        assertEquals(1, calls);
        assertEquals("done", await(task));
    }

    @AsyncioTest
    void theClockWaitsForThreads() {
        await(toThread(() -> Thread.sleep(20)));
        assertEquals(Duration.ZERO, getRunningLoop().time());
    }

    @AsyncioTest
    void anotherThreadAnswers(TestLoop loop) {
        Future<String> answer = loop.createFuture();
        var hold = loop.holdTime();
        new Thread(() -> {
                    loop.callSoonThreadsafe(() -> answer.setResult("from afar"));
                    hold.close();
                })
                .start();
        assertEquals("from afar", await(answer));
    }

    @AsyncioTest
    void expectsAReport(TestLoop loop) {
        loop.callSoon(() -> {
            throw new IllegalStateException("expected");
        });
        await(loop.untilBlocked());
        assertEquals("expected", loop.takeReports().get(0).exception().getMessage());
    }

    @Nested
    @InLoop
    class WithAServer {
        Task<Void> server;

        @BeforeEach
        void start() {
            server = createTask(sleep(ofMinutes(1)));
            await(sleep(ofSeconds(1)));
        }

        @AfterEach
        void stop() {
            server.cancel();
        }

        @AsyncioTest
        void runs() {
            assertFalse(server.done());
            await(sleep(ofSeconds(1)));
            assertTrue(server.cancel());
        }
    }
}
