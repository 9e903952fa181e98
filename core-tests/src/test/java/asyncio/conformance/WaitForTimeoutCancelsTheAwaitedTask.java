package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.currentTask;
import static asyncio.Asyncio.sleep;
import static asyncio.Asyncio.waitFor;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;

import asyncio.CancelledError;
import asyncio.Coroutine;
import asyncio.TimeoutException;

/** On timeout wait_for() cancels what it awaits, waits for its cleanup and then raises TimeoutError. */
final class WaitForTimeoutCancelsTheAwaitedTask extends TimedProgram {
    Coroutine<Void> work() {
        return async(() -> {
            try {
                await(sleep(ofSeconds(10)));
            } catch (CancelledError e) {
                say("work cancelled");
                await(sleep(ZERO));
                say("work cleaned up");
                throw e;
            }
        });
    }

    Coroutine<Void> main() {
        return async(() -> {
            var task = createTask(work());
            try {
                await(waitFor(task, ofMillis(30)));
            } catch (TimeoutException e) {
                say("main got", e, "caused by", e.getCause());
            }
            say("task cancelled", task.cancelled(), "requests", task.cancelling());
            say("main requests", currentTask().cancelling());
        });
    }

    @Override
    void program() {
        run(main());
    }
}
