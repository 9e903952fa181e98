package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.run;
import static asyncio.Asyncio.shield;
import static asyncio.Asyncio.sleep;
import static java.time.Duration.ZERO;

import asyncio.Asyncio;
import asyncio.CancelledError;
import asyncio.Coroutine;
import asyncio.Event;
import asyncio.Task;
import java.util.List;

/** Cancelling the awaiting task cancels only the shield: the inner task goes on and can be awaited again. */
final class ShieldKeepsTheInnerTaskWhenTheOuterIsCancelled extends Program {
    private Event gate;

    Coroutine<String> inner() {
        return async(() -> {
            try {
                await(gate.waitSet());
                return "inner result";
            } catch (CancelledError e) {
                say("inner must not be cancelled");
                throw e;
            }
        });
    }

    Coroutine<Void> outer(Task<String> task) {
        return async(() -> {
            try {
                await(shield(task));
            } catch (CancelledError e) {
                say("outer got", e, str(e), "- inner done", task.done(), "inner requests", task.cancelling());
                throw e;
            }
        });
    }

    Coroutine<Void> main() {
        return async(() -> {
            gate = Event.create();
            var innerTask = createTask(inner());
            var outerTask = createTask(outer(innerTask));
            await(sleep(ZERO));
            outerTask.cancel("outer only");
            await(Asyncio.wait(List.of(outerTask)));
            say("outer cancelled", outerTask.cancelled());
            gate.set();
            say(await(innerTask));
        });
    }

    @Override
    void program() {
        run(main());
    }
}
