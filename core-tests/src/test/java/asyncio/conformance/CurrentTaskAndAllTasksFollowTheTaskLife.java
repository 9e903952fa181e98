package asyncio.conformance;

import static asyncio.Asyncio.allTasks;
import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.currentTask;
import static asyncio.Asyncio.gather;
import static asyncio.Asyncio.getRunningLoop;
import static asyncio.Asyncio.run;
import static asyncio.Asyncio.sleep;
import static java.time.Duration.ZERO;

import asyncio.Coroutine;
import asyncio.Task;
import java.util.List;

/**
 * current_task() is set only inside task steps; all_tasks() lists unfinished tasks from creation to end; names are
 * kept.
 */
final class CurrentTaskAndAllTasksFollowTheTaskLife extends Program {
    List<String> names() {
        return allTasks().stream().map(Task::getName).sorted().toList();
    }

    Coroutine<Void> work() {
        return async(() -> {
            say("inside", currentTask().getName());
            await(sleep(ZERO));
            say("still", currentTask().getName());
        });
    }

    Coroutine<Void> main() {
        return async(() -> {
            currentTask().setName("main");
            var task = createTask(work(), "worker");
            say("all", names());
            var unnamed = List.of(createTask(sleep(ZERO)), createTask(sleep(ZERO)));
            say(
                    "default names differ",
                    !unnamed.get(0).getName().equals(unnamed.get(1).getName()));
            await(gather(unnamed));
            say("all", names());
            getRunningLoop().callSoon(() -> say("in a callback", currentTask()));
            await(task);
            say("all", names());
            say("main is current", currentTask().getName());
        });
    }

    @Override
    void program() {
        run(main());
    }
}
