package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.currentTask;
import static asyncio.Asyncio.getRunningLoop;
import static asyncio.Asyncio.run;
import static asyncio.Asyncio.sleep;
import static java.time.Duration.ZERO;

import asyncio.Coroutine;
import asyncio.Task;

/** Awaiting a coroutine that does not suspend runs it like a plain call: no other callback or task runs in between. */
final class AwaitOfCoroutineRunsInlineWithoutVisitingTheLoop extends Program {
    private Task<?> mainTask;

    Coroutine<String> leaf() {
        return async(() -> {
            say("leaf runs in the same task", currentTask() == mainTask);
            return "leaf value";
        });
    }

    Coroutine<String> middle() {
        return async(() -> {
            var value = await(leaf());
            say("middle got", value);
            return value.toUpperCase();
        });
    }

    Coroutine<Void> other() {
        return async(() -> say("other task"));
    }

    Coroutine<Void> main() {
        return async(() -> {
            mainTask = currentTask();
            getRunningLoop().callSoon(() -> say("callback"));
            var task = createTask(other());
            say("main got", await(middle()));
            await(sleep(ZERO));
            say("main after a real suspension", task.done());
        });
    }

    @Override
    void program() {
        run(main());
    }
}
