package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.gather;
import static asyncio.Asyncio.run;
import static asyncio.Asyncio.sleep;
import static java.time.Duration.ZERO;

import asyncio.Coroutine;
import java.util.ArrayList;
import java.util.List;

/** The same coroutine, task or future passed several times runs once and its result appears at each position. */
final class GatherOfTheSameObjectRunsItOnce extends Program {
    private final List<String> runs = new ArrayList<>();

    Coroutine<Object> work(String name) {
        return async(() -> {
            runs.add(name);
            await(sleep(ZERO));
            return new Object();
        });
    }

    Coroutine<Void> main() {
        return async(() -> {
            var coro = work("coroutine");
            var task = createTask(work("task"));
            var r = await(gather(coro, task, coro, task, work("other")));
            say(
                    "same results",
                    r.get(0) == r.get(2),
                    r.get(1) == r.get(3),
                    "different",
                    r.get(0) == r.get(1),
                    r.get(0) == r.get(4));
            say("runs", runs.stream().sorted().toList());
        });
    }

    @Override
    void program() {
        run(main());
    }
}
