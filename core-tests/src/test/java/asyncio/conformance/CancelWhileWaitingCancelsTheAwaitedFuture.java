package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.currentTask;
import static asyncio.Asyncio.getRunningLoop;
import static asyncio.Asyncio.run;
import static asyncio.Asyncio.sleep;
import static java.time.Duration.ZERO;

import asyncio.CancelledError;
import asyncio.Coroutine;
import asyncio.Future;

/**
 * Cancelling a task that waits for a plain future cancels that future at once; the task gets CancelledError one step
 * later.
 */
final class CancelWhileWaitingCancelsTheAwaitedFuture extends Program {
    Coroutine<Void> work(Future<Void> future) {
        return async(() -> {
            try {
                await(future);
            } catch (CancelledError e) {
                say("work got", e, str(e));
                throw e;
            } finally {
                say("work finally");
            }
        });
    }

    Coroutine<Void> main() {
        return async(() -> {
            Future<Void> future = getRunningLoop().createFuture();
            var task = createTask(work(future));
            await(sleep(ZERO));
            say("cancel", task.cancel("bye"));
            say("future cancelled", future.cancelled(), "task done", task.done(), "requests", task.cancelling());
            await(sleep(ZERO));
            say("task cancelled", task.cancelled(), "requests", task.cancelling());
            try {
                await(task);
            } catch (CancelledError e) {
                say("main got", e, str(e));
            }
            say("main itself cancelled", currentTask().cancelling());
        });
    }

    @Override
    void program() {
        run(main());
    }
}
