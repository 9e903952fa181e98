package asyncio.semantics;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.gather;
import static asyncio.Asyncio.sleep;
import static asyncio.Asyncio.toThread;
import static asyncio.Asyncio.with;
import static java.time.Duration.ZERO;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import asyncio.Action;
import asyncio.CancelledError;
import asyncio.Condition;
import asyncio.Coroutine;
import asyncio.Lock;
import asyncio.Task;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ConditionTest extends OnLoop {

    private Coroutine<Void> waiter(Condition condition, Object name) {
        return async(() -> with(condition, () -> {
            try {
                await(condition.waitNotified());
                log.add(name);
            } catch (CancelledError e) {
                log.add(name + " cancelled: " + e.getMessage() + ", " + condition.locked());
                throw e;
            }
        }));
    }

    @Test
    void wakesAsManyAsItIsToldInTheOrderOfComing() {
        inLoop(() -> {
            var condition = Condition.create();
            var tasks = new ArrayList<Task<Void>>();
            for (int n = 0; n < 6; n++) {
                tasks.add(createTask(waiter(condition, n)));
            }
            await(sleep(ZERO));
            with(condition, condition::notifyOne);
            iterations(10);
            assertEquals(List.of(0), log);
            with(condition, () -> {
                condition.notifyWaiters(0);
                condition.notifyWaiters(-1);
                condition.notifyWaiters(2);
            });
            iterations(10);
            assertEquals(List.of(0, 1, 2), log);
            with(condition, () -> {
                condition.notifyOne();
                condition.notifyOne();
            });
            iterations(10);
            assertEquals(List.of(0, 1, 2, 3, 4), log);
            with(condition, () -> {
                condition.notifyWaiters(1000);
            });
            await(gather(tasks));
            with(condition, condition::notifyAllWaiters);
        });
    }

    /** CPython's order of the same program. */
    @Test
    void aNotifiedOneThatIsCancelledComesBackWithTheLockAndAnotherIsNotified() {
        inLoop(() -> {
            var condition = Condition.create();
            var a = createTask(waiter(condition, "a"));
            var b = createTask(waiter(condition, "b"));
            var c = createTask(waiter(condition, "c"));
            await(sleep(ZERO));
            with(condition, () -> {
                condition.notifyOne();
                a.cancel("first");
                iterations(2);
                a.cancel("second");
                iterations(2);
                assertFalse(a.done(), "it needs the lock to go on");
            });
            iterations(10);
            assertEquals(List.of("a cancelled: second, true", "b"), log);
            assertTrue(a.cancelled());
            assertTrue(b.done());
            assertFalse(c.done());
            c.cancel();
        });
    }

    @Test
    void whoIsNotNotifiedAndCancelledTakesTheLockAgain() {
        inLoop(() -> {
            var condition = Condition.create();
            var a = createTask(waiter(condition, "a"));
            await(sleep(ZERO));
            await(condition.acquire());
            a.cancel("bye");
            iterations(10);
            assertEquals(List.of(), log);
            condition.release();
            cancelledBy(a);
            assertEquals(List.of("a cancelled: bye, true"), log);
            assertFalse(condition.locked());
        });
    }

    @Test
    void waitForAsksAtOnceAndDoesNotWaitIfItIsSo() {
        inLoop(() -> {
            var condition = Condition.create();
            createTask(async(() -> log.add("other")));
            with(condition, () -> {
                await(condition.waitFor(() -> true));
                assertEquals("value", await(condition.waitForValue(() -> "value")));
            });
            assertEquals(List.of(), log);
        });
    }

    @Test
    void waitForGivesTheFirstValueThatIsNotNull() {
        inLoop(() -> {
            var condition = Condition.create();
            Queue<String> stock = new ArrayDeque<>();
            var taker = createTask(async(() -> {
                var held = await(condition.hold());
                try (held) {
                    return await(condition.waitForValue(stock::poll));
                }
            }));
            for (int n = 0; n < 3; n++) {
                iterations(3);
                with(condition, condition::notifyOne);
                assertFalse(taker.done());
            }
            with(condition, () -> {
                stock.add("item");
                condition.notifyOne();
            });
            assertEquals("item", await(taker));
        });
    }

    @Test
    void whatThePredicateThrowsComesOutWithTheLockHeld() {
        inLoop(() -> {
            var condition = Condition.create();
            var failure = new IllegalArgumentException("predicate");
            var calls = new AtomicInteger();
            var task = createTask(async(() -> with(condition, () -> {
                try {
                    await(condition.waitFor(() -> {
                        if (calls.getAndIncrement() == 0) return false;
                        throw failure;
                    }));
                } finally {
                    assertTrue(condition.locked());
                }
            })));
            await(sleep(ZERO));
            with(condition, condition::notifyOne);
            assertSame(failure, assertThrows(IllegalArgumentException.class, () -> await(task)));
            assertFalse(condition.locked());
        });
    }

    @Test
    void severalMayShareALock() {
        inLoop(() -> {
            var lock = Lock.create();
            var full = Condition.create(lock);
            var empty = Condition.create(lock);
            var a = createTask(waiter(full, "full"));
            var b = createTask(waiter(empty, "empty"));
            await(sleep(ZERO));
            with(lock, () -> {
                assertTrue(full.locked());
                assertTrue(empty.locked());
                empty.notifyAllWaiters();
            });
            await(b);
            assertEquals(List.of("empty"), log);
            assertFalse(a.done());
            with(full, full::notifyOne);
            await(a);
        });
    }

    // ---- misuse

    @Test
    void withoutTheLockItIsRefused() {
        inLoop(() -> {
            var condition = Condition.create();
            for (Action call : List.<Action>of(
                    () -> await(condition.waitNotified()),
                    () -> await(condition.waitFor(() -> false)),
                    condition::notifyOne,
                    () -> condition.notifyWaiters(2),
                    condition::notifyAllWaiters,
                    condition::release)) {
                assertThrows(IllegalStateException.class, call::run);
            }
            assertFalse(condition.locked());
        });
    }

    @Test
    void fromAnotherThreadItIsRefused() {
        inLoop(() -> {
            var condition = Condition.create();
            var a = createTask(waiter(condition, "a"));
            await(sleep(ZERO));
            await(condition.acquire());
            for (Action call : List.<Action>of(condition::notifyOne, condition::notifyAllWaiters, condition::release)) {
                var error = assertThrows(IllegalStateException.class, () -> await(toThread(call)));
                assertTrue(error.getMessage().contains("callSoonThreadsafe"), error::getMessage);
            }
            condition.notifyOne();
            condition.release();
            await(a);
        });
    }

    @Test
    void javasOwnNotifyIsNoTrap() {
        var condition = Condition.create();
        assertThrows(IllegalMonitorStateException.class, condition::notify);
        assertThrows(IllegalMonitorStateException.class, condition::notifyAll);
    }

    @Test
    void aLockFromElsewhereIsRefused() {
        var lock = (Lock) java.lang.reflect.Proxy.newProxyInstance(
                Lock.class.getClassLoader(), new Class<?>[] {Lock.class}, (proxy, method, arguments) -> "a proxy");
        var error = assertThrows(IllegalArgumentException.class, () -> Condition.create(lock));
        assertTrue(error.getMessage().contains("Lock.create()"), error::getMessage);
        assertNull(error.getCause());
    }
}
