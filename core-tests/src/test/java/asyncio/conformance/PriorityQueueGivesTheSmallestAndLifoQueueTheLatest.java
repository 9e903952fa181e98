package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.run;

import asyncio.Coroutine;
import asyncio.Queue;
import java.util.ArrayList;
import java.util.List;

/** A PriorityQueue yields the smallest item, a LifoQueue the latest one; both wait and limit like a plain queue. */
final class PriorityQueueGivesTheSmallestAndLifoQueueTheLatest extends Program {
    <T> Coroutine<List<T>> drain(Queue<T> queue) {
        return async(() -> {
            var items = new ArrayList<T>();
            for (int n = queue.qsize(); n > 0; n--) {
                items.add(await(queue.get()));
            }
            return items;
        });
    }

    /** Python compares numbers and tuples by itself. */
    @SuppressWarnings("unchecked")
    private int compare(Object one, Object other) {
        if (one instanceof List<?> list) {
            var others = (List<?>) other;
            int first = compare(list.get(0), others.get(0));
            return first != 0 ? first : compare(list.get(1), others.get(1));
        }
        return ((Comparable<Object>) one).compareTo(other);
    }

    Coroutine<Void> main() {
        return async(() -> {
            Queue<Object> priority = Queue.priority(this::compare);
            Queue<Object> lifo = Queue.lifo(4);
            for (var queue : List.of(priority, lifo)) {
                for (var item : List.of(3, 1, 4, 2)) {
                    await(queue.put(item));
                }
                say(await(drain(queue)), "empty", queue.empty());
            }
            for (var item : List.of(List.of(2, "b"), List.of(1, "z"), List.of(2, "a"))) {
                priority.putNowait(item);
            }
            say(await(drain(priority)));
            priority.putNowait(5);
            priority.putNowait(3);
            say(priority.getNowait());
            priority.putNowait(1);
            say(await(drain(priority)));
        });
    }

    @Override
    void program() {
        run(main());
    }
}
