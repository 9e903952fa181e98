package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;

import asyncio.Asyncio;
import asyncio.CancelledError;
import asyncio.Coroutine;
import asyncio.Event;
import asyncio.Task;
import java.util.List;

/** On timeout wait() raises nothing and cancels nothing: it just reports what is pending, and that goes on. */
final class WaitTimeoutReturnsPendingWithoutCancelling extends TimedProgram {
    Coroutine<String> work(String name, Event gate) {
        return async(() -> {
            try {
                await(gate.waitSet());
                return name;
            } catch (CancelledError e) {
                say(name, "must not be cancelled");
                throw e;
            }
        });
    }

    Coroutine<Void> main() {
        return async(() -> {
            var now = Event.create();
            var later = Event.create();
            var tasks = List.of(createTask(work("quick", now)), createTask(work("slow", later)));
            now.set();
            var some = await(Asyncio.wait(tasks, ofMillis(50)));
            var pending = List.copyOf(some.pending());
            say("done", each(List.copyOf(some.done()), Task::result), "pending", each(pending, t -> t == tasks.get(1)));
            say("pending is not cancelled", each(pending, Task::cancelling));
            later.set();
            say(await(tasks.get(1)));
            var all = await(Asyncio.wait(tasks, ofSeconds(10)));
            say("done", all.done().size(), "pending", all.pending().size());
        });
    }

    @Override
    void program() {
        run(main());
    }
}
