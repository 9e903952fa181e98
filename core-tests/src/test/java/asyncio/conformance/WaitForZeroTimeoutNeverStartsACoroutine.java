package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.getRunningLoop;
import static asyncio.Asyncio.sleep;
import static asyncio.Asyncio.waitFor;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofSeconds;

import asyncio.Coroutine;
import asyncio.Future;
import asyncio.TimeoutException;
import java.util.List;

/** With a timeout of zero or less a coroutine is not even started; a finished future still gives its result. */
final class WaitForZeroTimeoutNeverStartsACoroutine extends TimedProgram {
    Coroutine<Void> work() {
        return async(() -> {
            say("must not run");
        });
    }

    Coroutine<Void> main() {
        return async(() -> {
            for (int timeout : List.of(0, -1)) {
                try {
                    await(waitFor(work(), ofSeconds(timeout)));
                } catch (TimeoutException e) {
                    say("timeout", timeout, "raised", e);
                }
            }
            Future<String> done = getRunningLoop().createFuture();
            done.setResult("finished");
            say(await(waitFor(done, ZERO)));
            var running = createTask(sleep(ofSeconds(10)));
            await(sleep(ZERO));
            try {
                await(waitFor(running, ZERO));
            } catch (TimeoutException e) {
                say("running task raised", e, "cancelled", running.cancelled());
            }
        });
    }

    @Override
    void program() {
        run(main());
    }
}
