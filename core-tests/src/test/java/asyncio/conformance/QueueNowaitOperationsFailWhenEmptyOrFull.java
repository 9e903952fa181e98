package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.run;

import asyncio.Coroutine;
import asyncio.Queue;
import asyncio.QueueEmptyException;
import asyncio.QueueFullException;
import java.util.List;
import java.util.concurrent.Callable;

/** get_nowait() on an empty and put_nowait() on a full queue raise; a size of zero or less means no limit. */
final class QueueNowaitOperationsFailWhenEmptyOrFull extends Program {
    <T> void attempt(String label, Callable<T> fn) throws Exception {
        try {
            say(label, fn.call());
        } catch (QueueEmptyException | QueueFullException e) {
            say(label, e);
        }
    }

    Coroutine<Void> main() {
        return async(() -> {
            Queue<String> queue = Queue.create(2);
            attempt("get_nowait", queue::getNowait);
            for (var item : List.of("a", "b", "c")) {
                attempt("put_nowait", () -> putNowait(queue, item));
            }
            say("full", queue.full(), "size", queue.qsize(), "maxsize", queue.maxsize());
            attempt("get_nowait", queue::getNowait);
            attempt("put_nowait", () -> putNowait(queue, "d"));
            say(List.of(queue.getNowait(), queue.getNowait()));
            for (int size : List.of(0, -1)) {
                Queue<Integer> unlimited = Queue.create(size);
                for (int i = 0; i < 1000; i++) {
                    unlimited.putNowait(i);
                }
                say("maxsize", size, "holds", unlimited.qsize(), "full", unlimited.full());
            }
        });
    }

    /** A function without a value gives None in Python. */
    private static Void putNowait(Queue<String> queue, String item) {
        queue.putNowait(item);
        return null;
    }

    @Override
    void program() {
        run(main());
    }
}
