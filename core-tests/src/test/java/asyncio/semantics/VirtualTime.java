package asyncio.semantics;

import asyncio.Action;
import asyncio.Asyncio;
import asyncio.EventLoop;
import asyncio.internal.testing.VirtualLoop;

/** The loop of the module {@code testing} without its checks: these tests look at reports and leftovers themselves. */
final class VirtualTime {
    private VirtualTime() {}

    /** A loop on virtual time; to be closed. */
    static EventLoop newLoop() {
        return new VirtualLoop();
    }

    /** Runs {@code main} in virtual time. */
    static void inVirtualTime(Action main) {
        try (var loop = newLoop()) {
            loop.runUntilComplete(Asyncio.async(main));
        }
    }
}
