package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.gather;
import static asyncio.Asyncio.sleep;
import static asyncio.Asyncio.waitFor;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofMillis;

import asyncio.Coroutine;
import asyncio.Event;
import asyncio.TimeoutException;
import java.util.List;

/** set() wakes every waiter in the order of waiting; later waiters pass at once until clear(). */
final class EventWakesAllWaitersInOrder extends TimedProgram {
    private Event event;

    Coroutine<Void> waiter(Object n) {
        return async(() -> {
            say("waiter", n, "waits");
            await(event.waitSet());
            say("waiter", n, "woken", true);
        });
    }

    Coroutine<Void> main() {
        return async(() -> {
            event = Event.create();
            var tasks = each(List.of(0, 1, 2), n -> createTask(waiter(n)));
            await(sleep(ZERO));
            say("is set", event.isSet());
            event.set();
            event.set();
            say("is set", event.isSet(), "- nobody ran yet");
            await(gather(tasks));
            await(waiter("late"));
            event.clear();
            try {
                await(waitFor(event.waitSet(), ofMillis(30)));
            } catch (TimeoutException e) {
                say("after clear()", e);
            }
        });
    }

    @Override
    void program() {
        run(main());
    }
}
