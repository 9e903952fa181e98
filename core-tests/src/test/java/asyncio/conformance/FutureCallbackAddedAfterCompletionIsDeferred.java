package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.getRunningLoop;
import static asyncio.Asyncio.run;
import static asyncio.Asyncio.sleep;
import static java.time.Duration.ZERO;

import asyncio.Coroutine;
import asyncio.Future;

/** A callback added to a finished future is still only scheduled; awaiting the finished future does not wait for it. */
final class FutureCallbackAddedAfterCompletionIsDeferred extends Program {
    Coroutine<Void> main() {
        return async(() -> {
            var loop = getRunningLoop();
            Future<String> future = loop.createFuture();
            future.addDoneCallback(f -> say("early callback"));
            future.setResult("value");
            future.addDoneCallback(f -> say("late callback"));
            loop.callSoon(() -> say("call_soon"));
            say("await gives", await(future), "before any callback");
            await(sleep(ZERO));
            future.addDoneCallback(f -> say("very late callback", f.result()));
            say("added");
            await(sleep(ZERO));
            say("end");
        });
    }

    @Override
    void program() {
        run(main());
    }
}
