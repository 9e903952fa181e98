package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.gather;
import static asyncio.Asyncio.run;
import static asyncio.Asyncio.sleep;
import static java.time.Duration.ZERO;

import asyncio.Coroutine;
import asyncio.Queue;
import asyncio.QueueShutDownException;
import java.util.List;

/** After shutdown() puts are refused; gets drain what is left and then fail, waiting getters included. */
final class QueueShutdownLetsGettersDrain extends Program {
    private Queue<String> queue;

    Coroutine<Void> consumer(String name) {
        return async(() -> {
            try {
                while (true) {
                    say(name, "got", await(queue.get()));
                }
            } catch (QueueShutDownException e) {
                say(name, "ends with", e);
            }
        });
    }

    Coroutine<Void> main() {
        return async(() -> {
            queue = Queue.create();
            for (var item : List.of("a", "b")) {
                queue.putNowait(item);
            }
            queue.shutdown();
            queue.shutdown();
            try {
                queue.putNowait("c");
            } catch (QueueShutDownException e) {
                say("put_nowait", e);
            }
            await(consumer("late consumer"));
            try {
                queue.getNowait();
            } catch (QueueShutDownException e) {
                say("get_nowait", e);
            }
            queue = Queue.create();
            var tasks = each(List.of(1, 2), n -> createTask(consumer("waiting consumer " + n)));
            await(sleep(ZERO));
            queue.putNowait("x");
            queue.shutdown();
            await(gather(tasks));
        });
    }

    @Override
    void program() {
        run(main());
    }
}
