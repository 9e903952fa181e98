package asyncio.conformance;

import static asyncio.Asyncio.asCompleted;
import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.run;
import static asyncio.Asyncio.sleep;
import static java.time.Duration.ZERO;

import asyncio.Asyncio;
import asyncio.Coroutine;
import asyncio.Task;
import java.util.LinkedHashMap;
import java.util.List;

/** Asynchronous iteration yields the given task objects themselves, in completion order, so they can be looked up. */
final class AsCompletedAsyncIterationYieldsTheOriginalTasks extends Program {
    Coroutine<Integer> work(int rounds) {
        return async(() -> {
            for (int i = 0; i < rounds; i++) {
                await(sleep(ZERO));
            }
            if (rounds == 2) {
                throw new IllegalArgumentException("two");
            }
            return rounds;
        });
    }

    Coroutine<Void> main() {
        return async(() -> {
            var tasks = new LinkedHashMap<Task<Integer>, String>();
            for (int n : List.of(5, 2, 8)) {
                tasks.put(createTask(work(n)), "task " + n);
            }
            for (var task : Asyncio.each(asCompleted(tasks.keySet()))) {
                Object outcome = task.exception() != null ? task.exception() : await(task);
                say(tasks.get(task), "done", task.done(), "outcome", outcome);
            }
        });
    }

    @Override
    void program() {
        run(main());
    }
}
