package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.run;
import static asyncio.Asyncio.sleep;
import static asyncio.Asyncio.taskGroup;
import static asyncio.Asyncio.with;
import static java.time.Duration.ZERO;

import asyncio.Coroutine;
import asyncio.Task;
import asyncio.TaskGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The block ends only when all children have ended, including children created by children; results are on the tasks.
 */
final class TaskgroupWaitsForAllChildren extends Program {
    List<Task<String>> tasks = new ArrayList<>();

    Coroutine<String> child(TaskGroup tg, String name, int rounds) {
        return async(() -> {
            for (int i = 0; i < rounds; i++) {
                await(sleep(ZERO));
            }
            if (name.equals("b")) {
                tasks.add(tg.createTask(child(tg, "grandchild", 3)));
            }
            say(name, "ends");
            return name.toUpperCase(Locale.ROOT);
        });
    }

    Coroutine<Void> main() {
        return async(() -> {
            with(taskGroup(), tg -> {
                tasks.add(tg.createTask(child(tg, "a", 4)));
                tasks.add(tg.createTask(child(tg, "b", 1)));
                say("body ends", each(tasks, Task::done));
            });
            say("block over", each(tasks, Task::result));
        });
    }

    @Override
    void program() {
        run(main());
    }
}
