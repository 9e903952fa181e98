package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.getRunningLoop;
import static asyncio.Asyncio.sleep;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofSeconds;

import asyncio.Awaitable;
import asyncio.Coroutine;
import asyncio.Future;

/**
 * Loop iterations an await costs: inline coroutine 0, done future 0, sleep(0) 1, future set by a callback 2, task 2.
 */
final class IterationsOfSimpleAwaits extends TimedProgram {
    private Ticker ticker;

    Coroutine<Integer> instant() {
        return async(() -> 1);
    }

    Coroutine<Void> count(String label, Awaitable<?> awaitable) {
        return async(() -> {
            int before = ticker.n;
            await(awaitable);
            say(label, ticker.n - before);
        });
    }

    Coroutine<Void> twice() {
        return async(() -> {
            await(sleep(ZERO));
            await(sleep(ZERO));
        });
    }

    Coroutine<Void> main() {
        return async(() -> {
            var loop = getRunningLoop();
            ticker = new Ticker();
            await(sleep(ZERO));
            await(count("inline coroutine", instant()));
            Future<Integer> done = loop.createFuture();
            done.setResult(1);
            await(count("done future", done));
            await(count("sleep(0)", sleep(ZERO)));
            await(count("sleep(-1)", sleep(ofSeconds(-1))));
            Future<Integer> future = loop.createFuture();
            loop.callSoon(() -> future.setResult(1));
            await(count("future set by call_soon", future));
            var task = createTask(instant());
            await(count("instant task", task));
            await(count("finished task", task));
            await(count("task with two sleep(0)", createTask(twice())));
        });
    }

    @Override
    void program() {
        run(main());
    }
}
