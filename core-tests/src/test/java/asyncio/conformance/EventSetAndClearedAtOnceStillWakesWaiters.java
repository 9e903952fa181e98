package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.gather;
import static asyncio.Asyncio.run;
import static asyncio.Asyncio.sleep;
import static java.time.Duration.ZERO;

import asyncio.Coroutine;
import asyncio.Event;
import java.util.List;

/** set() immediately followed by clear() releases everybody waiting at that moment, but nobody who comes later. */
final class EventSetAndClearedAtOnceStillWakesWaiters extends Program {
    private Event event;

    Coroutine<Void> waiter(String name) {
        return async(() -> {
            await(event.waitSet());
            say(name, "woken, event is set", event.isSet());
        });
    }

    Coroutine<Void> main() {
        return async(() -> {
            event = Event.create();
            var tasks = each(List.of("a", "b"), n -> createTask(waiter(n)));
            await(sleep(ZERO));
            var late = createTask(waiter("late"));
            event.set();
            event.clear();
            await(gather(tasks));
            await(sleep(ZERO));
            say("late one done", late.done());
            event.set();
            await(late);
        });
    }

    @Override
    void program() {
        run(main());
    }
}
