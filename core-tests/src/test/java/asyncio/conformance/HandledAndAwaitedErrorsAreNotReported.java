package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.gatherOutcomes;
import static asyncio.Asyncio.getRunningLoop;
import static asyncio.Asyncio.sleep;
import static asyncio.Asyncio.taskGroup;
import static asyncio.Asyncio.with;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofSeconds;

import asyncio.Asyncio;
import asyncio.Coroutine;
import asyncio.ExceptionGroup;
import java.util.List;

/** Task errors that somebody awaits or reads are never reported to the exception handler. */
final class HandledAndAwaitedErrorsAreNotReported extends TimedProgram {
    Coroutine<Void> fails(int n) {
        return async(() -> {
            throw new IllegalArgumentException("" + n);
        });
    }

    Coroutine<Void> main() {
        return async(() -> {
            var loop = getRunningLoop();
            loop.setExceptionHandler((l, context) -> say("handler must not be called", context.message()));
            try {
                await(createTask(fails(1)));
            } catch (IllegalArgumentException e) {
                say("awaited", e);
            }
            var task = createTask(fails(2));
            await(Asyncio.wait(List.of(task)));
            say("read by exception()", task.exception());
            say(await(gatherOutcomes(fails(3), fails(4))));
            try {
                with(taskGroup(), tg -> {
                    tg.createTask(fails(5));
                });
            } catch (ExceptionGroup group) {
                say("group", group.exceptions());
            }
            var cancelled = createTask(sleep(ofSeconds(10)));
            await(sleep(ZERO));
            cancelled.cancel();
            await(Asyncio.wait(List.of(cancelled)));
            say("cancelled tasks are no errors", cancelled.cancelled());
        });
    }

    @Override
    void program() {
        run(main());
    }
}
