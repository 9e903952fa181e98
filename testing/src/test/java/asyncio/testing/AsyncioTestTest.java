package asyncio.testing;

import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.getRunningLoop;
import static asyncio.Asyncio.sleep;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import asyncio.EventLoop;
import asyncio.Task;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a test may do. That tests fail which should is in {@link FailingTestsTest}. */
class AsyncioTestTest {
    private Task<?> background;
    private EventLoop loopOfBefore;

    @BeforeEach
    void mayAwait(EventLoop loop) {
        if (getRunningLoopOrNull() != null) {
            await(sleep(ofMillis(10)));
            background = createTask(sleep(ofHours(100)));
        }
        loopOfBefore = loop;
    }

    @AfterEach
    void mayAwaitToo() {
        if (background != null) {
            background.cancel();
            await(sleep(ZERO));
            assertTrue(background.cancelled());
        }
    }

    private static EventLoop getRunningLoopOrNull() {
        try {
            return getRunningLoop();
        } catch (IllegalStateException none) {
            return null;
        }
    }

    @AsyncioTest
    void runsInVirtualTime() {
        await(sleep(ofHours(1)));
        assertEquals(ofHours(1).plusMillis(10), getRunningLoop().time());
        assertInstanceOf(TestLoop.class, getRunningLoop());
    }

    @AsyncioTest
    void sharesTheLoopWithBeforeEach() {
        assertSame(loopOfBefore, getRunningLoop());
        assertFalse(background.done());
    }

    @AsyncioTest
    void takesTheLoop(TestLoop loop, EventLoop same) {
        assertSame(getRunningLoop(), loop);
        assertSame(loop, same);
    }

    @AsyncioTest
    void takesWhatItExpects(TestLoop loop) {
        loop.callSoon(() -> {
            throw new IllegalArgumentException("expected");
        });
        await(sleep(ZERO));
        assertEquals(1, loop.takeReports().size());
    }

    @AsyncioTest(time = Time.REAL)
    void runsInRealTime(EventLoop loop) {
        long start = System.nanoTime();
        await(sleep(ofMillis(20)));
        assertTrue(System.nanoTime() - start >= 20_000_000);
        assertFalse(loop instanceof TestLoop);
        assertSame(loop, getRunningLoop());
    }

    @AsyncioTest(time = Time.MANUAL)
    void runsByHand(TestLoop loop) {
        var task = loop.createTask(sleep(ofHours(1), "done"));
        loop.advance(ofHours(1).minusMillis(1));
        assertFalse(task.done());
        loop.advance(ofMillis(1));
        assertEquals("done", task.result());
    }

    @InLoop
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void takesParameters(int hours, TestLoop loop) {
        await(sleep(ofHours(hours)));
        assertEquals(ofHours(hours).plusMillis(10), loop.time());
    }

    @InLoop
    @RepeatedTest(2)
    void isRepeated() {
        assertEquals(ofMillis(10), getRunningLoop().time());
    }

    @InLoop
    @TestFactory
    Stream<DynamicTest> isMadeAtRunTime() {
        await(sleep(ofHours(1)));
        return Stream.of(1, 2)
                .map(hours -> DynamicTest.dynamicTest("sleeps " + hours, () -> await(sleep(ofHours(hours)))));
    }

    @Nested
    @InLoop(time = Time.VIRTUAL)
    class WholeClass {
        @Test
        void runsInTheLoop() {
            await(sleep(ofHours(1)));
        }

        @AsyncioTest(time = Time.REAL)
        void orAsItSaysItself(EventLoop loop) {
            assertFalse(loop instanceof TestLoop);
        }
    }

    @Nested
    @ExtendWith(AsyncioExtension.class)
    class Extended {
        @Test
        void runsInTheLoop() {
            await(sleep(ofHours(1)));
        }
    }
}
