package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.currentTask;
import static asyncio.Asyncio.getRunningLoop;
import static asyncio.Asyncio.sleep;
import static asyncio.Asyncio.timeout;
import static asyncio.Asyncio.with;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofMillis;

import asyncio.Coroutine;

/** A block that ends in time, normally or by an error of its own, is unaffected, and so is the code after it. */
final class TimeoutNotReachedChangesNothing extends TimedProgram {
    Coroutine<Void> main() {
        return async(() -> {
            var start = getRunningLoop().time();
            var first = timeout(ofMillis(50));
            with(first, () -> {
                await(sleep(ZERO));
                say("deadline known", first.when().compareTo(start.plusMillis(50)) >= 0);
            });
            say("expired", first.expired());
            var second = timeout(ofMillis(50));
            try {
                with(second, () -> {
                    throw new IllegalArgumentException("own error");
                });
            } catch (IllegalArgumentException e) {
                say("raised", e, str(e), "expired", second.expired());
            }
            var third = timeout(null);
            with(third, () -> {
                say("no deadline", third.when());
                await(sleep(ZERO));
            });
            await(sleep(ofMillis(100)));
            say("nothing happens after the old deadlines", currentTask().cancelling());
        });
    }

    @Override
    void program() {
        run(main());
    }
}
