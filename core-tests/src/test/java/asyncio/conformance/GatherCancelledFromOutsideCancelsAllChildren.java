package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.gather;
import static asyncio.Asyncio.run;
import static asyncio.Asyncio.sleep;
import static java.time.Duration.ZERO;

import asyncio.Asyncio;
import asyncio.CancelledError;
import asyncio.Coroutine;
import asyncio.Event;
import asyncio.Task;
import java.util.List;

/**
 * Cancelling the task that awaits gather() cancels every unfinished child, passing on the message; finished ones are
 * left.
 */
final class GatherCancelledFromOutsideCancelsAllChildren extends Program {
    Coroutine<String> child(String name, Event event) {
        return async(() -> {
            try {
                await(event.waitSet());
                say(name, "finished");
                return name;
            } catch (CancelledError e) {
                say(name, "got", e, str(e));
                throw e;
            }
        });
    }

    Coroutine<Void> parent(List<Task<String>> children) {
        return async(() -> {
            try {
                await(gather(children));
            } catch (CancelledError e) {
                say("parent got", e, str(e));
                throw e;
            }
        });
    }

    Coroutine<Void> main() {
        return async(() -> {
            var ready = Event.create();
            ready.set();
            var children = List.of(
                    createTask(child("ready", ready)),
                    createTask(child("a", Event.create())),
                    createTask(child("b", Event.create())));
            var task = createTask(parent(children));
            await(sleep(ZERO));
            task.cancel("stop");
            await(Asyncio.wait(List.of(task)));
            say("parent cancelled", task.cancelled());
            say("children cancelled", each(children, Task::cancelled));
        });
    }

    @Override
    void program() {
        run(main());
    }
}
