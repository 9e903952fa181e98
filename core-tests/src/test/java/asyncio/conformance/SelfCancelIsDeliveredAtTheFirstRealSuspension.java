package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.currentTask;
import static asyncio.Asyncio.getRunningLoop;
import static asyncio.Asyncio.run;
import static asyncio.Asyncio.sleep;
import static java.time.Duration.ZERO;

import asyncio.CancelledError;
import asyncio.Coroutine;
import asyncio.Future;

/**
 * A task cancelling itself runs on; awaiting finished things does not raise; the first suspension does, and only once.
 */
final class SelfCancelIsDeliveredAtTheFirstRealSuspension extends Program {
    Coroutine<String> instant() {
        return async(() -> "instant");
    }

    Coroutine<String> work() {
        return async(() -> {
            var me = currentTask();
            say("cancel", me.cancel(), "requests", me.cancelling());
            Future<String> done = getRunningLoop().createFuture();
            done.setResult("finished future");
            say(await(instant()));
            say(await(done));
            try {
                await(sleep(ZERO));
            } catch (CancelledError e) {
                say("sleep(0) raised", e);
            }
            await(sleep(ZERO));
            say("second sleep(0) is fine");
            return "result";
        });
    }

    Coroutine<Void> main() {
        return async(() -> {
            var task = createTask(work());
            say(await(task), task.cancelled(), task.cancelling());
        });
    }

    @Override
    void program() {
        run(main());
    }
}
