package asyncio.conformance;

import static asyncio.Asyncio.asCompleted;
import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.sleep;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofMillis;

import asyncio.Coroutine;
import asyncio.Event;
import asyncio.Task;
import asyncio.TimeoutException;
import java.util.List;

/** When the timeout passes, the next awaitable raises TimeoutError; unfinished tasks are not cancelled. */
final class AsCompletedTimeoutLeavesTheRestRunning extends TimedProgram {
    Coroutine<String> work(String name, Event gate) {
        return async(() -> {
            await(gate.waitSet());
            return name;
        });
    }

    Coroutine<Void> main() {
        return async(() -> {
            var now = Event.create();
            var later = Event.create();
            var tasks = List.of(createTask(work("now", now)), createTask(work("later", later)));
            now.set();
            await(sleep(ZERO));
            try {
                for (var earliest : asCompleted(tasks, ofMillis(50))) {
                    say("got", await(earliest));
                }
            } catch (TimeoutException e) {
                say("raised", e);
            }
            say("done", each(tasks, Task::done), "requests", each(tasks, Task::cancelling));
            later.set();
            say(await(tasks.get(1)));
        });
    }

    @Override
    void program() {
        run(main());
    }
}
