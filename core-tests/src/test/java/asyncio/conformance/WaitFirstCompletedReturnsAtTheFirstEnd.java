package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.getRunningLoop;
import static java.time.Duration.ofMillis;

import asyncio.Asyncio;
import asyncio.Coroutine;
import asyncio.Event;
import asyncio.ReturnWhen;
import asyncio.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** FIRST_COMPLETED returns as soon as one task has ended; the rest stay pending and keep running. */
final class WaitFirstCompletedReturnsAtTheFirstEnd extends TimedProgram {
    Coroutine<String> work(String name, Event gate) {
        return async(() -> {
            await(gate.waitSet());
            say(name, "ends");
            return name;
        });
    }

    Coroutine<Void> main() {
        return async(() -> {
            var gates = List.of(Event.create(), Event.create(), Event.create());
            var tasks = new ArrayList<Task<String>>();
            for (int i = 0; i < 3; i++) {
                tasks.add(createTask(work("task " + i, gates.get(i))));
            }
            var loop = getRunningLoop();
            loop.callLater(ofMillis(30), gates.get(1)::set);
            var first = await(Asyncio.wait(tasks, ReturnWhen.FIRST_COMPLETED));
            say(
                    "done",
                    each(List.copyOf(first.done()), Task::result),
                    "pending",
                    first.pending().size());
            say("pending are the others", first.pending().equals(Set.of(tasks.get(0), tasks.get(2))));
            gates.get(0).set();
            gates.get(2).set();
            var rest = await(Asyncio.wait(first.pending()));
            say(
                    "done",
                    rest.done().stream().map(Task::result).sorted().toList(),
                    "pending",
                    rest.pending().size());
        });
    }

    @Override
    void program() {
        run(main());
    }
}
