package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.run;
import static asyncio.Asyncio.sleep;
import static java.time.Duration.ZERO;

import asyncio.Asyncio;
import asyncio.Coroutine;
import asyncio.ReturnWhen;
import java.util.List;

/** FIRST_EXCEPTION waits over normal ends, returns at the first error, and raises nothing itself. */
final class WaitFirstExceptionReturnsAtTheFirstError extends Program {
    Coroutine<String> work(String name, int rounds, boolean fail) {
        return async(() -> {
            for (int i = 0; i < rounds; i++) {
                await(sleep(ZERO));
            }
            say(name, fail ? "fails" : "ends");
            if (fail) {
                throw new IllegalArgumentException(name);
            }
            return name;
        });
    }

    Coroutine<Void> main() {
        return async(() -> {
            var tasks = List.of(
                    createTask(work("ok", 1, false)),
                    createTask(work("bad", 3, true)),
                    createTask(work("late", 9, false)));
            var first = await(Asyncio.wait(tasks, ReturnWhen.FIRST_EXCEPTION));
            say("returned");
            say("done", each(tasks, first.done()::contains), "pending", each(tasks, first.pending()::contains));
            say("error", tasks.get(1).exception());
            var rest = await(Asyncio.wait(List.of(tasks.get(0), tasks.get(2)), ReturnWhen.FIRST_EXCEPTION));
            say(
                    "without errors it waits for all",
                    rest.done().size(),
                    rest.pending().size());
        });
    }

    @Override
    void program() {
        run(main());
    }
}
