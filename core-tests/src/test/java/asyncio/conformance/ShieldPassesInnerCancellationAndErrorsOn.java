package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.currentTask;
import static asyncio.Asyncio.shield;
import static asyncio.Asyncio.sleep;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofSeconds;

import asyncio.CancelledError;
import asyncio.Coroutine;

/** If the inner task itself is cancelled or fails, whoever awaits the shield gets that. */
final class ShieldPassesInnerCancellationAndErrorsOn extends TimedProgram {
    Coroutine<Void> fails() {
        return async(() -> {
            await(sleep(ZERO));
            throw new IllegalArgumentException("inner error");
        });
    }

    Coroutine<Void> main() {
        return async(() -> {
            var inner = createTask(sleep(ofSeconds(10)));
            var shield = shield(inner);
            await(sleep(ZERO));
            inner.cancel("inner gone");
            try {
                await(shield);
            } catch (CancelledError e) {
                say("raised", e);
            }
            say(
                    "shield cancelled",
                    shield.cancelled(),
                    "main requests",
                    currentTask().cancelling());
            try {
                await(shield(fails()));
            } catch (IllegalArgumentException e) {
                say("raised", e, str(e));
            }
        });
    }

    @Override
    void program() {
        run(main());
    }
}
