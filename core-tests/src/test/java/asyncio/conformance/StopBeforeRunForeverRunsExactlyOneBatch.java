package asyncio.conformance;

import static asyncio.Asyncio.newEventLoop;

import asyncio.EventLoop;
import java.util.List;

/** stop() on a loop that is not running makes the next run_forever() run one batch and return. */
final class StopBeforeRunForeverRunsExactlyOneBatch extends Program {
    private EventLoop loop;

    void step(int n) {
        say("step", n);
        loop.callSoon(() -> step(n + 1));
    }

    @Override
    void program() {
        loop = newEventLoop();
        loop.callSoon(() -> step(1));
        loop.callSoon(() -> say("other"));
        loop.stop();
        say("stop requested");
        for (var run : List.of(1, 2)) {
            loop.runForever();
            say("run_forever", run, "returned");
            loop.stop();
        }
        loop.close();
        say("closed", loop.isClosed());
    }
}
