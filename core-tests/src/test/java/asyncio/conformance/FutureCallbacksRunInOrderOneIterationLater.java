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

/**
 * Done callbacks never run inside set_result(): all of them, duplicates included, run in order in the next iteration.
 */
final class FutureCallbacksRunInOrderOneIterationLater extends Program {
    Coroutine<Void> main() {
        return async(() -> {
            var loop = getRunningLoop();
            Future<String> future = loop.createFuture();
            DoneCallback<Future<String>> callback = f -> say("plain callback, same future", f == future);
            future.addDoneCallback(callback);
            future.addDoneCallback(f -> say("second", f.result()));
            future.addDoneCallback(callback);
            loop.callSoon(() -> say("call_soon before set_result"));
            future.setResult("value");
            loop.callSoon(() -> say("call_soon after set_result"));
            say("set_result returned");
            await(sleep(ZERO));
            say("next iteration over");
        });
    }

    @Override
    void program() {
        run(main());
    }
}
