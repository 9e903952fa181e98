package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.eagerTaskFactory;
import static asyncio.Asyncio.getRunningLoop;
import static asyncio.Asyncio.run;
import static asyncio.Asyncio.sleep;
import static java.time.Duration.ZERO;

import asyncio.Coroutine;

/** With the eager task factory a task runs up to its first suspension before create_task() returns. */
final class EagerTaskRunsItsFirstStepInsideCreate extends Program {
    Coroutine<String> work(String name, boolean suspends) {
        return async(() -> {
            say(name, "starts");
            if (suspends) {
                await(sleep(ZERO));
                say(name, "resumes");
            }
            return name.toUpperCase(java.util.Locale.ROOT);
        });
    }

    Coroutine<Void> main() {
        return async(() -> {
            getRunningLoop().setTaskFactory(eagerTaskFactory());
            var instant = createTask(work("instant", false));
            say("created instant, done", instant.done());
            var slow = createTask(work("slow", true));
            say("created slow, done", slow.done());
            getRunningLoop().callSoon(() -> say("callback"));
            say(await(instant), "without suspending");
            say(await(slow));
        });
    }

    @Override
    void program() {
        run(main());
    }
}
