package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.eagerTaskFactory;
import static asyncio.Asyncio.gather;
import static asyncio.Asyncio.getRunningLoop;
import static asyncio.Asyncio.run;
import static asyncio.Asyncio.sleep;
import static java.time.Duration.ZERO;

import asyncio.Coroutine;
import asyncio.Task;
import java.util.ArrayList;

/** Eager and lazy tasks mixed: eager ones run before the creator continues, lazy ones afterwards in creation order. */
final class EagerStartOrderDiffersFromLazyStartOrder extends Program {
    Coroutine<Void> work(String name) {
        return async(() -> {
            say(name, "step 1");
            await(sleep(ZERO));
            say(name, "step 2");
        });
    }

    Coroutine<Void> main() {
        return async(() -> {
            var loop = getRunningLoop();
            var tasks = new ArrayList<Task<Void>>();
            for (int i = 0; i < 4; i++) {
                loop.setTaskFactory(i % 2 == 1 ? eagerTaskFactory() : null);
                tasks.add(createTask(work((i % 2 == 1 ? "eager " : "lazy ") + i)));
                say("created", i);
            }
            await(gather(tasks));
        });
    }

    @Override
    void program() {
        run(main());
    }
}
