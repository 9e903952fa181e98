package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.gather;
import static asyncio.Asyncio.run;
import static asyncio.Asyncio.sleep;
import static java.time.Duration.ZERO;

import asyncio.Coroutine;
import asyncio.Queue;
import java.util.List;

/** Items come out in the order of put; waiting getters are served in the order of waiting. */
final class QueueIsFifoAndGetWaitsForItems extends Program {
    private Queue<String> queue;

    Coroutine<Void> getter(int n) {
        return async(() -> {
            say("getter", n, "waits");
            say("getter", n, "got", await(queue.get()));
        });
    }

    Coroutine<Void> main() {
        return async(() -> {
            queue = Queue.create();
            for (var item : List.of("a", "b", "c")) {
                queue.putNowait(item);
            }
            say("size", queue.qsize(), "empty", queue.empty());
            say(List.of(await(queue.get()), queue.getNowait(), await(queue.get())));
            say("size", queue.qsize(), "empty", queue.empty());
            var tasks = each(List.of(0, 1, 2), n -> createTask(getter(n)));
            await(sleep(ZERO));
            for (var item : List.of("x", "y", "z")) {
                await(queue.put(item));
            }
            say("put three without suspending, size", queue.qsize());
            await(gather(tasks));
        });
    }

    @Override
    void program() {
        run(main());
    }
}
