package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.currentTask;
import static asyncio.Asyncio.eagerTaskFactory;
import static asyncio.Asyncio.getRunningLoop;
import static asyncio.Asyncio.run;
import static asyncio.Asyncio.sleep;
import static java.time.Duration.ZERO;

import asyncio.Coroutine;
import asyncio.Task;
import java.util.ArrayList;
import java.util.List;

/** Eager tasks created by eager tasks run nested, depth first; current_task() follows and is restored each time. */
final class EagerTasksNestDepthFirst extends Program {
    private final List<Task<?>> seen = new ArrayList<>();

    Coroutine<Void> node(String name, int depth) {
        return async(() -> {
            var me = currentTask();
            say("  ".repeat(depth) + "enter", name, "in a task of its own", !seen.contains(me));
            seen.add(me);
            if (depth < 2) {
                for (var child : List.of("a", "b")) {
                    var task = createTask(node(name + child, depth + 1));
                    say("  ".repeat(depth) + "back in", name, currentTask() == me, "child done", task.done());
                    if ((name + child).equals("xb")) {
                        await(sleep(ZERO));
                        say("  ".repeat(depth) + "resumed", name, currentTask() == me);
                    }
                }
            }
        });
    }

    Coroutine<Void> main() {
        return async(() -> {
            seen.add(currentTask());
            getRunningLoop().setTaskFactory(eagerTaskFactory());
            var task = createTask(node("x", 0));
            say("back in main", currentTask() == seen.get(0), "done", task.done());
            await(task);
        });
    }

    @Override
    void program() {
        run(main());
    }
}
