package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.run;
import static asyncio.Asyncio.sleep;
import static java.time.Duration.ZERO;

import asyncio.Asyncio;
import asyncio.CancelledError;
import asyncio.Coroutine;
import asyncio.Queue;
import asyncio.Task;
import java.util.List;

/**
 * A get() that was woken for an item and is then cancelled leaves the item in the queue, and the next getter is woken.
 */
final class QueueGetCancelledAfterWakeupKeepsTheItem extends Program {
    private Queue<String> queue;

    Coroutine<Void> getter(String name) {
        return async(() -> {
            try {
                say(name, "got", await(queue.get()));
            } catch (CancelledError e) {
                say(name, "cancelled, size", queue.qsize());
                throw e;
            }
        });
    }

    Coroutine<Void> main() {
        return async(() -> {
            queue = Queue.create();
            var tasks = each(List.of("first", "second"), name -> createTask(getter(name)));
            await(sleep(ZERO));
            queue.putNowait("item");
            tasks.get(0).cancel();
            await(Asyncio.wait(tasks));
            say("cancelled", each(tasks, Task::cancelled), "size", queue.qsize());
            var lonely = createTask(getter("lonely"));
            await(sleep(ZERO));
            queue.putNowait("other item");
            lonely.cancel();
            await(Asyncio.wait(List.of(lonely)));
            say("still there", queue.getNowait());
        });
    }

    @Override
    void program() {
        run(main());
    }
}
