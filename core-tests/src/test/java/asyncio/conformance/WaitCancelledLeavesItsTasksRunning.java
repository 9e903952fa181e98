package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.gather;
import static asyncio.Asyncio.run;
import static asyncio.Asyncio.sleep;
import static java.time.Duration.ZERO;

import asyncio.Asyncio;
import asyncio.CancelledError;
import asyncio.Coroutine;
import asyncio.Event;
import asyncio.Task;
import java.util.List;

/** Cancelling a task that is inside wait() does not touch the tasks it waits for. */
final class WaitCancelledLeavesItsTasksRunning extends Program {
    private Event gate;

    Coroutine<Integer> work(int n) {
        return async(() -> {
            await(gate.waitSet());
            return n;
        });
    }

    Coroutine<Void> waiter(List<Task<Integer>> tasks) {
        return async(() -> {
            try {
                await(Asyncio.wait(tasks));
            } catch (CancelledError e) {
                say("waiter got", e, str(e));
                throw e;
            }
        });
    }

    Coroutine<Void> main() {
        return async(() -> {
            gate = Event.create();
            var tasks = List.of(createTask(work(0)), createTask(work(1)), createTask(work(2)));
            var task = createTask(waiter(tasks));
            await(sleep(ZERO));
            task.cancel("enough");
            await(Asyncio.wait(List.of(task)));
            say("waiter cancelled", task.cancelled());
            say("tasks done", each(tasks, Task::done), "requests", each(tasks, Task::cancelling));
            gate.set();
            say(await(gather(tasks)));
        });
    }

    @Override
    void program() {
        run(main());
    }
}
