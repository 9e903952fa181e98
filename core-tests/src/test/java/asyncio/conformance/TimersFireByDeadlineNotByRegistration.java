package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.getRunningLoop;
import static java.time.Duration.ofMillis;

import asyncio.Coroutine;
import asyncio.Future;

/** call_later and call_at callbacks fire in order of their deadlines, whatever the order of registration. */
final class TimersFireByDeadlineNotByRegistration extends TimedProgram {
    Coroutine<Void> main() {
        return async(() -> {
            var loop = getRunningLoop();
            var start = loop.time();
            Future<Void> done = loop.createFuture();
            loop.callLater(ofMillis(300), () -> say("later 0.3"));
            loop.callLater(ofMillis(150), () -> say("later 0.15"));
            loop.callAt(start.plusMillis(50), () -> say("at 0.05"));
            loop.callLater(ofMillis(500), () -> done.setResult(null));
            loop.callAt(start, () -> say("at start"));
            say("main waits");
            await(done);
            say("at least half a second passed", loop.time().minus(start).compareTo(ofMillis(500)) >= 0);
        });
    }

    @Override
    void program() {
        run(main());
    }
}
