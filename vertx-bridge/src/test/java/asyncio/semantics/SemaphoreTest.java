package asyncio.semantics;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.gather;
import static asyncio.Asyncio.sleep;
import static java.time.Duration.ZERO;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import asyncio.Semaphore;
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
}
