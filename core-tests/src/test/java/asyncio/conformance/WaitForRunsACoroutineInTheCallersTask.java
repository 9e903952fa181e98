package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.currentTask;
import static asyncio.Asyncio.getRunningLoop;
import static asyncio.Asyncio.sleep;
import static asyncio.Asyncio.waitFor;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofSeconds;

import asyncio.ContextVar;
import asyncio.Coroutine;
import asyncio.Task;

/**
 * A coroutine given to wait_for() runs inside the calling task: same current task, shared context, no extra suspension.
 */
final class WaitForRunsACoroutineInTheCallersTask extends TimedProgram {
    private final ContextVar<String> var = ContextVar.create("var", "unset");

    Coroutine<String> work(Task<?> caller) {
        return async(() -> {
            say("same task", currentTask() == caller);
            var.set("set by work");
            return "value";
        });
    }

    Coroutine<Void> main() {
        return async(() -> {
            var me = currentTask();
            getRunningLoop().callSoon(() -> say("callback"));
            say(await(waitFor(work(me), ofSeconds(10))), "before the callback");
            say("context", var.get());
            await(sleep(ZERO));
            var task = createTask(work(me));
            say(await(waitFor(task, ofSeconds(10))));
        });
    }

    @Override
    void program() {
        run(main());
    }
}
