package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.currentTask;
import static asyncio.Asyncio.sleep;
import static asyncio.Asyncio.timeout;
import static asyncio.Asyncio.with;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;

import asyncio.CancelledError;
import asyncio.Coroutine;
import asyncio.TimeoutException;
import java.time.Duration;

/**
 * Of nested timeouts the one that expires raises TimeoutError from its own block; an expired outer one passes through
 * the inner.
 */
final class NestedTimeoutsInnerFirstAndOuterFirst extends TimedProgram {
    Coroutine<Void> nested(Duration outerDelay, Duration innerDelay) {
        return async(() -> {
            var outer = timeout(outerDelay);
            var inner = timeout(innerDelay);
            try {
                with(outer, () -> {
                    try {
                        with(inner, () -> {
                            await(sleep(ofSeconds(10)));
                        });
                    } catch (TimeoutException e) {
                        say("inner block raised", e);
                    } catch (CancelledError e) {
                        say("inner block passed on", e);
                        throw e;
                    }
                    say("outer body goes on");
                });
            } catch (TimeoutException e) {
                say("outer block raised", e);
            }
            say("expired: inner", inner.expired(), "outer", outer.expired());
            say("requests", currentTask().cancelling());
        });
    }

    Coroutine<Void> main() {
        return async(() -> {
            await(nested(ofSeconds(5), ofMillis(30)));
            await(nested(ofMillis(30), ofSeconds(5)));
        });
    }

    @Override
    void program() {
        run(main());
    }
}
