package asyncio.semantics;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.gather;
import static asyncio.Asyncio.getRunningLoop;
import static asyncio.Asyncio.newEventLoop;
import static asyncio.Asyncio.sleep;
import static asyncio.Asyncio.toThread;
import static asyncio.Asyncio.using;
import static asyncio.Asyncio.with;
import static java.time.Duration.ZERO;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import asyncio.Awaitable;
import asyncio.Coroutine;
import asyncio.Held;
import asyncio.Lock;
import asyncio.Task;
import asyncio.internal.fiber.FiberKind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LockTest extends OnLoop {

    /** Awaits, and notes in which iteration that ended. */
    private Coroutine<Void> timed(String name, Awaitable<?> awaitable, Ticker ticker, int start) {
        return async(() -> {
            await(awaitable);
            log.add(name + " after " + (ticker.iterations() - start));
        });
    }

    // ---- order

    @Test
    void anUncontendedAcquireLetsNobodyElseRun() {
        inLoop(() -> {
            var lock = Lock.create();
            createTask(async(() -> log.add("other")));
            for (int n = 0; n < 100; n++) {
                await(lock.acquire());
                lock.release();
                with(lock, () -> {});
                await(lock.hold()).close();
            }
            assertEquals(List.of(), log);
        });
    }

    @Test
    void aReleasedLockIsFreeButCannotBeTakenBySomebodyElse() {
        inLoop(() -> {
            var lock = Lock.create();
            await(lock.acquire());
            var waiter = createTask(noting("waiter", lock.acquire()));
            await(sleep(ZERO));
            lock.release();
            assertFalse(lock.locked(), "it is on its way to the waiter");
            var newcomer = createTask(noting("newcomer", lock.acquire()));
            await(waiter);
            assertTrue(lock.locked());
            assertEquals(List.of("waiter done"), log);
            lock.release();
            await(newcomer);
            assertEquals(List.of("waiter done", "newcomer done"), log);
        });
    }

    /** CPython: the cancelled one, when its turn comes, wakes the next. */
    @Test
    void ofACancelledFirstAndAReleaseTheSecondProfitsOneIterationLater() {
        for (boolean cancelFirst : List.of(true, false)) {
            log.clear();
            inLoop(() -> {
                var ticker = Ticker.start();
                var lock = Lock.create();
                await(lock.acquire());
                int start = ticker.iterations() + 1;
                var a = createTask(timed("a", lock.acquire(), ticker, start));
                var b = createTask(timed("b", lock.acquire(), ticker, start));
                await(sleep(ZERO));
                if (cancelFirst) {
                    a.cancel();
                    lock.release();
                } else {
                    lock.release();
                    a.cancel();
                }
                await(b);
                ticker.stop();
                assertTrue(a.cancelled());
                assertEquals(List.of("b after 2"), log);
                assertTrue(lock.locked());
            });
        }
    }

    @Test
    void whereAllWhoWaitAreCancelledANewcomerNeedNotQueueUp() {
        inLoop(() -> {
            var ticker = Ticker.start();
            var lock = Lock.create();
            await(lock.acquire());
            var tasks = List.of(createTask(lock.acquire()), createTask(lock.acquire()));
            await(sleep(ZERO));
            tasks.forEach(Task::cancel);
            lock.release();
            assertEquals(0, ticker.during(lock.acquire()));
            iterations(5);
            ticker.stop();
            assertTrue(lock.locked());
            assertTrue(tasks.stream().allMatch(Task::cancelled));
        });
    }

    @Test
    void thousandsGetItInTheOrderOfComing() {
        int many = FiberKind.getChosen() == FiberKind.PLATFORM ? 1_000 : 10_000;
        inLoop(() -> {
            var lock = Lock.create();
            var order = new ArrayList<Integer>();
            await(lock.acquire());
            var tasks = IntStream.range(0, many)
                    .mapToObj(n -> createTask(async(() -> with(lock, () -> {
                        order.add(n);
                    }))))
                    .toList();
            await(sleep(ZERO));
            lock.release();
            await(gather(tasks));
            assertEquals(IntStream.range(0, many).boxed().toList(), order);
            assertFalse(lock.locked());
        });
    }

    /** With a search through those who wait this would take minutes. */
    @Test
    void aHundredThousandCancelledWaitersLeaveInNoTime() {
        inLoop(() -> {
            var lock = Lock.create();
            await(lock.acquire());
            // Without bodies in Java: they need no stacks.
            List<Task<Void>> tasks = new ArrayList<>();
            for (int n = 0; n < 100_000; n++) {
                tasks.add(createTask(lock.acquire()));
            }
            await(sleep(ZERO));
            var last = createTask(lock.acquire());
            await(sleep(ZERO));
            long start = System.nanoTime();
            for (int n = tasks.size() - 1; n >= 0; n--) {
                tasks.get(n).cancel();
            }
            await(sleep(ZERO));
            assertTrue(tasks.stream().allMatch(Task::cancelled));
            lock.release();
            await(last);
            assertTrue(System.nanoTime() - start < 10_000_000_000L);
        });
    }

    // ---- blocks

    @Test
    void theBlockHasItsValueAndItsExceptions() {
        inLoop(() -> {
            var lock = Lock.create();
            assertEquals("value", using(lock, () -> "value"));
            assertNull(using(lock, nothing -> {
                assertTrue(lock.locked());
                return nothing;
            }));
            var failure = new IOException("inside");
            assertSame(
                    failure,
                    assertThrows(
                            IOException.class,
                            () -> with(lock, () -> {
                                throw failure;
                            })));
            assertFalse(lock.locked());
        });
    }

    @Test
    void whatIsHeldIsReleasedOnce() {
        inLoop(() -> {
            var lock = Lock.create();
            Held first;
            try (var held = await(lock.hold())) {
                assertTrue(lock.locked());
                first = held;
            }
            assertFalse(lock.locked());
            try (var held = await(lock.hold())) {
                first.close();
                assertTrue(lock.locked(), "the lock is another's now");
                held.close();
                assertFalse(lock.locked());
            }
        });
    }

    @Test
    void aCoroutineOfALockRunsOnceAndWhenAwaited() {
        inLoop(() -> {
            var lock = Lock.create();
            var acquire = lock.acquire();
            assertFalse(lock.locked());
            await(acquire);
            assertTrue(lock.locked());
            assertThrows(IllegalStateException.class, () -> await(acquire));
            lock.release();
            var leave = lock.aexit(null);
            assertThrows(IllegalStateException.class, () -> await(leave));
        });
    }

    // ---- misuse

    @Test
    void aLockThatIsFreeCannotBeReleased() {
        inLoop(() -> {
            var lock = Lock.create();
            assertThrows(IllegalStateException.class, lock::release);
            await(lock.acquire());
            lock.release();
            var error = assertThrows(IllegalStateException.class, lock::release);
            assertTrue(error.getMessage().startsWith("Lock is not acquired"), error::getMessage);
            await(lock.acquire());
            assertTrue(lock.locked());
        });
    }

    @Test
    void aReleaseFromAnotherThreadIsRefused() {
        inLoop(() -> {
            var lock = Lock.create();
            await(lock.acquire());
            var error = assertThrows(IllegalStateException.class, () -> await(toThread(lock::release)));
            assertTrue(error.getMessage().contains("callSoonThreadsafe"), error::getMessage);
            assertTrue(lock.locked());
        });
    }

    @Test
    void aReleaseFromAnotherThreadIsRefusedWhereverTheLockWasMade() {
        var lock = Lock.create();
        inLoop(() -> {
            await(lock.acquire());
            assertThrows(IllegalStateException.class, () -> await(toThread(lock::release)));
            lock.release();
        });
    }

    @Test
    void aLockThatNobodyWaitedForServesOneLoopAfterTheOther() {
        var lock = Lock.create();
        for (int n = 0; n < 3; n++) {
            inLoop(() -> with(lock, () -> {
                iterations(3);
            }));
        }
    }

    @Test
    void aLockIsBoundToTheFirstLoopInWhichSomebodyWaits() {
        var lock = Lock.create();
        inLoop(() -> {
            await(lock.acquire());
            var waiter = createTask(lock.acquire());
            await(sleep(ZERO));
            lock.release();
            await(waiter);
            lock.release();
        });
        inLoop(() -> {
            await(lock.acquire());
            var error = assertThrows(IllegalStateException.class, () -> await(lock.acquire()));
            assertTrue(
                    error.getMessage().startsWith("<Lock locked, waiters:0> is bound to a different event loop"),
                    error::getMessage);
        });
    }

    @Test
    void aBoundLockCannotBeTakenInAnotherLoopWhileItsOwnRuns() {
        inLoop(() -> {
            var lock = Lock.create();
            await(lock.acquire());
            var waiter = createTask(lock.acquire());
            await(sleep(ZERO));
            lock.release();
            await(waiter);
            lock.release();
            var error = assertThrows(
                    IllegalStateException.class,
                    () -> await(toThread(() -> {
                        try (var other = newEventLoop()) {
                            other.runUntilComplete(lock.acquire());
                        }
                    })));
            assertTrue(error.getMessage().contains("is bound to a different event loop"), error::getMessage);
            assertFalse(lock.locked());
        });
    }

    @Test
    void aCallbackMayRelease() {
        inLoop(() -> {
            var lock = Lock.create();
            await(lock.acquire());
            getRunningLoop().callSoon(lock::release);
            await(lock.acquire());
            assertTrue(lock.locked());
        });
    }
}
