package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.run;

import asyncio.Coroutine;

/** Calling a coroutine function runs nothing; the body starts at the await, whatever the order of creation. */
final class CoroutineBodyRunsOnlyWhenAwaited extends Program {
    Coroutine<Integer> work(int n) {
        return async(() -> {
            say("body", n);
            return n * 2;
        });
    }

    Coroutine<Void> main() {
        return async(() -> {
            var first = work(1);
            var second = work(2);
            say("created, nothing ran");
            say("second gives", await(second));
            say("first gives", await(first));
            var third = work(3);
            third.close();
            say("third closed without running");
        });
    }

    @Override
    void program() {
        run(main());
    }
}
