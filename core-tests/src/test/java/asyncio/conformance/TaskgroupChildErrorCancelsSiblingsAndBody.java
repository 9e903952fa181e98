package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.currentTask;
import static asyncio.Asyncio.sleep;
import static asyncio.Asyncio.taskGroup;
import static asyncio.Asyncio.with;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofSeconds;

import asyncio.CancelledError;
import asyncio.Coroutine;
import asyncio.ExceptionGroup;
import asyncio.Task;
import java.util.ArrayList;

/** The first failing child cancels its siblings and the body; the block raises a group holding that error. */
final class TaskgroupChildErrorCancelsSiblingsAndBody extends TimedProgram {
    Coroutine<Void> fails() {
        return async(() -> {
            await(sleep(ZERO));
            say("child fails");
            throw new IllegalArgumentException("boom");
        });
    }

    Coroutine<Void> sibling() {
        return async(() -> {
            try {
                await(sleep(ofSeconds(10)));
            } catch (CancelledError e) {
                say("sibling cancelled");
                await(sleep(ZERO));
                say("sibling cleaned up");
                throw e;
            }
        });
    }

    Coroutine<Void> main() {
        return async(() -> {
            var me = currentTask();
            var tasks = new ArrayList<Task<Void>>();
            try {
                with(taskGroup(), tg -> {
                    tasks.add(tg.createTask(fails()));
                    tasks.add(tg.createTask(sibling()));
                    try {
                        await(sleep(ofSeconds(10)));
                    } catch (CancelledError e) {
                        say("body got", e, "requests", me.cancelling());
                        throw e;
                    }
                });
            } catch (ExceptionGroup group) {
                var errors = group.exceptions();
                say("raised", group, errors.size(), errors.get(0), str(errors.get(0)));
            }
            say("sibling cancelled", tasks.get(1).cancelled(), "requests", me.cancelling());
        });
    }

    @Override
    void program() {
        run(main());
    }
}
