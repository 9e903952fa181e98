package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.getRunningLoop;
import static java.time.Duration.ofMillis;

import asyncio.Coroutine;
import asyncio.Event;

/** when() is the absolute deadline, kept after firing; cancel() after firing is harmless; time never goes backwards. */
final class TimerHandleTellsItsDeadlineAndCancellation extends TimedProgram {
    Coroutine<Void> main() {
        return async(() -> {
            var loop = getRunningLoop();
            var fired = Event.create();
            var before = loop.time();
            var timer = loop.callLater(ofMillis(40), fired::set);
            var after = loop.time();
            say(
                    "deadline in range",
                    before.plusMillis(40).compareTo(timer.when()) <= 0
                            && timer.when().compareTo(after.plusMillis(40)) <= 0);
            var exact = loop.callAt(before.plusSeconds(5), () -> say("never"));
            say("call_at keeps the exact deadline", exact.when().equals(before.plusSeconds(5)));
            exact.cancel();
            say("cancelled handle keeps it", exact.when().equals(before.plusSeconds(5)), exact.cancelled());
            var deadline = timer.when();
            await(fired.waitSet());
            say("not early", loop.time().compareTo(deadline) >= 0);
            say("after firing", timer.when().equals(deadline), timer.cancelled());
            timer.cancel();
            say("late cancel", timer.cancelled());
        });
    }

    @Override
    void program() {
        run(main());
    }
}
