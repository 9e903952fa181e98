package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.run;
import static asyncio.Asyncio.sleep;
import static asyncio.Asyncio.taskGroup;
import static asyncio.Asyncio.with;
import static java.time.Duration.ZERO;

import asyncio.Coroutine;
import asyncio.TaskGroup;

/** While the block waits for its children they may still create siblings; after the last one ended it is too late. */
final class TaskgroupChildrenMaySpawnWhileTheBlockIsEnding extends Program {
    Coroutine<Void> countdown(TaskGroup tg, int n) {
        return async(() -> {
            say("countdown", n);
            await(sleep(ZERO));
            if (n > 0) {
                tg.createTask(countdown(tg, n - 1));
            }
        });
    }

    Coroutine<Void> main() {
        return async(() -> {
            var group = taskGroup();
            with(group, tg -> {
                tg.createTask(countdown(tg, 3));
                say("body over");
            });
            say("block over");
            var coro = countdown(group, 9);
            try {
                group.createTask(coro);
            } catch (IllegalStateException e) {
                say("too late", e);
            }
            coro.close();
        });
    }

    @Override
    void program() {
        run(main());
    }
}
