package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.run;

import asyncio.Coroutine;

/**
 * A coroutine object is single use: a second await fails, also after the first one failed; a task may be awaited again.
 */
final class CoroutineAwaitedASecondTimeIsRefused extends Program {
    Coroutine<String> good() {
        return async(() -> {
            say("good runs");
            return "good value";
        });
    }

    Coroutine<Void> bad() {
        return async(() -> {
            throw new IllegalArgumentException("bad failed");
        });
    }

    Coroutine<Void> main() {
        return async(() -> {
            var coro = good();
            say(await(coro));
            try {
                await(coro);
            } catch (IllegalStateException e) {
                say("second await", e);
            }
            var failing = bad();
            for (int i = 0; i < 2; i++) {
                try {
                    await(failing);
                } catch (IllegalArgumentException | IllegalStateException e) {
                    say("bad raised", e);
                }
            }
            var task = createTask(good());
            say("task", await(task), await(task));
        });
    }

    @Override
    void program() {
        run(main());
    }
}
