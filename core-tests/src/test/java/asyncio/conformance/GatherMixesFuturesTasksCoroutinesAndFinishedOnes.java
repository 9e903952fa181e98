package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.gather;
import static asyncio.Asyncio.gatherOutcomes;
import static asyncio.Asyncio.getRunningLoop;
import static asyncio.Asyncio.run;
import static asyncio.Asyncio.sleep;
import static java.time.Duration.ZERO;

import asyncio.Coroutine;
import asyncio.Future;

/**
 * gather takes coroutines, tasks, pending and finished futures together; finished failures are raised without
 * suspending.
 */
final class GatherMixesFuturesTasksCoroutinesAndFinishedOnes extends Program {
    Coroutine<String> work(String value) {
        return async(() -> {
            say("work", value);
            return value;
        });
    }

    Coroutine<Void> main() {
        return async(() -> {
            var loop = getRunningLoop();
            Future<String> pending = loop.createFuture();
            Future<String> finished = loop.createFuture();
            Future<String> failed = loop.createFuture();
            finished.setResult("finished");
            loop.callSoon(() -> pending.setResult("pending"));
            var task = createTask(work("task"));
            say(await(gather(work("coroutine"), pending, finished, task)));
            failed.setException(new IllegalArgumentException("early"));
            loop.callSoon(() -> say("callback"));
            try {
                await(gather(finished, failed));
            } catch (IllegalArgumentException e) {
                say("raised", e, str(e));
            }
            await(sleep(ZERO));
            say(await(gatherOutcomes(failed, finished)));
        });
    }

    @Override
    void program() {
        run(main());
    }
}
