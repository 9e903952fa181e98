package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.gather;
import static asyncio.Asyncio.run;
import static asyncio.Asyncio.sleep;
import static java.time.Duration.ZERO;

import asyncio.CancelledError;
import asyncio.Coroutine;
import asyncio.Event;

/**
 * The first error is raised at once by the awaited gather; the other coroutines are not cancelled and run to their end.
 */
final class GatherFirstErrorLeavesSiblingsRunning extends Program {
    private Event gate;

    Coroutine<Void> fails() {
        return async(() -> {
            await(sleep(ZERO));
            say("failing");
            throw new IllegalArgumentException("boom");
        });
    }

    Coroutine<Void> sibling() {
        return async(() -> {
            try {
                await(gate.waitSet());
                say("sibling finished normally");
            } catch (CancelledError e) {
                say("sibling cancelled");
                throw e;
            }
        });
    }

    Coroutine<Void> main() {
        return async(() -> {
            gate = Event.create();
            var task = createTask(sibling());
            try {
                await(gather(fails(), task));
            } catch (IllegalArgumentException e) {
                say("gather raised", e, str(e), "- sibling done", task.done());
            }
            await(sleep(ZERO));
            say("sibling still running", !task.done());
            gate.set();
            await(task);
        });
    }

    @Override
    void program() {
        run(main());
    }
}
