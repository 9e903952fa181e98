package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.gather;
import static asyncio.Asyncio.run;
import static asyncio.Asyncio.sleep;
import static java.time.Duration.ZERO;

import asyncio.Coroutine;

/** gather() starts its coroutines in argument order and returns results in argument order, not completion order. */
final class GatherResultsFollowArgumentOrder extends Program {
    Coroutine<String> work(String name, int rounds) {
        return async(() -> {
            say(name, "starts");
            for (int i = 0; i < rounds; i++) {
                await(sleep(ZERO));
            }
            say(name, "ends");
            return name.toUpperCase();
        });
    }

    Coroutine<Void> main() {
        return async(() -> {
            var gathered = gather(work("slow", 3), work("quick", 1), work("medium", 2));
            say("gather returned, nothing started");
            say(await(gathered));
        });
    }

    @Override
    void program() {
        run(main());
    }
}
