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

/** TaskGroup.cancel() cancels children and body; the block then ends normally, without any exception. */
final class TaskgroupCancelEndsTheBlockWithoutError extends TimedProgram {
    List<Integer> log = new ArrayList<>();

    Coroutine<Void> child(int n) {
        return async(() -> {
            try {
                await(sleep(ofSeconds(10)));
            } catch (CancelledError e) {
                log.add(n);
                throw e;
            }
        });
    }

    Coroutine<Void> main() {
        return async(() -> {
            var me = currentTask();
            var tasks = new ArrayList<Task<Void>>();
            var group = taskGroup();
            with(group, tg -> {
                for (int n = 0; n < 3; n++) {
                    tasks.add(tg.createTask(child(n)));
                }
                await(sleep(ZERO));
                tg.cancel();
                say("body still running after cancel()", me.cancelling());
                try {
                    await(sleep(ofSeconds(10)));
                } catch (CancelledError e) {
                    say("body got", e);
                    throw e;
                }
                say("must not print");
            });
            say(
                    "block over, requests",
                    me.cancelling(),
                    "children cancelled",
                    log.stream().sorted().toList());
            say(each(tasks, Task::cancelled));
            group.cancel();
            say("cancel() after the block is harmless");
        });
    }

    @Override
    void program() {
        run(main());
    }
}
