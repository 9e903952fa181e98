package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.eagerTaskFactory;
import static asyncio.Asyncio.gather;
import static asyncio.Asyncio.getRunningLoop;
import static asyncio.Asyncio.run;
import static asyncio.Asyncio.sleep;
import static java.time.Duration.ZERO;

import asyncio.Coroutine;
import asyncio.TaskFactory;
import java.util.List;

/** With eager tasks gather() of coroutines that do not suspend is done at once; with one that suspends it is not. */
final class EagerGatherOfInstantCoroutinesDoesNotSuspend extends Program {
    Coroutine<Integer> instant(int n) {
        return async(() -> n);
    }

    Coroutine<Integer> slow(int n) {
        return async(() -> {
            await(sleep(ZERO));
            return n;
        });
    }

    Coroutine<Void> main() {
        return async(() -> {
            var loop = getRunningLoop();
            var ticker = new Ticker();
            await(sleep(ZERO));
            for (var factory : new TaskFactory[] {null, eagerTaskFactory()}) {
                loop.setTaskFactory(factory);
                for (var label : List.of("all instant", "one slow")) {
                    var coros = List.of(instant(1), label.equals("all instant") ? instant(2) : slow(2));
                    var before = ticker.n;
                    var gathered = gather(coros);
                    var done = gathered.done();
                    say(
                            "eager",
                            factory != null,
                            label,
                            "done at once",
                            done,
                            await(gathered),
                            "iterations",
                            ticker.n - before);
                }
            }
        });
    }

    @Override
    void program() {
        run(main());
    }
}
