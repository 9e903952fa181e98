package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.sleep;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofSeconds;

import asyncio.Asyncio;
import asyncio.CancelledError;
import asyncio.Coroutine;
import asyncio.Event;
import asyncio.Task;
import java.util.List;

/** Cleanup that awaits runs normally after one cancel; a second cancel while it awaits interrupts the cleanup too. */
final class SecondCancelInterruptsAnAwaitingCleanup extends TimedProgram {
    Coroutine<Void> work(String name, Event gate) {
        return async(() -> {
            try {
                await(sleep(ofSeconds(10)));
            } finally {
                say(name, "cleanup starts");
                try {
                    await(gate.waitSet());
                    say(name, "cleanup ends");
                } catch (CancelledError e) {
                    say(name, "cleanup interrupted");
                    throw e;
                }
            }
        });
    }

    Coroutine<Void> main() {
        return async(() -> {
            var gate = Event.create();
            var tasks = List.of(createTask(work("patient", gate)), createTask(work("hurried", gate)));
            await(sleep(ZERO));
            for (var task : tasks) {
                task.cancel();
            }
            await(sleep(ZERO));
            say("both cleaning up", each(tasks, Task::done));
            tasks.get(1).cancel();
            await(sleep(ZERO));
            say("done", each(tasks, Task::done));
            gate.set();
            await(Asyncio.wait(tasks));
            say("cancelled", each(tasks, Task::cancelled), "requests", each(tasks, Task::cancelling));
        });
    }

    @Override
    void program() {
        run(main());
    }
}
