package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.currentTask;
import static asyncio.Asyncio.sleep;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofSeconds;

import asyncio.CancelledError;
import asyncio.Coroutine;

/** A task that catches CancelledError goes on undisturbed; the request count stays up until uncancel() lowers it. */
final class SwallowedCancelLetsTheTaskGoOn extends TimedProgram {
    Coroutine<String> work() {
        return async(() -> {
            var me = currentTask();
            try {
                await(sleep(ofSeconds(10)));
            } catch (CancelledError e) {
                say("swallowed, requests", me.cancelling());
            }
            await(sleep(ZERO));
            say("went on after another suspension");
            say("uncancel leaves", me.uncancel());
            say("uncancel below zero leaves", me.uncancel());
            return "finished";
        });
    }

    Coroutine<Void> main() {
        return async(() -> {
            var task = createTask(work());
            await(sleep(ZERO));
            say("cancel returned", task.cancel());
            say(await(task));
            say("cancelled", task.cancelled(), "requests", task.cancelling());
        });
    }

    @Override
    void program() {
        run(main());
    }
}
