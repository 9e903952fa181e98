package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.run;
import static asyncio.Asyncio.sleep;
import static java.time.Duration.ZERO;

import asyncio.CancelledError;
import asyncio.Coroutine;

/** A task cancelled before it started never runs a line of its body, not even finally; it ends cancelled. */
final class CancelBeforeTheFirstStepSkipsTheBody extends Program {
    Coroutine<Void> work() {
        return async(() -> {
            say("body must not run");
            try {
                await(sleep(ZERO));
            } finally {
                say("finally must not run");
            }
        });
    }

    Coroutine<Void> main() {
        return async(() -> {
            var task = createTask(work());
            task.addDoneCallback(t -> say("callback sees cancelled", t.cancelled()));
            say("cancel", task.cancel("too late"));
            say("done yet", task.done());
            try {
                await(task);
            } catch (CancelledError e) {
                say("main got", e, str(e));
            }
            say("cancelled", task.cancelled(), "requests", task.cancelling());
        });
    }

    @Override
    void program() {
        run(main());
    }
}
