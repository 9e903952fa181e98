package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.run;
import static asyncio.Asyncio.sleep;
import static java.time.Duration.ZERO;

import asyncio.Coroutine;
import java.util.List;
import java.util.concurrent.Callable;

/**
 * result() and exception() of a running task raise InvalidStateError; afterwards they give the outcome, any number of
 * times.
 */
final class TaskResultBeforeDoneIsInvalidState extends Program {
    Coroutine<String> work() {
        return async(() -> {
            await(sleep(ZERO));
            return "value";
        });
    }

    void attempt(String label, Callable<?> fn) {
        try {
            say(label, fn.call());
        } catch (Exception e) {
            say(label, "raised", e);
        }
    }

    Coroutine<Void> main() {
        return async(() -> {
            var task = createTask(work());
            for (var when : List.of("new", "suspended")) {
                say(when, "done", task.done());
                attempt("result", task::result);
                attempt("exception", task::exception);
                await(sleep(ZERO));
            }
            say("finished", "done", task.done());
            attempt("result", task::result);
            attempt("result again", task::result);
            attempt("exception", task::exception);
        });
    }

    @Override
    void program() {
        run(main());
    }
}
