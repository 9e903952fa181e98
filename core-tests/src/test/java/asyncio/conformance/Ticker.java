package asyncio.conformance;

import static asyncio.Asyncio.getRunningLoop;

import asyncio.EventLoop;

/** Counts loop iterations; after one {@code sleep(ZERO)} it is first in every batch. */
final class Ticker {
    int n;
    private final EventLoop loop = getRunningLoop();

    Ticker() {
        loop.callSoon(this::tick);
    }

    private void tick() {
        n += 1;
        loop.callSoon(this::tick);
    }
}
