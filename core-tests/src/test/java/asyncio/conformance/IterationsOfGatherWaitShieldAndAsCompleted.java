package asyncio.conformance;

import static asyncio.Asyncio.asCompleted;
import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.gather;
import static asyncio.Asyncio.shield;
import static asyncio.Asyncio.sleep;
import static asyncio.Asyncio.waitFor;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofSeconds;

import asyncio.Asyncio;
import asyncio.Awaitable;
import asyncio.Coroutine;
import asyncio.Task;
import java.util.List;

/** gather, wait, shield and as_completed over one instant coroutine or task cost three iterations each. */
final class IterationsOfGatherWaitShieldAndAsCompleted extends TimedProgram {
    private Ticker ticker;

    Coroutine<Integer> instant() {
        return async(() -> 1);
    }

    Coroutine<Void> nextCompleted(List<Task<Integer>> tasks) {
        return async(() -> {
            for (var earliest : asCompleted(tasks)) {
                await(earliest);
            }
        });
    }

    Coroutine<Void> count(String label, Awaitable<?> awaitable) {
        return async(() -> {
            int before = ticker.n;
            await(awaitable);
            say(label, ticker.n - before);
        });
    }

    Coroutine<Void> main() {
        return async(() -> {
            ticker = new Ticker();
            await(sleep(ZERO));
            await(count("gather of nothing", gather()));
            await(count("gather of one", gather(instant())));
            await(count("gather of three", gather(instant(), instant(), instant())));
            await(count("wait", Asyncio.wait(List.of(createTask(instant())))));
            await(count("shield", shield(instant())));
            await(count("as_completed of two", nextCompleted(List.of(createTask(instant()), createTask(instant())))));
            await(count("wait_for of a coroutine", waitFor(instant(), ofSeconds(10))));
            await(count("wait_for of a task", waitFor(createTask(instant()), ofSeconds(10))));
        });
    }

    @Override
    void program() {
        run(main());
    }
}
