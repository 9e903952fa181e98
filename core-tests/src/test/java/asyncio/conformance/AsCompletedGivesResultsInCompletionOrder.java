package asyncio.conformance;

import static asyncio.Asyncio.asCompleted;
import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.run;
import static asyncio.Asyncio.sleep;
import static java.time.Duration.ZERO;

import asyncio.Coroutine;
import asyncio.Event;
import asyncio.Task;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Plain iteration over as_completed() yields awaitables that give the results in order of completion. */
final class AsCompletedGivesResultsInCompletionOrder extends Program {
    Coroutine<String> work(String name, Event gate) {
        return async(() -> {
            await(gate.waitSet());
            return name;
        });
    }

    Coroutine<Void> openGates(Map<String, Event> gates) {
        return async(() -> {
            for (var name : List.of("c", "a", "b")) {
                gates.get(name).set();
                for (int i = 0; i < 10; i++) {
                    await(sleep(ZERO));
                }
            }
        });
    }

    Coroutine<Void> main() {
        return async(() -> {
            var gates = new LinkedHashMap<String, Event>();
            for (var name : List.of("a", "b", "c")) {
                gates.put(name, Event.create());
            }
            var tasks = new ArrayList<Task<String>>();
            gates.forEach((name, gate) -> tasks.add(createTask(work(name, gate))));
            var opener = createTask(openGates(gates));
            int number = 0;
            for (var earliest : asCompleted(tasks)) {
                number++;
                say(
                        number,
                        await(earliest),
                        "tasks done",
                        tasks.stream().filter(Task::done).count());
            }
            await(opener);
        });
    }

    @Override
    void program() {
        run(main());
    }
}
