package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.sleep;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofSeconds;

import asyncio.CancelledError;
import asyncio.Coroutine;
import asyncio.Task;

/** run() returns main's result; tasks still running are cancelled and finish their cleanup before run() returns. */
final class RunReturnsResultAndCancelsLeftoverTasks extends TimedProgram {
    private Task<Void> task;

    Coroutine<Void> background() {
        return async(() -> {
            try {
                say("background started");
                await(sleep(ofSeconds(10)));
            } catch (CancelledError e) {
                say("background cancelled");
                await(sleep(ZERO));
                say("background cleanup continues after an await");
                throw e;
            } finally {
                say("background finally");
            }
        });
    }

    Coroutine<Integer> main() {
        return async(() -> {
            task = createTask(background());
            await(sleep(ZERO));
            say("main returns");
            return 42;
        });
    }

    @Override
    void program() {
        say("result", run(main()));
        say("done", task.done(), "cancelled", task.cancelled());
    }
}
