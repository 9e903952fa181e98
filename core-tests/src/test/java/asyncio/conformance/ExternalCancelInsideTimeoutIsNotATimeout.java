package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.currentTask;
import static asyncio.Asyncio.getRunningLoop;
import static asyncio.Asyncio.sleep;
import static asyncio.Asyncio.timeout;
import static asyncio.Asyncio.with;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofSeconds;

import asyncio.Asyncio;
import asyncio.CancelledError;
import asyncio.Coroutine;
import asyncio.TimeoutException;
import java.util.List;

/** A cancel from outside passes a timeout block unchanged, also when the timeout expires in the same loop iteration. */
final class ExternalCancelInsideTimeoutIsNotATimeout extends TimedProgram {
    Coroutine<Void> work(boolean ownTimer) {
        return async(() -> {
            var scope = timeout(ofSeconds(5));
            try {
                with(scope, () -> {
                    if (ownTimer) {
                        scope.reschedule(ZERO);
                    }
                    await(sleep(ofSeconds(10)));
                });
            } catch (TimeoutException e) {
                say("work got", e);
            } catch (CancelledError e) {
                say(
                        "work got",
                        e,
                        "expired",
                        scope.expired(),
                        "requests",
                        currentTask().cancelling());
                throw e;
            }
        });
    }

    Coroutine<Void> main() {
        return async(() -> {
            for (var ownTimer : List.of(false, true)) {
                var task = createTask(work(ownTimer));
                getRunningLoop().callSoon(task::cancel);
                await(Asyncio.wait(List.of(task)));
                say("cancelled", task.cancelled());
            }
        });
    }

    @Override
    void program() {
        run(main());
    }
}
