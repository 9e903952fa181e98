package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.sleep;
import static asyncio.Asyncio.taskGroup;
import static asyncio.Asyncio.with;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofSeconds;

import asyncio.CancelledError;
import asyncio.Coroutine;
import asyncio.ExceptionGroup;
import java.util.NoSuchElementException;

/**
 * Errors of several children, of cancelled siblings' cleanup and of the body all end up in one group; cancels do not.
 */
final class TaskgroupCollectsAllErrors extends TimedProgram {
    Coroutine<Void> fails(int n) {
        return async(() -> {
            await(sleep(ZERO));
            throw new IllegalArgumentException("child " + n);
        });
    }

    Coroutine<Void> badCleanup() {
        return async(() -> {
            try {
                await(sleep(ofSeconds(10)));
            } finally {
                throw new NoSuchElementException("cleanup");
            }
        });
    }

    Coroutine<Void> main() {
        return async(() -> {
            try {
                with(taskGroup(), tg -> {
                    tg.createTask(fails(1));
                    tg.createTask(fails(2));
                    tg.createTask(badCleanup());
                    tg.createTask(sleep(ofSeconds(10)));
                    try {
                        await(sleep(ofSeconds(10)));
                    } catch (CancelledError e) {
                        throw new IndexOutOfBoundsException("body");
                    }
                });
            } catch (ExceptionGroup group) {
                say("members", group.exceptions().size());
                say(each(group.exceptions(), e -> nameInPython(e) + " " + str(e)).stream()
                        .sorted()
                        .toList());
            }
        });
    }

    @Override
    void program() {
        run(main());
    }
}
