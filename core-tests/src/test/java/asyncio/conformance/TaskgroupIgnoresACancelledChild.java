package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.currentTask;
import static asyncio.Asyncio.sleep;
import static asyncio.Asyncio.taskGroup;
import static asyncio.Asyncio.with;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofSeconds;

import asyncio.CancelledError;
import asyncio.Coroutine;
import asyncio.Task;
import java.util.ArrayList;
import java.util.List;

/**
 * A child cancelled on its own, or raising CancelledError itself, neither fails the group nor disturbs its siblings.
 */
final class TaskgroupIgnoresACancelledChild extends TimedProgram {
    Coroutine<Void> worker(String name) {
        return async(() -> {
            for (int i = 0; i < 4; i++) {
                await(sleep(ZERO));
            }
            say(name, "finished");
        });
    }

    Coroutine<Void> givesUp() {
        return async(() -> {
            throw new CancelledError("spontaneous");
        });
    }

    Coroutine<Void> main() {
        return async(() -> {
            var tasks = new ArrayList<Task<Void>>();
            with(taskGroup(), tg -> {
                var victim = tg.createTask(sleep(ofSeconds(10)));
                tg.createTask(worker("worker"));
                var quitter = tg.createTask(givesUp());
                tasks.addAll(List.of(victim, quitter));
                await(sleep(ZERO));
                say("cancel", victim.cancel());
                await(sleep(ZERO));
                say("body goes on");
            });
            var cancelled = each(tasks, Task::cancelled);
            say(
                    "block over",
                    cancelled.get(0),
                    cancelled.get(1),
                    "requests",
                    currentTask().cancelling());
        });
    }

    @Override
    void program() {
        run(main());
    }
}
