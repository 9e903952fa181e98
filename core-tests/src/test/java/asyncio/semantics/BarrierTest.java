package asyncio.semantics;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.gather;
import static asyncio.Asyncio.gatherOutcomes;
import static asyncio.Asyncio.sleep;
import static asyncio.Asyncio.using;
import static asyncio.Asyncio.with;
import static java.time.Duration.ZERO;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import asyncio.Barrier;
import asyncio.BrokenBarrierException;
import asyncio.Coroutine;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BarrierTest extends OnLoop {

    private Coroutine<Void> party(Barrier barrier, String name) {
        return async(() -> {
            log.add(name + await(barrier.waitAll()));
        });
    }

    private List<Coroutine<Void>> parties(Barrier barrier, String names) {
        return names.chars()
                .mapToObj(c -> party(barrier, String.valueOf((char) c)))
                .toList();
    }

    /** CPython's order of the same program. */
    @Test
    void sixAtABarrierForThreeGoOnInTwoRounds() {
        inLoop(() -> {
            await(gather(parties(Barrier.create(3), "abcdef")));
            assertEquals(List.of("c2", "a0", "b1", "f2", "d0", "e1"), log);
        });
    }

    @Test
    void aBarrierForOneHoldsNobodyUp() {
        inLoop(() -> {
            var barrier = Barrier.create(1);
            createTask(async(() -> log.add("other")));
            for (int n = 0; n < 3; n++) {
                assertEquals(0, await(barrier.waitAll()));
            }
            assertEquals(List.of(), log);
        });
    }

    @Test
    void aBlockGetsTheIndex() {
        inLoop(() -> {
            var barrier = Barrier.create(2);
            var first = createTask(async(() -> using(barrier, index -> {
                return "first " + index;
            })));
            await(sleep(ZERO));
            assertEquals(1, barrier.nWaiting());
            assertEquals("second 1", using(barrier, index -> {
                return "second " + index;
            }));
            assertEquals("first 0", await(first));
            assertEquals(2, barrier.parties());
        });
    }

    /** CPython gives the same index twice here, and 0 to nobody; then nobody would do what one of them has to. */
    @Test
    void theIndexOfOneWhoWasCancelledIsGivenAgain() {
        inLoop(() -> {
            var barrier = Barrier.create(3);
            var a = createTask(party(barrier, "a"));
            var b = createTask(party(barrier, "b"));
            await(sleep(ZERO));
            assertEquals(2, barrier.nWaiting());
            a.cancel();
            cancelledBy(a);
            assertEquals(1, barrier.nWaiting());
            await(gather(parties(barrier, "cd")));
            await(b);
            assertEquals(List.of("d2", "b1", "c0"), log);
        });
    }

    @Test
    void aResetSendsAwayThoseWhoWaitAndLetsOthersCome() {
        inLoop(() -> {
            var barrier = Barrier.create(3);
            var tasks = parties(barrier, "ab").stream()
                    .map(asyncio.Asyncio::createTask)
                    .toList();
            await(sleep(ZERO));
            await(barrier.reset());
            assertEquals(0, barrier.nWaiting());
            for (var outcome : await(gatherOutcomes(tasks))) {
                assertInstanceOf(BrokenBarrierException.class, outcome.exception());
            }
            assertFalse(barrier.broken());
            await(gather(parties(barrier, "cde")));
            assertEquals(List.of("e2", "c0", "d1"), log);
        });
    }

    @Test
    void whoComesWhileItIsResetWaitsUntilTheOthersHaveLeft() {
        inLoop(() -> {
            var barrier = Barrier.create(2);
            var a = createTask(party(barrier, "a"));
            await(sleep(ZERO));
            await(barrier.reset());
            var b = createTask(party(barrier, "b"));
            var c = createTask(party(barrier, "c"));
            assertThrows(BrokenBarrierException.class, () -> await(a));
            await(gather(b, c));
            assertEquals(List.of("c1", "b0"), log);
        });
    }

    @Test
    void anAbortedBarrierIsBrokenForEverybodyUntilItIsReset() {
        inLoop(() -> {
            var barrier = Barrier.create(2);
            var a = createTask(party(barrier, "a"));
            await(sleep(ZERO));
            await(barrier.abort());
            assertTrue(barrier.broken());
            assertEquals(0, barrier.nWaiting());
            assertThrows(BrokenBarrierException.class, () -> await(a));
            assertThrows(BrokenBarrierException.class, () -> await(barrier.waitAll()));
            assertThrows(BrokenBarrierException.class, () -> with(barrier, () -> {}));
            await(barrier.reset());
            assertFalse(barrier.broken());
            await(gather(parties(barrier, "bc")));
        });
    }

    @Test
    void resetOfAnUnusedOneDoesNothing() {
        inLoop(() -> {
            var barrier = Barrier.create(2);
            await(barrier.reset());
            await(gather(parties(barrier, "ab")));
            assertEquals(List.of("b1", "a0"), log);
        });
    }

    @Test
    void needsSomebodyToComeAtLeast() {
        assertThrows(IllegalArgumentException.class, () -> Barrier.create(0));
        assertThrows(IllegalArgumentException.class, () -> Barrier.create(-1));
    }

    @Test
    void manyRoundsOfMany() {
        inLoop(() -> {
            var barrier = Barrier.create(50);
            var rounds = new int[50];
            await(gather(IntStream.range(0, 50)
                    .mapToObj(n -> async(() -> {
                        for (int round = 0; round < 10; round++) {
                            for (int other : rounds) {
                                assertTrue(other == round || other == round + 1, "nobody is ahead or behind");
                            }
                            rounds[n]++;
                            await(barrier.waitAll());
                        }
                    }))
                    .toList()));
        });
    }
}
