package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.run;
import static asyncio.Asyncio.sleep;
import static java.time.Duration.ZERO;

import asyncio.Asyncio;
import asyncio.Awaitable;
import asyncio.Coroutine;
import asyncio.Future;
import asyncio.ReturnWhen;
import asyncio.Task;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;

/** wait() of an empty collection, of a single task, of coroutines or with an unknown mode is an error. */
final class WaitRefusesNothingAndBareCoroutines extends Program {
    Coroutine<Void> work() {
        return async(() -> {
            say("must not run");
        });
    }

    /** What Java's compiler refuses is smuggled past it, as Python has no compiler that would. */
    Coroutine<Void> attempt(String label, Callable<Awaitable<?>> awaitable) {
        return async(() -> {
            try {
                await(awaitable.call());
                say(label, "accepted");
            } catch (IllegalArgumentException | ClassCastException e) {
                // Python has two kinds of IllegalArgumentException; this one is about a type.
                say(label, "refused", label.equals("coroutine") ? "TypeError" : e);
            }
        });
    }

    @SuppressWarnings("unchecked")
    static Collection<Future<?>> unchecked(Object fs) {
        return (Collection<Future<?>>) fs;
    }

    Coroutine<Void> main() {
        return async(() -> {
            var coro = work();
            var task = createTask(sleep(ZERO));
            await(attempt("nothing", () -> Asyncio.wait(List.<Task<?>>of())));
            await(attempt("coroutine", () -> Asyncio.wait(unchecked(List.of(coro)))));
            await(attempt("task itself instead of a collection", () -> Asyncio.wait(unchecked(task))));
            await(attempt("unknown mode", () -> Asyncio.wait(List.of(task), ReturnWhen.valueOf("SOMETIME"))));
            await(attempt("the same task twice", () -> Asyncio.wait(List.of(task, task))));
            coro.close();
        });
    }

    @Override
    void program() {
        run(main());
    }
}
