package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.run;
import static asyncio.Asyncio.sleep;
import static java.time.Duration.ZERO;

import asyncio.Coroutine;
import asyncio.Queue;
import java.util.List;

/** join() returns when task_done() was called once for each item put; one call too many is an error. */
final class QueueJoinWaitsForTaskDoneOfEveryItem extends Program {
    private Queue<String> queue;

    Coroutine<Void> worker() {
        return async(() -> {
            while (true) {
                var item = await(queue.get());
                await(sleep(ZERO));
                say("finished", item);
                queue.taskDone();
            }
        });
    }

    Coroutine<Void> joiner() {
        return async(() -> {
            await(queue.join());
            say("join returned");
        });
    }

    Coroutine<Void> main() {
        return async(() -> {
            queue = Queue.create();
            await(queue.join());
            say("join of an unused queue returns at once");
            for (var item : List.of("a", "b")) {
                queue.putNowait(item);
            }
            var waiting = createTask(joiner());
            var task = createTask(worker());
            await(waiting);
            try {
                queue.taskDone();
            } catch (IllegalArgumentException e) {
                say("one too many", e);
            }
            task.cancel();
            queue.putNowait("c");
            queue.getNowait();
            waiting = createTask(joiner());
            await(sleep(ZERO));
            say("taken but not finished, join done", waiting.done());
            queue.taskDone();
            await(waiting);
        });
    }

    @Override
    void program() {
        run(main());
    }
}
