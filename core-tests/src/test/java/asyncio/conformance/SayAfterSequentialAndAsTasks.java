package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.getRunningLoop;
import static asyncio.Asyncio.sleep;
import static java.time.Duration.ofMillis;

import asyncio.Coroutine;
import java.time.Duration;

/**
 * The tutorial example: awaited one after the other the longer delay comes first; as tasks the shorter delay comes
 * first.
 */
final class SayAfterSequentialAndAsTasks extends TimedProgram {
    Coroutine<String> sayAfter(Duration delay, String what) {
        return async(() -> {
            await(sleep(delay));
            say(what);
            return what;
        });
    }

    Coroutine<Void> main() {
        return async(() -> {
            var loop = getRunningLoop();
            var start = loop.time();
            say("sequential");
            await(sayAfter(ofMillis(200), "hello"));
            await(sayAfter(ofMillis(100), "world"));
            say("took the sum of the delays", loop.time().minus(start).compareTo(ofMillis(300)) >= 0);
            say("as tasks");
            start = loop.time();
            var hello = createTask(sayAfter(ofMillis(200), "hello"));
            var world = createTask(sayAfter(ofMillis(100), "world"));
            say("started, results", await(hello), await(world));
            say("took the longer delay", loop.time().minus(start).compareTo(ofMillis(200)) >= 0);
        });
    }

    @Override
    void program() {
        run(main());
    }
}
