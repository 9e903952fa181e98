package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.gather;
import static asyncio.Asyncio.getRunningLoop;
import static asyncio.Asyncio.run;
import static asyncio.Asyncio.sleep;
import static java.time.Duration.ZERO;

import asyncio.Coroutine;
import asyncio.Future;
import java.util.List;
import java.util.stream.IntStream;

/** gather() without arguments returns a finished future with an empty list; awaiting it does not suspend. */
final class GatherOfNothingIsDoneAtOnce extends Program {
    Coroutine<Void> main() {
        return async(() -> {
            var loop = getRunningLoop();
            loop.callSoon(() -> say("callback"));
            var empty = gather();
            say(await(empty), "before the callback");
            await(sleep(ZERO));
            var sleeps = IntStream.range(0, 5).mapToObj(i -> sleep(ZERO, i)).toList();
            Future<List<Integer>> gathered = gather(sleeps);
            say("not awaited yet", gathered.done());
            gathered.addDoneCallback(f -> say("done callback", f.result()));
            say(await(gathered));
        });
    }

    @Override
    void program() {
        run(main());
    }
}
