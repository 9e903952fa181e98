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
import asyncio.TaskGroup;
import java.util.ArrayList;
import java.util.List;

/**
 * A child may cancel its own group; it is cancelled as well, so the value it then returns is dropped; the block ends
 * normally.
 */
final class TaskgroupCancelFromAChild extends TimedProgram {
    List<String> log = new ArrayList<>();

    Coroutine<String> search(TaskGroup tg, String place, int rounds, boolean found) {
        return async(() -> {
            try {
                for (int i = 0; i < rounds; i++) {
                    await(sleep(ZERO));
                }
                if (found) {
                    say("found in", place);
                    tg.cancel();
                    say("finder itself has requests", currentTask().cancelling());
                    return place;
                }
                await(sleep(ofSeconds(10)));
                return null;
            } catch (CancelledError e) {
                log.add(place);
                throw e;
            }
        });
    }

    Coroutine<Void> main() {
        return async(() -> {
            var tasks = new ArrayList<Task<String>>();
            with(taskGroup(), tg -> {
                tasks.add(tg.createTask(search(tg, "cellar", 1, false)));
                tasks.add(tg.createTask(search(tg, "attic", 3, true)));
                tasks.add(tg.createTask(search(tg, "garden", 2, false)));
            });
            say("block over, gave up in", log.stream().sorted().toList());
            say(
                    "cancelled",
                    each(tasks, Task::cancelled),
                    "requests",
                    currentTask().cancelling());
        });
    }

    @Override
    void program() {
        run(main());
    }
}
