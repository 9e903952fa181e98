package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.getRunningLoop;
import static asyncio.Asyncio.run;
import static asyncio.Asyncio.sleep;
import static java.time.Duration.ZERO;

import asyncio.Coroutine;
import asyncio.Future;

/**
 * Within one iteration everything ready (callbacks, future callbacks, task starts) runs in FIFO order, then due timers.
 */
final class ReadyCallbacksAndTasksRunBeforeDueTimers extends Program {
    Coroutine<Void> work() {
        return async(() -> say("task starts"));
    }

    Coroutine<Void> main() {
        return async(() -> {
            var loop = getRunningLoop();
            loop.callLater(ZERO, () -> say("call_later(0)"));
            loop.callSoon(() -> say("call_soon 1"));
            Future<String> future = loop.createFuture();
            future.addDoneCallback(f -> say("future callback", f.result()));
            future.setResult("value");
            var task = createTask(work());
            loop.callSoon(() -> say("call_soon 2"));
            say("main suspends");
            await(sleep(ZERO));
            say("main resumes");
            await(sleep(ZERO));
            say("main resumes again, task done", task.done());
        });
    }

    @Override
    void program() {
        run(main());
    }
}
