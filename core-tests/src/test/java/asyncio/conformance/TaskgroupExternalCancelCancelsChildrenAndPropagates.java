package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.sleep;
import static asyncio.Asyncio.taskGroup;
import static asyncio.Asyncio.with;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofSeconds;

import asyncio.Asyncio;
import asyncio.Coroutine;
import java.util.List;

/**
 * Cancelling the parent cancels all children, waits for their cleanup and raises plain CancelledError from the block.
 */
final class TaskgroupExternalCancelCancelsChildrenAndPropagates extends TimedProgram {
    Coroutine<Void> child(int rounds) {
        return async(() -> {
            try {
                await(sleep(ofSeconds(10)));
            } finally {
                for (int i = 0; i < rounds; i++) {
                    await(sleep(ZERO));
                }
                say("child with", rounds, "cleanup rounds ended");
            }
        });
    }

    Coroutine<Void> parent(boolean inBody) {
        return async(() -> {
            try {
                with(taskGroup(), tg -> {
                    for (int rounds : List.of(3, 1)) {
                        tg.createTask(child(rounds));
                    }
                    if (inBody) {
                        await(sleep(ofSeconds(10)));
                    }
                });
            } catch (Throwable e) {
                say("parent got", e, str(e));
                throw e;
            }
        });
    }

    Coroutine<Void> main() {
        return async(() -> {
            for (boolean inBody : List.of(true, false)) {
                var task = createTask(parent(inBody));
                for (int i = 0; i < 5; i++) {
                    await(sleep(ZERO));
                }
                task.cancel("from outside");
                await(Asyncio.wait(List.of(task)));
                say("in body", inBody, "- cancelled", task.cancelled(), "requests", task.cancelling());
            }
        });
    }

    @Override
    void program() {
        run(main());
    }
}
