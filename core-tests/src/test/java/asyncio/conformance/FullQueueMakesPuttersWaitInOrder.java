package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.run;
import static asyncio.Asyncio.sleep;
import static java.time.Duration.ZERO;

import asyncio.Coroutine;
import asyncio.Queue;
import asyncio.Task;
import java.util.List;

/** put() on a full queue waits; waiting putters get in one by one, in order, as places become free. */
final class FullQueueMakesPuttersWaitInOrder extends Program {
    private Queue<String> queue;

    Coroutine<Void> putter(String item) {
        return async(() -> {
            say(item, "wants in");
            await(queue.put(item));
            say(item, "is in");
        });
    }

    Coroutine<Void> main() {
        return async(() -> {
            queue = Queue.create(1);
            var tasks = each(List.of("a", "b", "c"), item -> createTask(putter(item)));
            await(sleep(ZERO));
            for (int i = 0; i < 3; i++) {
                say("full", queue.full(), "- took", queue.getNowait());
                await(sleep(ZERO));
            }
            say("done", each(tasks, Task::done), "empty", queue.empty());
        });
    }

    @Override
    void program() {
        run(main());
    }
}
