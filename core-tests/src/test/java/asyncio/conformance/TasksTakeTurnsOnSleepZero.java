package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.run;
import static asyncio.Asyncio.sleep;
import static java.time.Duration.ZERO;

import asyncio.Coroutine;
import java.util.List;

/**
 * Tasks that call sleep(0) take turns in a fixed round-robin; one that ends drops out without disturbing the others.
 */
final class TasksTakeTurnsOnSleepZero extends Program {
    Coroutine<Void> work(String name, int rounds) {
        return async(() -> {
            for (int i = 0; i < rounds; i++) {
                say(name, i);
                await(sleep(ZERO));
            }
            say(name, "ends");
        });
    }

    Coroutine<Void> main() {
        return async(() -> {
            var tasks = List.of(createTask(work("a", 3)), createTask(work("b", 1)), createTask(work("c", 2)));
            for (var task : tasks) {
                await(task);
            }
            say("all done");
        });
    }

    @Override
    void program() {
        run(main());
    }
}
