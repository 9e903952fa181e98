package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.sleep;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofSeconds;

import asyncio.Coroutine;
import asyncio.Event;
import asyncio.Task;
import java.util.ArrayList;
import java.util.List;

/**
 * An error of main reaches run()'s caller only after leftovers ended; a task created just before still gets its first
 * step.
 */
final class RunMainErrorReachesCallerAfterLeftoversEnded extends TimedProgram {
    private final List<Task<Void>> tasks = new ArrayList<>();
    private final List<String> log = new ArrayList<>();

    Coroutine<Void> early() {
        return async(() -> {
            try {
                await(sleep(ofSeconds(10)));
            } finally {
                say("early leftover cleans up");
            }
        });
    }

    Coroutine<Void> late() {
        return async(() -> {
            say("late task starts");
            try {
                await(Event.create().waitSet());
            } finally {
                log.add("late leftover cleaned up");
            }
        });
    }

    Coroutine<Void> main() {
        return async(() -> {
            tasks.add(createTask(early()));
            await(sleep(ZERO));
            tasks.add(createTask(late()));
            say("main fails");
            throw new IllegalArgumentException("main failed");
        });
    }

    @Override
    void program() {
        try {
            run(main());
        } catch (IllegalArgumentException e) {
            say("caller got", e, str(e));
        }
        say(log);
        say("cancelled", each(tasks, Task::cancelled));
    }
}
