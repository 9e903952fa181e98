package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.sleep;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofSeconds;

import asyncio.Awaitable;
import asyncio.CancelledError;
import asyncio.Coroutine;
import asyncio.Task;
import java.util.List;

/**
 * Cancelling a task that awaits a task that awaits a task reaches the innermost first; each link counts one request.
 */
final class CancelTravelsDownTheChainOfAwaitedTasks extends TimedProgram {
    Coroutine<Void> link(String name, Awaitable<Void> inner) {
        return async(() -> {
            try {
                await(inner);
            } catch (CancelledError e) {
                say(name, "got", e, str(e));
                throw e;
            }
        });
    }

    Coroutine<Void> main() {
        return async(() -> {
            var a = createTask(link("innermost", sleep(ofSeconds(10))));
            var b = createTask(link("middle", a));
            var c = createTask(link("outermost", b));
            var all = List.of(a, b, c);
            await(sleep(ZERO));
            c.cancel("message");
            say("requests", each(all, Task::cancelling), "done", each(all, Task::done));
            while (!c.done()) {
                await(sleep(ZERO));
                say("cancelled", each(all, Task::cancelled));
            }
        });
    }

    @Override
    void program() {
        run(main());
    }
}
