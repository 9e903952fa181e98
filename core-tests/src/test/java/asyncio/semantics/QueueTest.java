package asyncio.semantics;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.each;
import static asyncio.Asyncio.gather;
import static asyncio.Asyncio.getRunningLoop;
import static asyncio.Asyncio.sleep;
import static asyncio.Asyncio.toThread;
import static java.time.Duration.ZERO;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import asyncio.Action;
import asyncio.Coroutine;
import asyncio.Queue;
import asyncio.QueueEmptyException;
import asyncio.QueueFullException;
import asyncio.QueueShutDownException;
import asyncio.QueueStore;
import asyncio.StopAsyncIteration;
import asyncio.Task;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class QueueTest extends OnLoop {

    private Coroutine<Void> getter(String name, Queue<?> queue) {
        return async(() -> {
            log.add(name + " got " + await(queue.get()));
        });
    }

    private static <T> List<T> drain(Queue<T> queue) {
        var items = new ArrayList<T>();
        while (!queue.empty()) {
            items.add(queue.getNowait());
        }
        return items;
    }

    private static void putAll(Queue<Integer> queue, Integer... items) {
        for (var item : items) {
            queue.putNowait(item);
        }
    }

    // ---- putting and getting

    @Test
    void whereThereIsPlaceOrAnItemNobodyElseRuns() {
        inLoop(() -> {
            Queue<Integer> queue = Queue.create(1);
            createTask(async(() -> log.add("other")));
            for (int n = 0; n < 100; n++) {
                await(queue.put(n));
                assertEquals(n, await(queue.get()));
            }
            assertEquals(List.of(), log);
        });
    }

    @Test
    void nullIsAnItemLikeAnyOther() {
        inLoop(() -> {
            for (Queue<String> queue : List.<Queue<String>>of(
                    Queue.create(),
                    Queue.lifo(),
                    Queue.priority(Comparator.nullsFirst(Comparator.<String>naturalOrder())))) {
                queue.putNowait(null);
                assertEquals(1, queue.qsize());
                assertNull(queue.getNowait());
                assertTrue(queue.empty());
                var getter = createTask(queue.get());
                await(sleep(ZERO));
                await(queue.put(null));
                assertNull(await(getter));
                queue.putNowait(null);
                queue.putNowait("x");
                queue.shutdown();
                var items = new ArrayList<String>();
                for (var item : each(queue)) {
                    items.add(item);
                }
                items.sort(Comparator.nullsFirst(Comparator.<String>naturalOrder()));
                assertEquals(Arrays.asList(null, "x"), items);
            }
        });
    }

    /** CPython's order of the same program: the item is not handed over, and who lost it is the last in the queue. */
    @Test
    void anItemMayBeTakenBeforeTheOneWhoWasWokenForIt() {
        inLoop(() -> {
            Queue<String> queue = Queue.create();
            var tasks = List.of(createTask(getter("a", queue)), createTask(getter("b", queue)));
            await(sleep(ZERO));
            queue.putNowait("x");
            assertEquals("x", queue.getNowait());
            await(sleep(ZERO));
            queue.putNowait("y");
            queue.putNowait("z");
            await(gather(tasks));
            assertEquals(List.of("b got y", "a got z"), log);
        });
    }

    @Test
    void aPlaceMayBeTakenBeforeTheOneWhoWasWokenForIt() {
        inLoop(() -> {
            Queue<String> queue = Queue.create(1);
            queue.putNowait("0");
            var a = createTask(queue.put("a"));
            var b = createTask(queue.put("b"));
            await(sleep(ZERO));
            queue.getNowait();
            queue.putNowait("newcomer");
            iterations(3);
            assertFalse(a.done() || b.done());
            assertEquals("newcomer", queue.getNowait());
            await(b);
            assertFalse(a.done(), "it is behind b now");
            assertEquals("b", queue.getNowait());
            await(a);
            assertEquals("a", queue.getNowait());
        });
    }

    @Test
    void aSizeOfZeroOrLessIsNoLimit() {
        inLoop(() -> {
            for (int maxsize : List.of(0, -1, Integer.MIN_VALUE)) {
                Queue<Integer> queue = Queue.create(maxsize);
                putAll(queue, 1, 2, 3);
                assertFalse(queue.full());
                assertEquals(maxsize, queue.maxsize());
                assertEquals(3, queue.qsize());
            }
        });
    }

    @Test
    void aCancelledPutPutsNothingAndACancelledGetTakesNothing() {
        inLoop(() -> {
            Queue<Integer> queue = Queue.create(1);
            var get = createTask(queue.get());
            await(sleep(ZERO));
            get.cancel();
            cancelledBy(get);
            queue.putNowait(1);
            var put = createTask(queue.put(2));
            await(sleep(ZERO));
            put.cancel();
            cancelledBy(put);
            assertEquals(List.of(1), drain(queue));
        });
    }

    @Test
    void aHundredThousandCancelledGettersLeaveInNoTime() {
        inLoop(() -> {
            Queue<Integer> queue = Queue.create();
            var tasks = new ArrayList<Task<Integer>>();
            for (int n = 0; n < 100_000; n++) {
                tasks.add(createTask(queue.get()));
            }
            await(sleep(ZERO));
            var last = createTask(queue.get());
            await(sleep(ZERO));
            long start = System.nanoTime();
            for (int n = 0; n < 50_000; n++) {
                queue.putNowait(n);
            }
            Collections.reverse(tasks);
            tasks.forEach(Task::cancel);
            assertEquals(0, await(last));
            assertTrue(System.nanoTime() - start < 10_000_000_000L);
            assertEquals(49_999, queue.qsize());
        });
    }

    @Test
    void thousandsAreServedInTheOrderOfComing() {
        inLoop(() -> {
            Queue<Integer> queue = Queue.create(10);
            var tasks = new ArrayList<Task<Integer>>();
            for (int n = 0; n < 10_000; n++) {
                tasks.add(createTask(queue.get()));
            }
            for (int n = 0; n < 10_000; n++) {
                await(queue.put(n));
            }
            assertEquals(IntStream.range(0, 10_000).boxed().toList(), await(gather(tasks)));
        });
    }

    // ---- priorities

    @Test
    void ofEqualItemsTheEarliestComesFirst() {
        inLoop(() -> {
            Queue<String> queue = Queue.priority(Comparator.comparing(String::length));
            var random = new Random(1);
            var expected = new ArrayList<String>();
            for (int n = 0; n < 500; n++) {
                var item = "x".repeat(random.nextInt(5)) + n % 10;
                queue.putNowait(item);
                expected.add(item);
            }
            expected.sort(Comparator.comparing(String::length));
            assertEquals(expected, drain(queue));
        });
    }

    @Test
    void givesTheSmallestWhateverWasPutAndTakenBefore() {
        inLoop(() -> {
            Queue<Integer> queue = Queue.priority();
            var model = new ArrayList<Integer>();
            var random = new Random(2);
            for (int n = 0; n < 20_000; n++) {
                if (random.nextInt(5) < 3) {
                    int item = random.nextInt(1000);
                    queue.putNowait(item);
                    model.add(item);
                } else if (!model.isEmpty()) {
                    var smallest = Collections.min(model);
                    model.remove(smallest);
                    assertEquals(smallest, queue.getNowait());
                }
                assertEquals(model.size(), queue.qsize());
            }
        });
    }

    @Test
    void aComparatorThatThrowsLeavesTheQueueAsItWas() {
        inLoop(() -> {
            for (int failAt = 1; failAt < 60; failAt++) {
                int[] countdown = {Integer.MAX_VALUE};
                Queue<Integer> queue = Queue.priority((one, other) -> {
                    if (--countdown[0] == 0) {
                        throw new ArithmeticException("cannot compare");
                    }
                    return Integer.compare(one, other);
                });
                var model = new ArrayList<Integer>();
                var random = new Random(failAt);
                int failures = 0;
                countdown[0] = failAt;
                for (int n = 0; n < 60; n++) {
                    try {
                        if (random.nextInt(3) > 0) {
                            int item = random.nextInt(100);
                            queue.putNowait(item);
                            model.add(item);
                        } else if (!queue.empty()) {
                            model.remove(queue.getNowait());
                        }
                    } catch (ArithmeticException e) {
                        failures++;
                        countdown[0] = failAt;
                    }
                    assertEquals(model.size(), queue.qsize());
                }
                assertTrue(failures > 0);
                countdown[0] = Integer.MAX_VALUE;
                model.sort(null);
                assertEquals(model, drain(queue));
            }
        });
    }

    @Test
    void whatCannotBeComparedIsRefusedInAnEmptyQueueToo() {
        inLoop(() -> {
            Queue<Integer> queue = Queue.priority();
            assertThrows(NullPointerException.class, () -> queue.putNowait(null));
            assertTrue(queue.empty());
            await(queue.join());
            assertThrows(NullPointerException.class, () -> await(queue.put(null)));
            queue.putNowait(1);
            assertThrows(NullPointerException.class, () -> queue.putNowait(null));
            assertEquals(List.of(1), drain(queue));
        });
    }

    @Test
    void whoWaitedAndWhoseItemCannotBeComparedLetsTheNextIn() {
        inLoop(() -> {
            Queue<Integer> queue = Queue.priority(1);
            queue.putNowait(1);
            var bad = createTask(queue.put(null));
            var good = createTask(queue.put(2));
            await(sleep(ZERO));
            queue.getNowait();
            assertThrows(NullPointerException.class, () -> await(bad));
            await(good);
            assertEquals(List.of(2), drain(queue));
        });
    }

    // ---- stores of one's own

    /** No item twice. */
    private static final class SetStore implements QueueStore<String> {
        private final LinkedHashSet<String> items = new LinkedHashSet<>();

        @Override
        public void put(String item) {
            items.add(item);
        }

        @Override
        public String get() {
            var first = items.iterator().next();
            items.remove(first);
            return first;
        }

        @Override
        public int size() {
            return items.size();
        }
    }

    /** The latest two. */
    private static final class SlidingStore implements QueueStore<String> {
        private final ArrayDeque<String> items = new ArrayDeque<>();

        @Override
        public void put(String item) {
            if (items.size() == 2) {
                items.removeFirst();
            }
            items.addLast(item);
        }

        @Override
        public String get() {
            return items.removeFirst();
        }

        @Override
        public int size() {
            return items.size();
        }
    }

    @Test
    void aStoreMayDropItemsAndJoinKnowsIt() {
        inLoop(() -> {
            Queue<String> set = Queue.of(new SetStore(), 3);
            for (var item : List.of("a", "b", "a", "c")) {
                set.putNowait(item);
            }
            assertTrue(set.full());
            assertEquals(List.of("a", "b", "c"), drain(set));
            Queue<String> sliding = Queue.of(new SlidingStore());
            for (var item : List.of("a", "b", "c", "d")) {
                await(sliding.put(item));
            }
            assertEquals(List.of("c", "d"), drain(sliding));
            for (var queue : List.of(set, sliding)) {
                var join = createTask(queue.join());
                await(sleep(ZERO));
                assertFalse(join.done());
                queue.taskDone();
                queue.taskDone();
                if (queue == set) {
                    queue.taskDone();
                }
                await(join);
                assertThrows(IllegalArgumentException.class, queue::taskDone);
            }
        });
    }

    @Test
    void aGetterThatIsWokenForNothingWaitsOn() {
        inLoop(() -> {
            Queue<String> queue = Queue.of(new QueueStore<>() {
                private final ArrayDeque<String> items = new ArrayDeque<>();

                @Override
                public void put(String item) {
                    if (!item.isEmpty()) {
                        items.add(item);
                    }
                }

                @Override
                public String get() {
                    return items.remove();
                }

                @Override
                public int size() {
                    return items.size();
                }
            });
            var getter = createTask(queue.get());
            await(sleep(ZERO));
            queue.putNowait("");
            iterations(3);
            assertFalse(getter.done());
            queue.putNowait("x");
            assertEquals("x", await(getter));
        });
    }

    // ---- the end

    @Test
    void aShutDownQueueIsDrainedAndThenEnds() {
        inLoop(() -> {
            Queue<Integer> queue = Queue.create(2);
            putAll(queue, 1, 2);
            var putter = createTask(queue.put(3));
            await(sleep(ZERO));
            queue.shutdown();
            assertThrows(QueueShutDownException.class, () -> await(putter));
            assertThrows(QueueShutDownException.class, () -> queue.putNowait(4));
            assertThrows(QueueShutDownException.class, () -> await(queue.put(4)));
            assertEquals(1, await(queue.get()));
            assertEquals(2, queue.getNowait());
            assertThrows(QueueShutDownException.class, queue::getNowait);
            assertThrows(QueueShutDownException.class, () -> await(queue.get()));
            queue.shutdown(true);
            var join = createTask(queue.join());
            await(sleep(ZERO));
            assertFalse(join.done(), "what was taken is not finished");
            queue.taskDone();
            queue.taskDone();
            await(join);
        });
    }

    /** CPython's counts for the same program. */
    @Test
    void anImmediateShutdownThrowsAwayWhatIsLeftButNotWhatIsBeingWorkedOn() {
        inLoop(() -> {
            Queue<Integer> queue = Queue.create();
            putAll(queue, 1, 2);
            queue.getNowait();
            var join = createTask(queue.join());
            await(sleep(ZERO));
            queue.shutdown(true);
            assertTrue(queue.empty());
            iterations(2);
            assertFalse(join.done());
            queue.taskDone();
            await(join);
            assertThrows(IllegalArgumentException.class, queue::taskDone);
        });
    }

    @Test
    void joinMayBeHadAgainAfterMoreWasPut() {
        inLoop(() -> {
            Queue<Integer> queue = Queue.create();
            for (int n = 0; n < 3; n++) {
                await(queue.join());
                queue.putNowait(n);
                var join = createTask(queue.join());
                await(sleep(ZERO));
                assertFalse(join.done());
                queue.getNowait();
                queue.taskDone();
                await(join);
            }
        });
    }

    // ---- iteration

    @Test
    void severalMayGoThroughItUntilItEnds() {
        inLoop(() -> {
            Queue<Integer> queue = Queue.create(2);
            var got = new ArrayList<Integer>();
            Coroutine<Void> first = consumer(queue, got);
            Coroutine<Void> second = consumer(queue, got);
            var producer = async(() -> {
                for (int n = 0; n < 20; n++) {
                    await(queue.put(n));
                }
                queue.shutdown();
            });
            await(gather(first, second, producer));
            assertEquals(20, got.size());
            assertEquals(
                    IntStream.range(0, 20).boxed().toList(),
                    got.stream().sorted().toList());
            for (var item : each(queue)) {
                throw new AssertionError("nothing is left: " + item);
            }
        });
    }

    private static Coroutine<Void> consumer(Queue<Integer> queue, List<Integer> got) {
        return async(() -> {
            for (int item : each(queue)) {
                got.add(item);
                await(sleep(ZERO));
            }
        });
    }

    @Test
    void leavingTheLoopEarlyLeavesTheRest() {
        inLoop(() -> {
            Queue<Integer> queue = Queue.create();
            putAll(queue, 1, 2, 3);
            for (int item : each(queue)) {
                if (item == 2) {
                    break;
                }
            }
            assertEquals(List.of(3), drain(queue));
        });
    }

    @Test
    void anIteratorEndsWhenTheQueueIsShutDownWhileItWaits() {
        inLoop(() -> {
            Queue<Integer> queue = Queue.create();
            var items = queue.aiter();
            assertSame(items, items.aiter());
            var next = createTask(async(() -> {
                assertThrows(StopAsyncIteration.class, () -> await(items.anext()));
            }));
            await(sleep(ZERO));
            queue.shutdown();
            await(next);
            assertThrows(StopAsyncIteration.class, () -> await(items.anext()));
        });
    }

    // ---- misuse

    @Test
    void whatIsRefusedSaysWhatToDoInstead() {
        inLoop(() -> {
            Queue<Integer> queue = Queue.create(1);
            var empty = assertThrows(QueueEmptyException.class, queue::getNowait);
            assertTrue(empty.getMessage().contains("await(queue.get())"), empty::getMessage);
            queue.putNowait(1);
            var full = assertThrows(QueueFullException.class, () -> queue.putNowait(2));
            assertTrue(full.getMessage().contains("await(queue.put(item))"), full::getMessage);
            queue.taskDone();
            var surplus = assertThrows(IllegalArgumentException.class, queue::taskDone);
            assertTrue(surplus.getMessage().contains("called too many times"), surplus::getMessage);
        });
    }

    @Test
    void fromAnotherThreadItIsRefused() {
        inLoop(() -> {
            Queue<Integer> queue = Queue.create();
            queue.putNowait(1);
            for (Action call :
                    List.<Action>of(() -> queue.putNowait(2), queue::getNowait, queue::taskDone, queue::shutdown)) {
                var error = assertThrows(IllegalStateException.class, () -> await(toThread(call)));
                assertTrue(error.getMessage().contains("callSoonThreadsafe"), error::getMessage);
            }
            assertEquals(List.of(1), drain(queue));
        });
    }

    @Test
    void fromAnotherThreadItIsUsedThroughTheLoop() {
        inLoop(() -> {
            Queue<Integer> queue = Queue.create();
            var loop = getRunningLoop();
            var thread = createTask(toThread(() -> {
                for (int n = 0; n < 100; n++) {
                    int item = n;
                    loop.callSoonThreadsafe(() -> queue.putNowait(item));
                }
                loop.callSoonThreadsafe(queue::shutdown);
            }));
            var got = new ArrayList<Integer>();
            for (int item : each(queue)) {
                got.add(item);
            }
            await(thread);
            assertEquals(IntStream.range(0, 100).boxed().toList(), got);
        });
    }

    @Test
    void isBoundToTheFirstLoopInWhichSomebodyWaits() {
        Queue<Integer> queue = Queue.create();
        inLoop(() -> {
            createTask(async(() -> queue.putNowait(1)));
            assertEquals(1, await(queue.get()));
        });
        inLoop(() -> {
            queue.putNowait(1);
            assertEquals(1, await(queue.get()));
            assertThrows(IllegalStateException.class, () -> await(queue.get()));
            assertThrows(IllegalStateException.class, () -> await(queue.join()));
        });
    }
}
