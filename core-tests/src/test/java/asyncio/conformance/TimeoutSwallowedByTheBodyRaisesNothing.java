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

/** If the body swallows the cancel of an expired timeout, the block ends normally; only expired() tells. */
final class TimeoutSwallowedByTheBodyRaisesNothing extends TimedProgram {
    Coroutine<Void> main() {
        return async(() -> {
            var scope = timeout(ofMillis(30));
            with(scope, () -> {
                try {
                    await(sleep(ofSeconds(10)));
                } catch (CancelledError e) {
                    say("swallowed", e);
                }
                await(sleep(ZERO));
                say("body goes on after the deadline");
            });
            say("expired", scope.expired(), "requests", currentTask().cancelling());
            var outer = timeout(ofMillis(30));
            with(outer, () -> {
                try {
                    with(timeout(ofSeconds(5)), () -> {
                        await(sleep(ofSeconds(10)));
                    });
                } catch (CancelledError e) {
                    say("swallowed between the blocks");
                }
            });
            say("expired", outer.expired(), "requests", currentTask().cancelling());
        });
    }

    @Override
    void program() {
        run(main());
    }
}
