package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.gatherOutcomes;
import static asyncio.Asyncio.run;
import static asyncio.Asyncio.sleep;
import static java.time.Duration.ZERO;

import asyncio.Coroutine;
import asyncio.Queue;
import asyncio.Task;
import java.util.List;

/** The tutorial example: three workers share a queue; the program joins the queue and then cancels the idle workers. */
final class QueueWorkersJoinedAndCancelled extends Program {
    Coroutine<Void> worker(String name, Queue<Integer> queue) {
        return async(() -> {
            while (true) {
                int rounds = await(queue.get());
                for (int i = 0; i < rounds; i++) {
                    await(sleep(ZERO));
                }
                queue.taskDone();
                say(name, "has worked for", rounds);
            }
        });
    }

    Coroutine<Void> main() {
        return async(() -> {
            Queue<Integer> queue = Queue.create();
            for (int rounds : List.of(5, 2, 7, 4, 1, 3)) {
                queue.putNowait(rounds);
            }
            var tasks = each(List.of(0, 1, 2), n -> createTask(worker("worker " + n, queue)));
            await(queue.join());
            say("queue finished, workers done", each(tasks, Task::done));
            for (var task : tasks) {
                task.cancel();
            }
            say(await(gatherOutcomes(tasks)));
        });
    }

    @Override
    void program() {
        run(main());
    }
}
