package shop;

import static asyncio.Asyncio.*;
import static java.time.Duration.ofHours;

import asyncio.CancelledError;
import asyncio.Event;

/** Code that goes on though it was cancelled. In a package of its own, because stacks leave out that of the library. */
public final class Stubborn {
    private Stubborn() {}

    public static void waitFor(Event event, Event begun) {
        begun.set();
        try {
            await(sleep(ofHours(1)));
        } catch (CancelledError ignored) {
            await(event.waitSet());
        }
    }
}
