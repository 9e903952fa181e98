package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.getRunningLoop;
import static asyncio.Asyncio.run;
import static asyncio.Asyncio.sleep;
import static java.time.Duration.ZERO;

import asyncio.Coroutine;

/**
 * run() called while a loop runs in this thread fails at once, does not start the coroutine and does not hurt the loop.
 */
final class RunInsideRunningLoopIsRefused extends Program {
    Coroutine<Void> inner() {
        return async(() -> say("inner must not run"));
    }

    Coroutine<Void> main() {
        return async(() -> {
            var coro = inner();
            try {
                run(coro);
            } catch (IllegalStateException e) {
                say("refused", e);
            }
            coro.close();
            getRunningLoop().callSoon(() -> say("callback of outer loop"));
            await(sleep(ZERO));
            say("outer loop still works");
        });
    }

    @Override
    void program() {
        run(main());
        try {
            getRunningLoop();
        } catch (IllegalStateException e) {
            say("no loop outside run", e);
        }
    }
}
