package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.currentTask;
import static asyncio.Asyncio.sleep;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofSeconds;

import asyncio.Asyncio;
import asyncio.CancelledError;
import asyncio.Coroutine;
import java.util.List;

/**
 * A coroutine that raises CancelledError itself makes its task cancelled; converting a real cancel to an error does
 * not.
 */
final class RaisingCancelledErrorByHandMarksTheTaskCancelled extends TimedProgram {
    Coroutine<Void> raises() {
        return async(() -> {
            throw new CancelledError("spontaneous");
        });
    }

    Coroutine<Void> converts() {
        return async(() -> {
            try {
                await(sleep(ofSeconds(10)));
            } catch (CancelledError e) {
                throw new IllegalArgumentException("converted");
            }
        });
    }

    Coroutine<Void> main() {
        return async(() -> {
            var tasks = List.of(createTask(raises()), createTask(converts()));
            await(sleep(ZERO));
            tasks.get(1).cancel();
            await(Asyncio.wait(tasks));
            for (var task : tasks) {
                say("cancelled", task.cancelled(), "requests", task.cancelling());
                try {
                    await(task);
                } catch (CancelledError | IllegalArgumentException e) {
                    say("awaiting raised", e, str(e));
                }
            }
            say("main not cancelled", currentTask().cancelling());
        });
    }

    @Override
    void program() {
        run(main());
    }
}
