package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.getRunningLoop;
import static asyncio.Asyncio.run;

import asyncio.Coroutine;
import asyncio.EventLoop;
import java.util.ArrayList;
import java.util.List;

/** Every run() has its own loop, closed afterwards, also when main fails; a closed loop takes no more callbacks. */
final class RunUsesAFreshLoopEachTimeAndClosesIt extends Program {
    private final List<EventLoop> loops = new ArrayList<>();

    Coroutine<Void> loopOf(boolean fail) {
        return async(() -> {
            var loop = getRunningLoop();
            loops.add(loop);
            say("running", loop.isRunning(), "closed", loop.isClosed());
            if (fail) {
                throw new IllegalArgumentException("boom");
            }
        });
    }

    @Override
    void program() {
        run(loopOf(false));
        try {
            run(loopOf(true));
        } catch (IllegalArgumentException e) {
            say(e, str(e));
        }
        say("same loop", loops.get(0) == loops.get(1));
        say("running", each(loops, EventLoop::isRunning), "closed", each(loops, EventLoop::isClosed));
        try {
            loops.get(0).callSoon(() -> say("never"));
        } catch (IllegalStateException e) {
            say("scheduling refused", e);
        }
    }
}
