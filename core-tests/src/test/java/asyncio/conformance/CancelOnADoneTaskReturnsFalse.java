package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.run;
import static asyncio.Asyncio.sleep;
import static java.time.Duration.ZERO;

import asyncio.Asyncio;
import asyncio.CancelledError;
import asyncio.Coroutine;
import java.util.List;

/** cancel() on a finished, failed or cancelled task returns false and changes neither outcome nor request count. */
final class CancelOnADoneTaskReturnsFalse extends Program {
    Coroutine<String> work(String kind) {
        return async(() -> {
            await(sleep(ZERO));
            if (kind.equals("fails")) {
                throw new IllegalArgumentException("boom");
            }
            if (kind.equals("is cancelled")) {
                throw new CancelledError("own");
            }
            return "value";
        });
    }

    Coroutine<Void> main() {
        return async(() -> {
            for (var kind : List.of("returns", "fails", "is cancelled")) {
                var task = createTask(work(kind));
                await(Asyncio.wait(List.of(task)));
                say("task", kind, "- cancel", task.cancel("late"), "requests", task.cancelling());
                try {
                    say("outcome", task.result());
                } catch (IllegalArgumentException | CancelledError e) {
                    say("outcome", e, str(e));
                }
            }
        });
    }

    @Override
    void program() {
        run(main());
    }
}
