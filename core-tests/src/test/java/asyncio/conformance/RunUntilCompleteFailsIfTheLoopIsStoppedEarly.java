package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.newEventLoop;

import asyncio.Coroutine;
import asyncio.Event;

/** run_until_complete() raises when stop() wins; the task stays alive and finishes in a later run. */
final class RunUntilCompleteFailsIfTheLoopIsStoppedEarly extends Program {
    private Event gate;

    Coroutine<String> work() {
        return async(() -> {
            say("work starts");
            await(gate.waitSet());
            say("work ends");
            return "value";
        });
    }

    @Override
    void program() {
        var loop = newEventLoop();
        gate = Event.create();
        var task = loop.createTask(work());
        loop.callSoon(loop::stop);
        try {
            loop.runUntilComplete(task);
        } catch (IllegalStateException e) {
            say("raised", e, str(e));
        }
        say("task done", task.done());
        gate.set();
        say("second run gives", loop.runUntilComplete(task));
        say("third run gives", loop.runUntilComplete(task));
        loop.close();
    }
}
