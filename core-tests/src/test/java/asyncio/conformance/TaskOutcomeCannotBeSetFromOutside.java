package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.run;
import static asyncio.Asyncio.sleep;
import static java.time.Duration.ZERO;

import asyncio.Coroutine;

/** set_result() and set_exception() are refused on a task; its own outcome is unaffected. */
final class TaskOutcomeCannotBeSetFromOutside extends Program {
    Coroutine<String> work() {
        return async(() -> {
            await(sleep(ZERO));
            return "own result";
        });
    }

    Coroutine<Void> main() {
        return async(() -> {
            var task = createTask(work());
            try {
                task.setResult("forged");
            } catch (IllegalStateException e) {
                say("set_result", e);
            }
            try {
                task.setException(new IllegalArgumentException("forged"));
            } catch (IllegalStateException e) {
                say("set_exception", e);
            }
            say("done", task.done());
            say(await(task));
        });
    }

    @Override
    void program() {
        run(main());
    }
}
