package asyncio.semantics;

import static asyncio.Asyncio.await;
import static asyncio.Asyncio.getRunningLoop;
import static asyncio.Asyncio.sleep;
import static java.time.Duration.ZERO;

import asyncio.Awaitable;
import asyncio.EventLoop;

/** Counts the iterations of the loop: a callback that schedules itself again, and is the first of its batch. */
final class Ticker {
    private final EventLoop loop = getRunningLoop();
    private int iterations;
    private boolean stopped;

    private Ticker() {
        loop.callSoon(this::tick);
    }

    static Ticker start() {
        var ticker = new Ticker();
        await(sleep(ZERO));
        return ticker;
    }

    private void tick() {
        iterations++;
        if (!stopped) {
            loop.callSoon(this::tick);
        }
    }

    void stop() {
        stopped = true;
    }

    int iterations() {
        return iterations;
    }

    /** How many iterations pass while the caller awaits. */
    int during(Awaitable<?> awaitable) {
        int before = iterations;
        await(awaitable);
        return iterations - before;
    }
}
