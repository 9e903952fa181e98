package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.sleep;
import static asyncio.Asyncio.taskGroup;
import static asyncio.Asyncio.timeout;
import static asyncio.Asyncio.with;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofSeconds;

import asyncio.Awaitable;
import asyncio.Coroutine;
import java.time.Duration;

/** An empty TaskGroup and an unused timeout cost nothing; a group with instant children costs three iterations. */
final class IterationsOfTaskGroupsAndTimeouts extends TimedProgram {
    private Ticker ticker;

    Coroutine<Integer> instant() {
        return async(() -> 1);
    }

    Coroutine<Void> group(int n, int bodySleeps) {
        return async(() -> {
            with(taskGroup(), tg -> {
                for (int i = 0; i < n; i++) {
                    tg.createTask(instant());
                }
                for (int i = 0; i < bodySleeps; i++) {
                    await(sleep(ZERO));
                }
            });
        });
    }

    Coroutine<Void> withTimeout(Duration delay) {
        return async(() -> {
            with(timeout(delay), () -> {
                await(instant());
            });
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
            await(count("empty group", group(0, 0)));
            await(count("one child", group(1, 0)));
            await(count("five children", group(5, 0)));
            await(count("one child, body sleeps once", group(1, 1)));
            await(count("one child, body sleeps three times", group(1, 3)));
            await(count("timeout(10)", withTimeout(ofSeconds(10))));
            await(count("timeout(0), body does not suspend", withTimeout(ZERO)));
        });
    }

    @Override
    void program() {
        run(main());
    }
}
