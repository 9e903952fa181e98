package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.getRunningLoop;
import static asyncio.Asyncio.run;
import static asyncio.Asyncio.sleep;
import static java.time.Duration.ZERO;

import asyncio.Asyncio;
import asyncio.CancelledError;
import asyncio.Coroutine;
import asyncio.Future;
import java.util.List;

/** A task whose future is already done but which has not resumed yet gets CancelledError; the result is lost to it. */
final class CancelAfterTheResultIsReadyStillWins extends Program {
    Coroutine<Void> work(Future<String> future) {
        return async(() -> {
            try {
                say("work got", await(future));
            } catch (CancelledError e) {
                say("work got", e, "although the future has", future.result());
                throw e;
            }
        });
    }

    Coroutine<Void> main() {
        return async(() -> {
            Future<String> future = getRunningLoop().createFuture();
            var task = createTask(work(future));
            await(sleep(ZERO));
            future.setResult("the result");
            say("cancel", task.cancel());
            say("future cancelled", future.cancelled());
            await(Asyncio.wait(List.of(task)));
            say("task cancelled", task.cancelled());
        });
    }

    @Override
    void program() {
        run(main());
    }
}
