package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.currentTask;
import static asyncio.Asyncio.getRunningLoop;
import static asyncio.Asyncio.sleep;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofSeconds;

import asyncio.CancelledError;
import asyncio.Coroutine;
import java.util.List;

/** Requests made before the task resumes are counted but collapse into one CancelledError; a later one raises again. */
final class TwoCancelsBeforeDeliveryRaiseOnlyOnce extends TimedProgram {
    Coroutine<String> work() {
        return async(() -> {
            for (int i = 0; i < 4; i++) {
                try {
                    await(sleep(i < 3 ? ofSeconds(10) : ZERO));
                    say("round", i, "completed");
                } catch (CancelledError e) {
                    var me = currentTask();
                    say("round", i, "got", e, "requests", me.cancelling());
                    if (i == 1) {
                        getRunningLoop().callSoon(me::cancel);
                    }
                }
            }
            return "survived";
        });
    }

    Coroutine<Void> main() {
        return async(() -> {
            var task = createTask(work());
            await(sleep(ZERO));
            say(List.of(task.cancel(), task.cancel(), task.cancel()), task.cancelling());
            await(sleep(ZERO));
            say("done", task.done(), "requests", task.cancelling());
            await(sleep(ZERO));
            task.cancel();
            say(await(task), "requests", task.cancelling(), "cancelled", task.cancelled());
        });
    }

    @Override
    void program() {
        run(main());
    }
}
