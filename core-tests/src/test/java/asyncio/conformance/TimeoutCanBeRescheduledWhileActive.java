package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.getRunningLoop;
import static asyncio.Asyncio.sleep;
import static asyncio.Asyncio.timeout;
import static asyncio.Asyncio.with;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;

import asyncio.Coroutine;
import asyncio.Timeout;
import asyncio.TimeoutException;
import java.time.Duration;

/** reschedule() moves or removes the deadline of an active block; before entry and after exit it is an error. */
final class TimeoutCanBeRescheduledWhileActive extends TimedProgram {
    void attempt(String label, Timeout scope, Duration when) {
        try {
            scope.reschedule(when);
            say(label, "accepted");
        } catch (IllegalStateException e) {
            say(label, "refused", e);
        }
    }

    Coroutine<Void> main() {
        return async(() -> {
            var loop = getRunningLoop();
            var first = timeout(ofMillis(40));
            attempt("before entry", first, null);
            with(first, () -> {
                attempt("extended", first, loop.time().plusSeconds(5));
                await(sleep(ofMillis(80)));
                say("survived the first deadline", first.expired());
                attempt("removed", first, null);
                say("when", first.when());
            });
            attempt("after exit", first, null);
            var second = timeout(null);
            try {
                with(second, () -> {
                    attempt("shortened", second, loop.time().plusMillis(30));
                    await(sleep(ofSeconds(10)));
                });
            } catch (TimeoutException e) {
                say("raised", e);
            }
            attempt("after expiry", second, null);
        });
    }

    @Override
    void program() {
        run(main());
    }
}
