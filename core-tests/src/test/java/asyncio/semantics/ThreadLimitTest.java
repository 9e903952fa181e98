package asyncio.semantics;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.asyncGenerator;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.gatherOutcomes;
import static asyncio.Asyncio.newEventLoop;
import static asyncio.Asyncio.run;
import static asyncio.Asyncio.sleep;
import static asyncio.Asyncio.taskGroup;
import static asyncio.Asyncio.with;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofMillis;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import asyncio.AsyncGenerator;
import asyncio.Coroutine;
import asyncio.ExceptionGroup;
import asyncio.Future;
import asyncio.Outcome;
import asyncio.StopAsyncIteration;
import asyncio.internal.fiber.FiberKind;
import asyncio.internal.fiber.ThreadLimit;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * More Java bodies than there may be platform threads. On virtual threads nothing is limited: there the same programs
 * run to their ends.
 */
class ThreadLimitTest extends OnLoop {
    private static final boolean IS_LIMITED = FiberKind.getChosen() == FiberKind.PLATFORM;
    private static final int FREE = 10;

    private final int usual = ThreadLimit.getLimit();

    /** Bodies that earlier tests left suspended hold their threads for ever. */
    private final int before = ThreadLimit.getInUse();

    @BeforeEach
    void limit() {
        ThreadLimit.setLimit(before + FREE);
    }

    @AfterEach
    void unlimit() {
        ThreadLimit.setLimit(usual);
        assertTrue(ThreadLimit.getInUse() <= before);
    }

    private static Coroutine<Integer> sleeper(int number) {
        return async(() -> {
            await(sleep(ofMillis(1)));
            return number;
        });
    }

    private static List<Coroutine<Integer>> sleepers(int number) {
        return IntStream.range(0, number).mapToObj(ThreadLimitTest::sleeper).toList();
    }

    private static void assertRefused(Throwable error) {
        assertInstanceOf(IllegalStateException.class, error);
        for (var words : List.of("Java 21", "suspend functions", "Semaphore", ThreadLimit.PROPERTY)) {
            assertTrue(error.getMessage().contains(words), error::getMessage);
        }
    }

    @Test
    void whatIsAboveTheLimitIsRefusedAndWhatComesLaterIsNot() {
        inLoop(() -> {
            var outcomes = await(gatherOutcomes(sleepers(20)));
            // Main holds one thread.
            var begun = IS_LIMITED ? FREE - 1 : 20;
            for (int i = 0; i < begun; i++) {
                assertEquals(i, outcomes.get(i).value());
            }
            outcomes.stream().skip(begun).map(Outcome::exception).forEach(ThreadLimitTest::assertRefused);

            var later = await(gatherOutcomes(sleepers(FREE - 1)));
            assertTrue(later.stream().allMatch(Outcome::succeeded));
        });
    }

    @Test
    void aGroupEndsWithTheRefusal() {
        inLoop(() -> {
            try {
                with(taskGroup(), group -> {
                    sleepers(FREE).forEach(group::createTask);
                });
                assertTrue(!IS_LIMITED);
            } catch (ExceptionGroup refused) {
                assertTrue(IS_LIMITED);
                assertEquals(1, refused.exceptions().size());
                assertRefused(refused.exceptions().get(0));
            }
        });
    }

    @Test
    void aGeneratorThatIsRefusedHasEnded() {
        inLoop(() -> {
            var others = begin(FREE - 1);
            AsyncGenerator<Integer> generator = asyncGenerator(yielder -> yielder.yield(1));
            if (IS_LIMITED) {
                assertRefused(assertThrows(IllegalStateException.class, () -> await(generator.anext())));
                assertThrows(StopAsyncIteration.class, () -> await(generator.anext()));
            } else {
                assertEquals(1, await(generator.anext()));
                await(generator.aclose());
            }
            await(others);
        });
    }

    private static Future<List<Outcome<Integer>>> begin(int number) {
        var others = gatherOutcomes(sleepers(number));
        await(sleep(ZERO));
        return others;
    }

    @Test
    void aGeneratorThatHasNotBegunHoldsNoThread() {
        inLoop(() -> {
            var generators = IntStream.range(0, 1_000)
                    .mapToObj(i -> asyncGenerator((AsyncGenerator.Yielder<Integer> yielder) -> yielder.yield(i)))
                    .toList();
            assertEquals(IS_LIMITED ? before + 1 : 0, ThreadLimit.getInUse());
            for (var generator : generators) {
                await(generator.aclose());
            }
        });
    }

    @Test
    void generatorsThatNobodyRefersToGiveTheirThreadsBack() {
        ThreadLimit.setLimit(before + 1_500);
        inLoop(() -> {
            for (int i = 0; i < 3_000; i++) {
                leaveOne();
                await(sleep(ZERO));
            }
        });
    }

    private static void leaveOne() {
        var generator = asyncGenerator((AsyncGenerator.Yielder<Integer> yielder) -> {
            yielder.yield(1);
            yielder.yield(2);
        });
        assertEquals(1, await(generator.anext()));
    }

    @Test
    void loopsShareTheLimit() {
        inLoop(() -> {
            var others = begin(FREE - 1);
            var loop = newEventLoop();
            var thread = new Thread(() -> {
                try {
                    loop.runUntilComplete(async(() -> log.add("ran")));
                } catch (IllegalStateException refused) {
                    assertRefused(refused);
                    log.add("refused");
                } finally {
                    loop.close();
                }
            });
            thread.start();
            thread.join();
            await(others);
        });
        assertEquals(List.of(IS_LIMITED ? "refused" : "ran"), log);
    }

    @Test
    void theMainCoroutineCanBeRefused() {
        ThreadLimit.setLimit(before);
        if (IS_LIMITED) {
            assertRefused(assertThrows(IllegalStateException.class, () -> run(() -> log.add("ran"))));
        } else {
            run(() -> log.add("ran"));
        }
        assertEquals(IS_LIMITED ? List.of() : List.of("ran"), log);
    }

    @Test
    void fiveThousandAreWorthAWord() {
        ThreadLimit.setLimit(before + 6_000);
        try (var logged = new Logged()) {
            inLoop(() -> await(gatherOutcomes(sleepers(5_000))));
            inLoop(() -> await(gatherOutcomes(sleepers(5_000))));
            assertEquals(
                    IS_LIMITED ? 1 : 0,
                    logged.with("5000 coroutines with Java bodies").size());
        }
    }
}
