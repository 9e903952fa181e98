package asyncio.semantics;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.gather;
import static asyncio.Asyncio.sleep;
import static asyncio.Asyncio.toThread;
import static asyncio.Asyncio.using;
import static java.time.Duration.ZERO;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import asyncio.BoundedSemaphore;
import asyncio.Semaphore;
import asyncio.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SemaphoreTest extends OnLoop {

    @Test
    void letsInAsManyAsItHasPermitsInTheOrderOfComing() {
        inLoop(() -> {
            var semaphore = Semaphore.create(2);
            await(gather(IntStream.range(0, 5)
                    .mapToObj(n -> async(() -> {
                        await(semaphore.acquire());
                        log.add("enter " + n);
                        await(sleep(ZERO));
                        log.add("leave " + n);
                        semaphore.release();
                    }))
                    .toList()));
            assertEquals(List.of("enter 0", "enter 1", "leave 0", "leave 1", "enter 2", "enter 3"), log.subList(0, 6));
            assertEquals(List.of("leave 2", "leave 3", "enter 4", "leave 4"), log.subList(6, 10));
            assertFalse(semaphore.locked());
        });
    }

    @Test
    void whoReleasesAndAsksAgainQueuesBehindThoseWhoWait() {
        inLoop(() -> {
            var semaphore = Semaphore.create(1);
            await(semaphore.acquire());
            var waiter = createTask(async(() -> {
                await(semaphore.acquire());
                log.add("waiter");
                semaphore.release();
            }));
            await(sleep(ZERO));
            semaphore.release();
            assertTrue(semaphore.locked(), "the permit is the waiter's");
            await(semaphore.acquire());
            log.add("main");
            semaphore.release();
            await(waiter);
            assertEquals(List.of("waiter", "main"), log);
        });
    }

    @Test
    void mayBeReleasedBeyondItsStart() {
        inLoop(() -> {
            var semaphore = Semaphore.create(0);
            assertTrue(semaphore.locked());
            semaphore.release();
            semaphore.release();
            await(semaphore.acquire());
            assertFalse(semaphore.locked());
            await(semaphore.acquire());
            assertTrue(semaphore.locked());
        });
    }

    @Test
    void anyTaskMayRelease() {
        inLoop(() -> {
            var semaphore = Semaphore.create(0);
            createTask(async(semaphore::release));
            await(semaphore.acquire());
            assertTrue(semaphore.locked());
        });
    }

    @Test
    void mayBeMadeOutsideALoop() {
        var semaphore = Semaphore.create(1);
        inLoop(() -> await(semaphore.acquire()));
        inLoop(() -> {
            assertTrue(semaphore.locked());
            semaphore.release();
        });
    }

    @Test
    void acquireIsLazyAsEveryCoroutineIs() {
        inLoop(() -> {
            var semaphore = Semaphore.create(1);
            var acquire = semaphore.acquire();
            assertFalse(semaphore.locked());
            await(acquire);
            assertTrue(semaphore.locked());
        });
    }

    /** CPython's order of the same program. */
    @Test
    void whoHasAPermitAndIsCancelledPassesItOn() {
        inLoop(() -> {
            var ticker = Ticker.start();
            var semaphore = Semaphore.create(0);
            var tasks = new ArrayList<Task<Void>>();
            int start = ticker.iterations() + 1;
            for (String name : List.of("a", "b", "c", "d")) {
                tasks.add(createTask(async(() -> {
                    await(semaphore.acquire());
                    log.add(name + " after " + (ticker.iterations() - start));
                })));
            }
            await(sleep(ZERO));
            semaphore.release();
            semaphore.release();
            tasks.get(0).cancel();
            iterations(5);
            assertEquals(List.of("b after 1", "c after 2"), log);
            assertTrue(tasks.get(0).cancelled());
            assertTrue(semaphore.locked());
            tasks.get(3).cancel();
            assertTrue(semaphore.locked(), "there is no permit");
            semaphore.release();
            assertFalse(semaphore.locked(), "who waits was cancelled");
            assertEquals(0, ticker.during(semaphore.acquire()));
            ticker.stop();
        });
    }

    @Test
    void whileOneIsOnItsWayASurplusPermitIsForTheNextInTheQueue() {
        inLoop(() -> {
            var ticker = Ticker.start();
            var semaphore = Semaphore.create(0);
            int start = ticker.iterations() + 1;
            createTask(async(() -> {
                await(semaphore.acquire());
                log.add("a after " + (ticker.iterations() - start));
            }));
            await(sleep(ZERO));
            semaphore.release();
            semaphore.release();
            assertTrue(semaphore.locked(), "newcomers queue up behind the one on its way");
            await(async(() -> {
                await(semaphore.acquire());
                log.add("b after " + (ticker.iterations() - start));
            }));
            ticker.stop();
            assertEquals(List.of("a after 1", "b after 2"), log);
        });
    }

    @Test
    void aHundredThousandCancelledWaitersLeaveInNoTime() {
        inLoop(() -> {
            var semaphore = Semaphore.create(0);
            var tasks = new ArrayList<Task<Void>>();
            for (int n = 0; n < 100_000; n++) {
                tasks.add(createTask(semaphore.acquire()));
            }
            await(sleep(ZERO));
            var last = createTask(semaphore.acquire());
            await(sleep(ZERO));
            long start = System.nanoTime();
            // Half of them have got a permit each, which they pass on to each other.
            for (int n = 0; n < 50_000; n++) {
                semaphore.release();
            }
            tasks.forEach(Task::cancel);
            await(last);
            assertTrue(System.nanoTime() - start < 10_000_000_000L);
            int permits = 1;
            while (!semaphore.locked()) {
                await(semaphore.acquire());
                permits++;
            }
            assertEquals(50_000, permits);
        });
    }

    @Test
    void inABlockAndHeld() {
        inLoop(() -> {
            var semaphore = Semaphore.create();
            assertEquals(1, using(semaphore, () -> {
                assertTrue(semaphore.locked());
                return 1;
            }));
            assertFalse(semaphore.locked());
            try (var held = await(semaphore.hold())) {
                assertTrue(semaphore.locked());
                held.close();
                assertFalse(semaphore.locked());
            }
            await(semaphore.acquire());
            assertTrue(semaphore.locked(), "closed twice, released once");
        });
    }

    @Test
    void aBoundedOneRefusesWhatIsTooMuchAndStaysAsItIs() {
        inLoop(() -> {
            var semaphore = BoundedSemaphore.create(2);
            await(semaphore.acquire());
            semaphore.release();
            var error = assertThrows(IllegalArgumentException.class, semaphore::release);
            assertTrue(error.getMessage().contains("released too many times"), error::getMessage);
            await(semaphore.acquire());
            await(semaphore.acquire());
            assertTrue(semaphore.locked());
            assertThrows(IllegalArgumentException.class, () -> BoundedSemaphore.create(-1));
            assertThrows(IllegalArgumentException.class, () -> Semaphore.create(-1));
            assertThrows(IllegalArgumentException.class, BoundedSemaphore.create(0)::release);
        });
    }

    @Test
    void aReleaseFromAnotherThreadIsRefused() {
        inLoop(() -> {
            var semaphore = Semaphore.create(0);
            var error = assertThrows(IllegalStateException.class, () -> await(toThread(semaphore::release)));
            assertTrue(error.getMessage().contains("callSoonThreadsafe"), error::getMessage);
            assertTrue(semaphore.locked());
        });
    }
}
