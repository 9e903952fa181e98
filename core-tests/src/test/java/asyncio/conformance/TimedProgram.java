package asyncio.conformance;

import asyncio.Asyncio;
import asyncio.Coroutine;
import asyncio.RunOptions;
import asyncio.internal.testing.VirtualLoop;

/** A program that waits, and does so in virtual time: no machine is so busy that its timers would come out of order. */
abstract class TimedProgram extends Program {

    /** Instead of {@code Asyncio.run}. */
    static <T> T run(Coroutine<T> main) {
        return Asyncio.run(main, RunOptions.loopFrom(VirtualLoop::new));
    }
}
