package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.currentTask;
import static asyncio.Asyncio.sleep;
import static asyncio.Asyncio.waitFor;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;

import asyncio.CancelledError;
import asyncio.Coroutine;

/** If the timed out task swallows the cancel and returns, wait_for() returns that value and raises nothing. */
final class WaitForReturnsTheValueOfATaskThatSwallowsTheCancel extends TimedProgram {
    Coroutine<String> stubborn() {
        return async(() -> {
            try {
                await(sleep(ofSeconds(10)));
                return null;
            } catch (CancelledError e) {
                say("swallowed");
                await(sleep(ofMillis(30)));
                return "late value";
            }
        });
    }

    Coroutine<Void> main() {
        return async(() -> {
            var task = createTask(stubborn());
            say(await(waitFor(task, ofMillis(30))));
            say("cancelled", task.cancelled(), "main requests", currentTask().cancelling());
            say("inline:", await(waitFor(stubborn(), ofMillis(30))));
        });
    }

    @Override
    void program() {
        run(main());
    }
}
