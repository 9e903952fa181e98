package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.currentTask;
import static asyncio.Asyncio.sleep;
import static asyncio.Asyncio.timeout;
import static asyncio.Asyncio.with;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;

import asyncio.CancelledError;
import asyncio.Coroutine;
import asyncio.TimeoutException;

/**
 * On expiry the body is cancelled once; at the end of the block this becomes TimeoutError and the request count is
 * restored.
 */
final class TimeoutExpiryTurnsTheCancelIntoTimeoutError extends TimedProgram {
    Coroutine<Void> main() {
        return async(() -> {
            var me = currentTask();
            var scope = timeout(ofMillis(30));
            try {
                with(scope, () -> {
                    say("expired", scope.expired());
                    try {
                        await(sleep(ofSeconds(10)));
                    } catch (CancelledError e) {
                        say("body got", e, "requests", me.cancelling(), "expired", scope.expired());
                        throw e;
                    }
                });
            } catch (TimeoutException e) {
                say("block raised", e, "caused by", e.getCause());
            }
            say("expired", scope.expired(), "requests", me.cancelling());
            await(sleep(ZERO));
            say("task goes on");
        });
    }

    @Override
    void program() {
        run(main());
    }
}
