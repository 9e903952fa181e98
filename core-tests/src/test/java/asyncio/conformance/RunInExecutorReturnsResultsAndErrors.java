package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.gather;
import static asyncio.Asyncio.getRunningLoop;
import static asyncio.Asyncio.run;

import asyncio.Coroutine;
import asyncio.EventLoop;
import java.util.List;
import java.util.stream.IntStream;

/** run_in_executor() runs a blocking function in another thread; its value or error comes back through the future. */
final class RunInExecutorReturnsResultsAndErrors extends Program {
    private EventLoop theLoop;

    List<Object> blocking(int n) {
        if (n < 0) {
            throw new IllegalArgumentException("negative");
        }
        return List.of(n * n, isIn(theLoop));
    }

    Coroutine<Void> main() {
        return async(() -> {
            theLoop = getRunningLoop();
            var loop = theLoop;
            say(await(loop.runInExecutor(null, () -> blocking(7))));
            try {
                await(loop.runInExecutor(null, () -> blocking(-1)));
            } catch (IllegalArgumentException e) {
                say("raised", e, str(e));
            }
            var futures = IntStream.range(0, 4)
                    .mapToObj(n -> loop.runInExecutor(null, () -> blocking(n)))
                    .toList();
            say(each(await(gather(futures)), result -> result.get(0)));
            say("back in the loop thread", isIn(theLoop));
        });
    }

    @Override
    void program() {
        run(main());
    }
}
