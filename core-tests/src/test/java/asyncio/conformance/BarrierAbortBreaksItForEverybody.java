package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.gather;
import static asyncio.Asyncio.run;
import static asyncio.Asyncio.sleep;
import static java.time.Duration.ZERO;

import asyncio.Barrier;
import asyncio.BrokenBarrierException;
import asyncio.Coroutine;
import java.util.List;

/** abort() makes all present and future waiters fail with BrokenBarrierError until reset(). */
final class BarrierAbortBreaksItForEverybody extends Program {
    private Barrier barrier;

    Coroutine<Void> party(Object n) {
        return async(() -> {
            try {
                await(barrier.waitAll());
                say("party", n, "passed");
            } catch (BrokenBarrierException e) {
                say("party", n, "got", e);
            }
        });
    }

    Coroutine<Void> main() {
        return async(() -> {
            barrier = Barrier.create(3);
            var tasks = each(List.of(0, 1), n -> createTask(party(n)));
            await(sleep(ZERO));
            await(barrier.abort());
            await(gather(tasks));
            say("broken", barrier.broken());
            await(party("late"));
            await(barrier.reset());
            say("broken", barrier.broken());
            await(gather(each(List.of(0, 1, 2), n -> party(n))));
        });
    }

    @Override
    void program() {
        run(main());
    }
}
