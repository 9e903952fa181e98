package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.sleep;
import static asyncio.Asyncio.taskGroup;
import static asyncio.Asyncio.with;
import static java.time.Duration.ofSeconds;

import asyncio.Coroutine;
import asyncio.ExceptionGroup;
import asyncio.TaskGroup;

/** create_task() is refused before entry, after the block, and after a failure; the coroutine passed never runs. */
final class TaskgroupRefusesTasksWhenNotActive extends TimedProgram {
    Coroutine<Void> work(String name) {
        return async(() -> {
            say(name, "must not run");
        });
    }

    Coroutine<Void> fails() {
        return async(() -> {
            throw new IllegalArgumentException("boom");
        });
    }

    void attempt(TaskGroup tg, String when) {
        var coro = work(when);
        try {
            tg.createTask(coro);
            say(when, "accepted");
        } catch (IllegalStateException e) {
            say(when, "refused", e);
        }
        coro.close();
    }

    Coroutine<Void> main() {
        return async(() -> {
            var first = taskGroup();
            attempt(first, "before entry");
            with(first, () -> {});
            attempt(first, "after the block");
            try {
                with(first, () -> {
                    say("must not print");
                });
            } catch (IllegalStateException e) {
                say("second entry refused", e);
            }
            try {
                with(taskGroup(), tg -> {
                    tg.createTask(fails());
                    try {
                        await(sleep(ofSeconds(10)));
                    } finally {
                        attempt(tg, "after a failure");
                    }
                });
            } catch (ExceptionGroup group) {
                say("raised", group, group.exceptions());
            }
        });
    }

    @Override
    void program() {
        run(main());
    }
}
