package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.currentTask;
import static asyncio.Asyncio.gatherOutcomes;
import static asyncio.Asyncio.getRunningLoop;
import static asyncio.Asyncio.sleep;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofSeconds;

import asyncio.Coroutine;
import java.util.NoSuchElementException;

/** With return_exceptions errors and individual cancellations become list entries and everything is waited for. */
final class GatherReturnExceptionsCollectsErrorsAndCancels extends TimedProgram {
    Coroutine<String> work(String kind) {
        return async(() -> {
            await(sleep(ZERO));
            if (kind.equals("fail")) {
                throw new IllegalArgumentException("boom");
            }
            if (kind.equals("fatal-like")) {
                throw new NoSuchElementException("key");
            }
            await(sleep(ZERO));
            return kind;
        });
    }

    Coroutine<Void> main() {
        return async(() -> {
            var victim = createTask(sleep(ofSeconds(10), ""));
            getRunningLoop().callSoon(victim::cancel);
            var results = await(gatherOutcomes(work("first"), work("fail"), victim, work("fatal-like"), work("last")));
            say(results);
            var error = results.get(1).exception();
            say("error is an entry", error instanceof IllegalArgumentException, str(error));
            say("main cancelled", currentTask().cancelling());
        });
    }

    @Override
    void program() {
        run(main());
    }
}
