package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.getRunningLoop;
import static asyncio.Asyncio.run;
import static asyncio.Asyncio.shield;
import static asyncio.Asyncio.sleep;
import static java.time.Duration.ZERO;

import asyncio.Coroutine;
import asyncio.Event;

/**
 * After the shield was cancelled nobody can get the inner task's error any more: it is reported to the exception
 * handler.
 */
final class LateErrorOfAShieldedTaskIsReported extends Program {
    private Event gate;

    Coroutine<Void> inner() {
        return async(() -> {
            await(gate.waitSet());
            throw new IllegalArgumentException("late");
        });
    }

    Coroutine<Void> main() {
        return async(() -> {
            gate = Event.create();
            var loop = getRunningLoop();
            loop.setExceptionHandler((l, context) -> say("handler got", context.exception(), str(context.exception())));
            var innerTask = createTask(inner());
            var shield = shield(innerTask);
            await(sleep(ZERO));
            shield.cancel();
            await(sleep(ZERO));
            say("inner done", innerTask.done());
            gate.set();
            await(sleep(ZERO));
            await(sleep(ZERO));
            await(sleep(ZERO));
            say("inner failed with", innerTask.exception());
        });
    }

    @Override
    void program() {
        run(main());
    }
}
