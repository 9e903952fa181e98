package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.sleep;
import static asyncio.Asyncio.taskGroup;
import static asyncio.Asyncio.with;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofSeconds;

import asyncio.CancelledError;
import asyncio.Coroutine;
import asyncio.ExceptionGroup;
import asyncio.Task;
import asyncio.TaskGroup;
import java.util.ArrayList;
import java.util.List;

/** An error of the body itself cancels the children, waits for them and is raised inside a group, alone. */
final class TaskgroupBodyErrorCancelsChildren extends TimedProgram {
    List<Object> log = new ArrayList<>();

    Coroutine<Void> child(Object n) {
        return async(() -> {
            try {
                await(sleep(ofSeconds(10)));
            } catch (CancelledError e) {
                await(sleep(ZERO));
                log.add(n);
                throw e;
            }
        });
    }

    Coroutine<Void> main() {
        return async(() -> {
            var tasks = new ArrayList<Task<Void>>();
            try {
                with(taskGroup(), (TaskGroup tg) -> {
                    tasks.add(tg.createTask(child(0)));
                    tasks.add(tg.createTask(child(1)));
                    await(sleep(ZERO));
                    tasks.add(tg.createTask(child("not started")));
                    throw new IllegalArgumentException("body");
                });
            } catch (ExceptionGroup group) {
                say("raised", group, each(group.exceptions(), Program::str));
            }
            say(
                    "cancelled",
                    each(tasks, Task::cancelled),
                    "cleaned up",
                    log.stream().sorted().toList());
        });
    }

    @Override
    void program() {
        run(main());
    }
}
