package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.currentTask;
import static asyncio.Asyncio.getRunningLoop;
import static asyncio.Asyncio.sleep;
import static asyncio.Asyncio.waitFor;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;

import asyncio.Coroutine;
import asyncio.Future;
import java.time.Duration;

/** A timeout of null means no limit; a result that is there in time is returned and the timer has no later effect. */
final class WaitForWithoutTimeoutJustWaits extends TimedProgram {
    Coroutine<String> work(String value, Duration delay) {
        return async(() -> {
            await(sleep(delay));
            return value;
        });
    }

    Coroutine<Void> main() {
        return async(() -> {
            say(await(waitFor(work("no limit", ofMillis(50)), null)));
            say(await(waitFor(work("in time", ZERO), ofMillis(50))));
            await(sleep(ofMillis(100)));
            say("nothing happened after the old deadline", currentTask().cancelling());
            Future<String> future = getRunningLoop().createFuture();
            getRunningLoop().callSoon(() -> future.setException(new IllegalArgumentException("boom")));
            try {
                await(waitFor(future, ofSeconds(5)));
            } catch (IllegalArgumentException e) {
                say("error passes", e, str(e));
            }
        });
    }

    @Override
    void program() {
        run(main());
    }
}
