package asyncio.semantics;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.each;
import static asyncio.Asyncio.gather;
import static asyncio.Asyncio.getRunningLoop;
import static asyncio.Asyncio.sleep;
import static asyncio.Asyncio.with;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofMillis;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import asyncio.AsyncContextManager;
import asyncio.Awaitable;
import asyncio.Barrier;
import asyncio.BoundedSemaphore;
import asyncio.BrokenBarrierException;
import asyncio.CancelledError;
import asyncio.Condition;
import asyncio.Coroutine;
import asyncio.Event;
import asyncio.Held;
import asyncio.Lock;
import asyncio.Queue;
import asyncio.QueueShutDownException;
import asyncio.Semaphore;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The primitives while a task that uses them is cancelled at every one of its awaits: no permit, lock, item, wake-up or
 * waiter is lost, and none is made.
 */
@Timeout(value = 100, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CancelledPrimitivesTest {

    /** The ways to hold something while one awaits something else. */
    enum Holding {
        TRY_FINALLY {
            @Override
            Coroutine<Void> hold(AsyncContextManager<?> manager, Supplier<? extends Awaitable<?>> inside) {
                return async(() -> {
                    await(acquire(manager));
                    try {
                        await(inside.get());
                    } finally {
                        release(manager);
                    }
                });
            }
        },
        WITH {
            @Override
            Coroutine<Void> hold(AsyncContextManager<?> manager, Supplier<? extends Awaitable<?>> inside) {
                return async(() -> with(manager, () -> {
                    await(inside.get());
                }));
            }
        },
        HOLD {
            @Override
            Coroutine<Void> hold(AsyncContextManager<?> manager, Supplier<? extends Awaitable<?>> inside) {
                return async(() -> {
                    try (var held = await(held(manager))) {
                        await(inside.get());
                        held.close();
                    }
                });
            }
        },
        SUSPEND_FUNCTION {
            @Override
            Coroutine<Void> hold(AsyncContextManager<?> manager, Supplier<? extends Awaitable<?>> inside) {
                return SuspendBodies.holding(manager, inside::get);
            }
        },
        SUSPEND_FUNCTION_WITH_USE {
            @Override
            Coroutine<Void> hold(AsyncContextManager<?> manager, Supplier<? extends Awaitable<?>> inside) {
                return SuspendBodies.using(manager, inside::get);
            }
        };

        abstract Coroutine<Void> hold(AsyncContextManager<?> manager, Supplier<? extends Awaitable<?>> inside);

        private static Coroutine<Void> acquire(AsyncContextManager<?> manager) {
            if (manager instanceof Lock lock) return lock.acquire();
            if (manager instanceof Condition condition) return condition.acquire();
            return ((Semaphore) manager).acquire();
        }

        private static Coroutine<Held> held(AsyncContextManager<?> manager) {
            if (manager instanceof Lock lock) return lock.hold();
            if (manager instanceof Condition condition) return condition.hold();
            return ((Semaphore) manager).hold();
        }

        private static void release(AsyncContextManager<?> manager) {
            if (manager instanceof Lock lock) lock.release();
            else if (manager instanceof Condition condition) condition.release();
            else ((Semaphore) manager).release();
        }
    }

    /** The kinds of body that await something. */
    enum Body {
        JAVA {
            @Override
            <T> Coroutine<Void> after(Awaitable<T> awaitable, Consumer<T> then) {
                return async(() -> then.accept(await(awaitable)));
            }
        },
        SUSPEND_FUNCTION {
            @Override
            <T> Coroutine<Void> after(Awaitable<T> awaitable, Consumer<T> then) {
                return SuspendBodies.after(awaitable, value -> {
                    then.accept(value);
                    return kotlin.Unit.INSTANCE;
                });
            }
        };

        /** Awaits, and then does something without another await in between. */
        abstract <T> Coroutine<Void> after(Awaitable<T> awaitable, Consumer<T> then);
    }

    /** Counts who is inside. */
    private static final class Room {
        private final int places;
        private int inside;
        private int visits;

        Room(int places) {
            this.places = places;
        }

        Coroutine<Void> visit() {
            return async(() -> {
                visits++;
                assertTrue(++inside <= places, "too many inside");
                try {
                    await(sleep(ZERO));
                    await(sleep(ofMillis(3)));
                } finally {
                    inside--;
                }
            });
        }
    }

    /** Four tasks go into the same room, one of them cancelled. */
    private static void visitors(EveryAwait.Stage stage, Holding holding, AsyncContextManager<?> door, Room room) {
        stage.other("first", holding.hold(door, room::visit));
        stage.other("second", holding.hold(door, room::visit));
        stage.victim(holding.hold(door, room::visit));
        stage.other("fourth", async(() -> {
            await(sleep(ZERO));
            await(holding.hold(door, room::visit));
        }));
        stage.afterwards(() -> {
            assertEquals(0, room.inside);
            assertTrue(room.visits == 4 || room.visits == 3 && stage.isStruck(), "visits: " + room.visits);
            assertTrue(door.toString().contains("waiters:0"), door::toString);
        });
    }

    @ParameterizedTest
    @EnumSource
    void lock(Holding holding) {
        EveryAwait.check("lock", stage -> {
            var lock = Lock.create();
            visitors(stage, holding, lock, new Room(1));
            stage.afterwards(() -> {
                assertFalse(lock.locked());
                var acquiring = createTask(lock.acquire());
                await(sleep(ZERO));
                assertTrue(acquiring.done(), "it can be had at once");
            });
        });
    }

    @ParameterizedTest
    @EnumSource
    void lockOfACondition(Holding holding) {
        EveryAwait.check("condition", stage -> {
            var condition = Condition.create();
            visitors(stage, holding, condition, new Room(1));
            stage.afterwards(() -> assertFalse(condition.locked()));
        });
    }

    @ParameterizedTest
    @EnumSource
    void semaphore(Holding holding) {
        for (int permits = 1; permits <= 2; permits++) {
            int n = permits;
            EveryAwait.check("semaphore of " + n, stage -> {
                var semaphore = Semaphore.create(n);
                visitors(stage, holding, semaphore, new Room(n));
                stage.afterwards(() -> assertEquals(n, permitsOf(semaphore)));
            });
        }
    }

    @ParameterizedTest
    @EnumSource
    void boundedSemaphore(Holding holding) {
        EveryAwait.check("bounded semaphore", stage -> {
            var semaphore = BoundedSemaphore.create(2);
            visitors(stage, holding, semaphore, new Room(2));
            stage.afterwards(() -> {
                assertThrows(IllegalArgumentException.class, semaphore::release);
                assertEquals(2, permitsOf(semaphore));
            });
        });
    }

    /** Takes all there are. */
    private static int permitsOf(Semaphore semaphore) {
        int permits = 0;
        while (!semaphore.locked()) {
            await(semaphore.acquire());
            permits++;
        }
        return permits;
    }

    // ---- events

    @ParameterizedTest
    @EnumSource
    void event(Body body) {
        EveryAwait.check("event", stage -> {
            var event = Event.create();
            var woken = new AtomicInteger();
            stage.other("first", body.after(event.waitSet(), nothing -> woken.incrementAndGet()));
            stage.victim(body.after(event.waitSet(), nothing -> {}));
            stage.other("third", body.after(event.waitSet(), nothing -> woken.incrementAndGet()));
            stage.other("setter", async(() -> {
                await(sleep(ofMillis(3)));
                event.set();
                event.clear();
                await(sleep(ofMillis(3)));
                assertEquals(2, woken.get());
            }));
            stage.afterwards(() -> assertTrue(event.toString().contains("waiters:0"), event::toString));
        });
    }

    // ---- conditions

    /** Two notifications for two others: none may be lost with the victim. */
    @ParameterizedTest
    @EnumSource
    void conditionWait(Holding holding) {
        EveryAwait.check("condition.wait", stage -> {
            var condition = Condition.create();
            var gotIt = new AtomicBoolean();
            stage.other("first", holding.hold(condition, condition::waitNotified));
            stage.victim(async(() -> {
                await(holding.hold(condition, () -> lockedAgain(condition, condition.waitNotified())));
                gotIt.set(true);
            }));
            stage.other("third", holding.hold(condition, condition::waitNotified));
            stage.other("notifier", async(() -> {
                await(sleep(ofMillis(4)));
                for (int n = 0; n < 3; n++) {
                    if (n == 2) {
                        await(sleep(ofMillis(20)));
                        if (!gotIt.get()) {
                            return;
                        }
                    }
                    with(condition, () -> {
                        condition.notifyOne();
                        await(sleep(ofMillis(2)));
                    });
                }
            }));
            stage.afterwards(() -> {
                assertFalse(condition.locked());
                assertTrue(condition.toString().contains("waiters:0"), condition::toString);
            });
        });
    }

    /** Whatever comes out of the await, the lock is held then. */
    private static Coroutine<Void> lockedAgain(Condition condition, Awaitable<?> wait) {
        return async(() -> {
            try {
                await(wait);
            } finally {
                assertTrue(condition.locked(), "the lock is held after the wait");
            }
        });
    }

    /** The lock is taken by somebody else when the victim wants it back. */
    @ParameterizedTest
    @EnumSource
    void conditionWaitThatHasToQueueUpForItsLock(Holding holding) {
        EveryAwait.check("condition.wait, contended", stage -> {
            var condition = Condition.create();
            var room = new Room(1);
            stage.victim(holding.hold(
                    condition,
                    () -> async(() -> {
                        await(room.visit());
                        await(lockedAgain(condition, condition.waitNotified()));
                        await(room.visit());
                    })));
            stage.other("second", holding.hold(condition, room::visit));
            stage.other("third", holding.hold(condition, room::visit));
            stage.other("notifier", async(() -> {
                for (int n = 0; n < 8; n++) {
                    await(holding.hold(
                            condition,
                            () -> async(() -> {
                                condition.notifyAllWaiters();
                                await(room.visit());
                            })));
                }
            }));
            stage.afterwards(() -> assertFalse(condition.locked()));
        });
    }

    @ParameterizedTest
    @EnumSource
    void conditionWaitFor(Holding holding) {
        EveryAwait.check("condition.wait_for", stage -> {
            var condition = Condition.create();
            var stock = new AtomicInteger();
            var bought = new AtomicInteger();
            Supplier<Coroutine<Void>> buys = () -> holding.hold(
                    condition,
                    () -> async(() -> {
                        await(lockedAgain(condition, condition.waitFor(() -> stock.get() > 0)));
                        stock.decrementAndGet();
                        bought.incrementAndGet();
                    }));
            stage.other("first", buys.get());
            var victim = stage.victim(buys.get());
            stage.other("third", buys.get());
            stage.other("shop", async(() -> {
                // As many as are bought: a lost notification would leave somebody waiting beside a full stock.
                for (int n = 0; n < 3 && !(n == 2 && victim.done() && bought.get() == 2); n++) {
                    await(sleep(ofMillis(n == 2 ? 20 : 3)));
                    if (n == 2 && victim.cancelled()) {
                        return;
                    }
                    with(condition, () -> {
                        stock.incrementAndGet();
                        condition.notifyOne();
                        await(sleep(ZERO));
                    });
                }
            }));
            stage.afterwards(() -> {
                assertFalse(condition.locked());
                assertEquals(stage.isStruck() && victim.cancelled() ? bought.get() : 3, bought.get());
                assertTrue(bought.get() >= 2);
            });
        });
    }

    // ---- barriers

    @ParameterizedTest
    @EnumSource
    void barrier(Body body) {
        EveryAwait.check("barrier", stage -> {
            var barrier = Barrier.create(3);
            var indices = new ArrayList<Integer>();
            var victim = stage.victim(body.after(barrier.waitAll(), indices::add));
            stage.other("second", body.after(barrier.waitAll(), indices::add));
            stage.other("third", async(() -> {
                await(sleep(ofMillis(4)));
                indices.add(await(barrier.waitAll()));
            }));
            stage.other("spare", async(() -> {
                await(sleep(ofMillis(20)));
                if (barrier.nWaiting() > 0) {
                    assertTrue(victim.cancelled(), "who was not cancelled has come");
                    indices.add(await(barrier.waitAll()));
                }
            }));
            stage.afterwards(() -> {
                assertEquals(indices.size(), new HashSet<>(indices).size(), () -> "indices: " + indices);
                assertTrue(indices.size() == 3 || victim.cancelled() && indices.size() == 2, () -> "" + indices);
                assertEquals(0, barrier.nWaiting());
                assertFalse(barrier.broken());
                assertEquals(List.of(2, 0, 1), nextRound(barrier));
            });
        });
    }

    /** The order in which three that come together go on: the last to come has not waited. */
    private static List<Integer> nextRound(Barrier barrier) {
        var order = new ArrayList<Integer>();
        await(gather(
                Body.JAVA.after(barrier.waitAll(), order::add),
                Body.JAVA.after(barrier.waitAll(), order::add),
                Body.JAVA.after(barrier.waitAll(), order::add)));
        return order;
    }

    /** Two rounds, and in the second one somebody comes before all of the first have left. */
    @Test
    void barrierInABlockTwice() {
        EveryAwait.check("barrier, twice", stage -> {
            var barrier = Barrier.create(2);
            var rounds = new ArrayList<Integer>();
            Supplier<Coroutine<Void>> party = () -> async(() -> {
                for (int n = 0; n < 2; n++) {
                    with(barrier, index -> {
                        rounds.add(index);
                        await(sleep(ZERO));
                    });
                }
            });
            var victim = stage.victim(party.get());
            stage.other("other", async(() -> {
                for (int n = 0; n < 2; n++) {
                    await(barrier.waitAll());
                }
            }));
            stage.other("substitute", async(() -> {
                for (int n = 0; n < 30; n++) {
                    await(sleep(ofMillis(2)));
                    if (victim.done() && barrier.nWaiting() > 0) {
                        await(barrier.waitAll());
                    }
                }
            }));
            stage.afterwards(() -> {
                assertEquals(0, barrier.nWaiting());
                assertFalse(barrier.broken());
            });
        });
    }

    @ParameterizedTest
    @EnumSource
    void barrierThatIsAborted(Body body) {
        EveryAwait.check("barrier.abort", stage -> {
            var barrier = Barrier.create(3);
            stage.victimEnds(victim -> assertTrue(
                    victim.cancelled() || victim.exception() instanceof BrokenBarrierException, victim::toString));
            stage.other("first", async(() -> {
                assertThrows(BrokenBarrierException.class, () -> await(barrier.waitAll()));
            }));
            stage.victim(body.after(barrier.waitAll(), index -> {}));
            stage.other("breaker", async(() -> {
                await(sleep(ofMillis(4)));
                await(barrier.abort());
                assertTrue(barrier.broken());
                assertThrows(BrokenBarrierException.class, () -> await(barrier.waitAll()));
                await(sleep(ofMillis(10)));
                await(barrier.reset());
            }));
            stage.afterwards(() -> assertEquals(List.of(2, 0, 1), nextRound(barrier)));
        });
    }

    // ---- queues

    /** The kinds of queue. */
    enum Kind {
        FIFO {
            @Override
            Queue<Integer> queue(int maxsize) {
                return Queue.create(maxsize);
            }
        },
        LIFO {
            @Override
            Queue<Integer> queue(int maxsize) {
                return Queue.lifo(maxsize);
            }
        },
        PRIORITY {
            @Override
            Queue<Integer> queue(int maxsize) {
                return Queue.priority(Comparator.<Integer>reverseOrder(), maxsize);
            }
        };

        abstract Queue<Integer> queue(int maxsize);
    }

    @ParameterizedTest
    @EnumSource
    void queueGet(Kind kind) {
        for (var body : Body.values()) {
            for (int maxsize = 0; maxsize <= 1; maxsize++) {
                int max = maxsize;
                EveryAwait.check(kind + ".get, maxsize " + max + ", " + body, stage -> {
                    var queue = kind.queue(max);
                    var got = new ArrayList<Integer>();
                    stage.other("first", body.after(queue.get(), got::add));
                    var victim = stage.victim(body.after(queue.get(), got::add));
                    stage.other("third", body.after(queue.get(), got::add));
                    stage.other("putter", async(() -> {
                        await(sleep(ofMillis(3)));
                        await(queue.put(1));
                        await(queue.put(2));
                        await(sleep(ofMillis(10)));
                        if (!victim.cancelled()) {
                            await(queue.put(3));
                        }
                    }));
                    stage.afterwards(() -> {
                        var items = new ArrayList<>(got);
                        while (!queue.empty()) {
                            items.add(queue.getNowait());
                        }
                        items.sort(null);
                        assertEquals(victim.cancelled() ? List.of(1, 2) : List.of(1, 2, 3), items);
                        assertTrue(queue.toString().contains("getters:0, putters:0"), queue::toString);
                    });
                });
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void queuePut(Kind kind) {
        for (var body : Body.values()) {
            EveryAwait.check(kind + ".put, " + body, stage -> {
                var queue = kind.queue(1);
                var in = new ArrayList<Integer>();
                var out = new ArrayList<Integer>();
                stage.other("first", body.after(queue.put(1), nothing -> in.add(1)));
                stage.other("second", body.after(queue.put(2), nothing -> in.add(2)));
                stage.victim(body.after(queue.put(3), nothing -> in.add(3)));
                stage.other("fourth", body.after(queue.put(4), nothing -> in.add(4)));
                stage.other("getter", async(() -> {
                    while (in.size() < 3 || !queue.empty() || !in.containsAll(List.of(1, 2, 4))) {
                        await(sleep(ofMillis(3)));
                        if (!queue.empty()) {
                            out.add(queue.getNowait());
                            queue.taskDone();
                        }
                    }
                    // What the victim has yet to put.
                    await(sleep(ofMillis(10)));
                    while (!queue.empty()) {
                        out.add(queue.getNowait());
                        queue.taskDone();
                    }
                }));
                stage.afterwards(() -> {
                    in.sort(null);
                    out.sort(null);
                    assertEquals(in, out);
                    assertTrue(queue.toString().contains("getters:0, putters:0, unfinished:0"), queue::toString);
                });
            });
        }
    }

    @ParameterizedTest
    @EnumSource
    void queueJoin(Body body) {
        EveryAwait.check("queue.join", stage -> {
            Queue<Integer> queue = Queue.create();
            queue.putNowait(1);
            queue.putNowait(2);
            stage.other("first", body.after(queue.join(), nothing -> {}));
            stage.victim(body.after(queue.join(), nothing -> {}));
            stage.other("third", body.after(queue.join(), nothing -> {}));
            stage.other("worker", async(() -> {
                for (int n = 0; n < 2; n++) {
                    await(queue.get());
                    await(sleep(ofMillis(2)));
                    queue.taskDone();
                }
            }));
            stage.afterwards(() -> await(queue.join()));
        });
    }

    /** The worker is cancelled: what it took and did not finish is known to be unfinished. */
    @Test
    void queueWorker() {
        EveryAwait.check("queue worker", stage -> {
            Queue<Integer> queue = Queue.create(2);
            var finished = new ArrayList<Integer>();
            stage.victim(async(() -> {
                for (int item : each(queue)) {
                    try {
                        await(sleep(ofMillis(1)));
                        finished.add(item);
                    } finally {
                        queue.taskDone();
                    }
                }
            }));
            stage.other("other worker", async(() -> {
                for (int item : each(queue)) {
                    await(sleep(ofMillis(1)));
                    finished.add(item);
                    queue.taskDone();
                }
            }));
            stage.other("producer", async(() -> {
                for (int n = 0; n < 6; n++) {
                    await(queue.put(n));
                }
                await(queue.join());
                queue.shutdown();
            }));
            stage.afterwards(() -> {
                assertTrue(finished.size() == 6 || stage.isStruck() && finished.size() == 5, finished::toString);
                assertTrue(queue.toString().contains("getters:0, putters:0, unfinished:0"), queue::toString);
            });
        });
    }

    @ParameterizedTest
    @EnumSource
    void queueGetThatIsShutDown(Body body) {
        for (boolean immediate : List.of(false, true)) {
            EveryAwait.check("queue.shutdown(" + immediate + ") while getting", stage -> {
                Queue<Integer> queue = Queue.create();
                var got = new AtomicInteger();
                stage.victimEnds(CancelledPrimitivesTest::cancelledOrShutDown);
                stage.other("first", async(() -> {
                    try {
                        await(body.after(queue.get(), item -> got.incrementAndGet()));
                    } catch (QueueShutDownException end) {
                        assertTrue(immediate || got.get() > 0, "the item is for one of them");
                    }
                }));
                stage.victim(body.after(queue.get(), item -> got.incrementAndGet()));
                stage.other("closer", async(() -> {
                    await(sleep(ofMillis(3)));
                    queue.putNowait(1);
                    queue.shutdown(immediate);
                    await(sleep(ofMillis(3)));
                    assertThrows(QueueShutDownException.class, () -> await(queue.get()));
                }));
                stage.afterwards(() -> assertEquals(immediate ? 0 : 1, got.get()));
            });
        }
    }

    @ParameterizedTest
    @EnumSource
    void queuePutThatIsShutDown(Body body) {
        for (boolean immediate : List.of(false, true)) {
            EveryAwait.check("queue.shutdown(" + immediate + ") while putting", stage -> {
                Queue<Integer> queue = Queue.create(1);
                queue.putNowait(0);
                stage.victimEnds(CancelledPrimitivesTest::cancelledOrShutDown);
                stage.other("first", async(() -> {
                    assertThrows(QueueShutDownException.class, () -> await(body.after(queue.put(1), nothing -> {})));
                }));
                stage.victim(body.after(queue.put(2), nothing -> {}));
                stage.other("closer", async(() -> {
                    await(sleep(ofMillis(3)));
                    queue.shutdown(immediate);
                }));
                stage.afterwards(() -> {
                    assertEquals(immediate ? 0 : 1, queue.qsize());
                    assertTrue(queue.toString().contains("getters:0, putters:0"), queue::toString);
                });
            });
        }
    }

    private static void cancelledOrShutDown(asyncio.Task<?> victim) {
        assertTrue(
                victim.cancelled()
                        || victim.exception() == null
                        || victim.exception() instanceof QueueShutDownException,
                victim::toString);
    }

    // ---- the helper itself

    @Test
    void theHelperNoticesWhatIsLost() {
        var error = assertThrows(
                AssertionError.class,
                () -> EveryAwait.check("leaking", stage -> {
                    var semaphore = Semaphore.create(1);
                    stage.other("first", Holding.TRY_FINALLY.hold(semaphore, () -> sleep(ofMillis(2))));
                    // Its permit is lost if it is cancelled inside.
                    stage.victim(async(() -> {
                        await(semaphore.acquire());
                        await(sleep(ofMillis(2)));
                        semaphore.release();
                    }));
                    stage.afterwards(() -> assertFalse(semaphore.locked()));
                }));
        assertTrue(error.getMessage().startsWith("leaking, cancelled before task "), error::getMessage);
    }

    @Test
    void theHelperNoticesWhoWaitsForEver() {
        var error = assertThrows(
                AssertionError.class,
                () -> EveryAwait.check("deaf", stage -> {
                    var loop = getRunningLoop();
                    var future = loop.<Void>createFuture();
                    stage.victim(async(() -> {
                        await(sleep(ofMillis(2)));
                        future.setResult(null);
                    }));
                    stage.other("other", async(() -> {
                        await(future);
                    }));
                }));
        assertTrue(error.getMessage().contains("waits for ever: [<Task pending name='other'"), error::getMessage);
    }

    @Test
    void theHelperNoticesWhoSwallowsTheCancellation() {
        var error = assertThrows(
                AssertionError.class,
                () -> EveryAwait.check(
                        "swallowing",
                        stage -> stage.victim(async(() -> {
                            try {
                                await(sleep(ofMillis(2)));
                            } catch (CancelledError swallowed) {
                                stage.note("swallowed");
                            }
                        }))));
        assertTrue(error.getMessage().contains("should have been cancelled"), error::getMessage);
    }
}
