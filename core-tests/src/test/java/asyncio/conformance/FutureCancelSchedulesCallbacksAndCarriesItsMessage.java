package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.getRunningLoop;
import static asyncio.Asyncio.run;
import static asyncio.Asyncio.sleep;
import static java.time.Duration.ZERO;

import asyncio.CancelledError;
import asyncio.Coroutine;
import asyncio.Future;
import java.util.List;
import java.util.concurrent.Callable;

/** cancel() on a future takes effect at once, keeps the message for everybody and schedules the callbacks. */
final class FutureCancelSchedulesCallbacksAndCarriesItsMessage extends Program {
    Coroutine<String> waiter(Future<Void> future) {
        return async(() -> {
            try {
                await(future);
                return null;
            } catch (CancelledError e) {
                say("waiter got", e, str(e));
                return "waiter went on";
            }
        });
    }

    Coroutine<Void> main() {
        return async(() -> {
            Future<Void> future = getRunningLoop().createFuture();
            var task = createTask(waiter(future));
            await(sleep(ZERO));
            future.addDoneCallback(f -> say("callback sees cancelled", f.cancelled()));
            say("cancel", future.cancel("no longer needed"), "cancelled", future.cancelled());
            say("cancel again", future.cancel("another reason"));
            for (var access : List.<Callable<?>>of(future::result, future::exception)) {
                try {
                    access.call();
                } catch (CancelledError e) {
                    say("access raised", e, str(e));
                }
            }
            say(await(task));
            say("waiter cancelled", task.cancelled(), "cancel requests", task.cancelling());
        });
    }

    @Override
    void program() {
        run(main());
    }
}
