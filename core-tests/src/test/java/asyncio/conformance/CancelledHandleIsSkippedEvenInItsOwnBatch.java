package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.getRunningLoop;
import static asyncio.Asyncio.sleep;
import static java.time.Duration.ofMillis;

import asyncio.Coroutine;
import asyncio.Handle;

/**
 * A handle cancelled before its turn never runs, even when cancelled by a callback of the same batch; cancel is
 * idempotent.
 */
final class CancelledHandleIsSkippedEvenInItsOwnBatch extends TimedProgram {
    private Handle victim;
    private Handle bystanderDone;

    Coroutine<Void> main() {
        return async(() -> {
            var loop = getRunningLoop();
            var first = loop.callSoon(() -> say("first must not run"));
            say("cancelled", first.cancelled());
            first.cancel();
            first.cancel();
            say("cancelled", first.cancelled());
            bystanderDone = loop.callSoon(() -> say("ran before the killer"));
            loop.callSoon(this::killer);
            victim = loop.callSoon(() -> say("victim must not run"));
            loop.callSoon(() -> say("last runs"));
            var timer = loop.callLater(ofMillis(30), () -> say("timer must not run"));
            timer.cancel();
            await(sleep(ofMillis(60)));
            say("victim cancelled", victim.cancelled(), "timer cancelled", timer.cancelled());
            say("handle cancelled after it ran", bystanderDone.cancelled());
        });
    }

    void killer() {
        say("killer runs");
        victim.cancel();
        bystanderDone.cancel();
    }

    @Override
    void program() {
        run(main());
    }
}
