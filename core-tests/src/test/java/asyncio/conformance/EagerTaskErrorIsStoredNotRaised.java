package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.eagerTaskFactory;
import static asyncio.Asyncio.gatherOutcomes;
import static asyncio.Asyncio.getRunningLoop;
import static asyncio.Asyncio.run;
import static asyncio.Asyncio.sleep;
import static java.time.Duration.ZERO;

import asyncio.CancelledError;
import asyncio.Coroutine;

/** An error in the eager first step is stored in the task: create_task() returns a failed task and raises nothing. */
final class EagerTaskErrorIsStoredNotRaised extends Program {
    Coroutine<Void> fails() {
        return async(() -> {
            say("failing in the first step");
            throw new IllegalArgumentException("boom");
        });
    }

    Coroutine<Void> cancels() {
        return async(() -> {
            throw new CancelledError("own");
        });
    }

    Coroutine<Void> main() {
        return async(() -> {
            getRunningLoop().setTaskFactory(eagerTaskFactory());
            var task = createTask(fails());
            say("done", task.done(), "error", task.exception());
            task.addDoneCallback(t -> say("callback later"));
            try {
                await(task);
            } catch (IllegalArgumentException e) {
                say("await raised", e, str(e));
            }
            task = createTask(cancels());
            say("done", task.done(), "cancelled", task.cancelled());
            await(sleep(ZERO));
            say(await(gatherOutcomes(fails())));
        });
    }

    @Override
    void program() {
        run(main());
    }
}
