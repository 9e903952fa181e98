package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.currentTask;
import static asyncio.Asyncio.run;

import asyncio.Asyncio;
import asyncio.CancelledError;
import asyncio.Coroutine;
import java.util.List;

/**
 * A task that cancels itself and returns without suspending is cancelled and its value is dropped; an error would win.
 */
final class SelfCancelThenReturnEndsCancelled extends Program {
    Coroutine<String> returns() {
        return async(() -> {
            currentTask().cancel("self");
            return "dropped";
        });
    }

    Coroutine<String> fails() {
        return async(() -> {
            currentTask().cancel("self");
            throw new IllegalArgumentException("boom");
        });
    }

    Coroutine<Void> main() {
        return async(() -> {
            for (var work : List.of(returns(), fails())) {
                var task = createTask(work);
                await(Asyncio.wait(List.of(task)));
                say("cancelled", task.cancelled(), "requests", task.cancelling());
                try {
                    say(task.result());
                } catch (CancelledError | IllegalArgumentException e) {
                    say("result raised", e, str(e));
                }
            }
        });
    }

    @Override
    void program() {
        run(main());
    }
}
