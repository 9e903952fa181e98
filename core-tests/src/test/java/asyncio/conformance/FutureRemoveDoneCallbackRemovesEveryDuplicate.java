package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.getRunningLoop;
import static asyncio.Asyncio.run;
import static asyncio.Asyncio.sleep;
import static java.time.Duration.ZERO;

import asyncio.Coroutine;
import asyncio.DoneCallback;
import asyncio.Future;
import java.util.List;

/** remove_done_callback() takes away all registrations of that callback and returns how many there were. */
final class FutureRemoveDoneCallbackRemovesEveryDuplicate extends Program {
    Coroutine<Void> main() {
        return async(() -> {
            Future<Void> future = getRunningLoop().createFuture();
            DoneCallback<Future<Void>> a = f -> say("a");
            DoneCallback<Future<Void>> b = f -> say("b");
            for (var callback : List.of(a, b, a, a)) {
                future.addDoneCallback(callback);
            }
            say("removed", future.removeDoneCallback(a));
            say("removed", future.removeDoneCallback(a));
            future.addDoneCallback(a);
            future.setResult(null);
            await(sleep(ZERO));
            say("removed after completion", future.removeDoneCallback(b));
        });
    }

    @Override
    void program() {
        run(main());
    }
}
