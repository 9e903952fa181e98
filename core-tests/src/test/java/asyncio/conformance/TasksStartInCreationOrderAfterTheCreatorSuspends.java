package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.getRunningLoop;
import static asyncio.Asyncio.run;
import static asyncio.Asyncio.sleep;
import static java.time.Duration.ZERO;

import asyncio.Coroutine;
import asyncio.Task;
import java.util.ArrayList;

/**
 * create_task() only schedules: tasks start in creation order, mixed with call_soon in FIFO order, once main suspends.
 */
final class TasksStartInCreationOrderAfterTheCreatorSuspends extends Program {
    Coroutine<Void> work(int n) {
        return async(() -> say("task", n, "starts"));
    }

    Coroutine<Void> main() {
        return async(() -> {
            var loop = getRunningLoop();
            var tasks = new ArrayList<Task<Void>>();
            tasks.add(createTask(work(1)));
            loop.callSoon(() -> say("callback a"));
            tasks.add(createTask(work(2)));
            loop.callSoon(() -> say("callback b"));
            tasks.add(createTask(work(3)));
            say("main still running", each(tasks, Task::done));
            await(sleep(ZERO));
            say("main resumed", each(tasks, Task::done));
        });
    }

    @Override
    void program() {
        run(main());
    }
}
