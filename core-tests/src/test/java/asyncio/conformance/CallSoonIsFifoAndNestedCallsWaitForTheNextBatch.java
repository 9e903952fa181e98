package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.getRunningLoop;
import static asyncio.Asyncio.run;
import static asyncio.Asyncio.sleep;
import static java.time.Duration.ZERO;

import asyncio.Coroutine;
import asyncio.EventLoop;

/**
 * call_soon callbacks run in FIFO order; those scheduled by a running batch run in the next one, with their arguments.
 */
final class CallSoonIsFifoAndNestedCallsWaitForTheNextBatch extends Program {
    Coroutine<Void> main() {
        return async(() -> {
            var loop = getRunningLoop();
            loop.callSoon(() -> outer(loop, "a"));
            loop.callSoon(() -> outer(loop, "b"));
            loop.callSoon(() -> say("c", 1, 2));
            say("scheduled");
            await(sleep(ZERO));
            say("main: first batch over");
            await(sleep(ZERO));
            say("main: second batch over");
        });
    }

    void outer(EventLoop loop, String name) {
        say(name);
        loop.callSoon(() -> say(name, "inner 1"));
        loop.callSoon(() -> say(name, "inner 2"));
    }

    @Override
    void program() {
        run(main());
    }
}
