package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.newEventLoop;
import static asyncio.Asyncio.sleep;
import static java.time.Duration.ZERO;

import asyncio.Coroutine;
import asyncio.EventLoop;
import asyncio.Task;
import java.util.List;

/** stop() called by a task does not interrupt it: it runs to its next suspension and the batch finishes first. */
final class StopInsideACoroutineTakesEffectWhenTheBatchEnds extends Program {
    private EventLoop loop;

    Coroutine<Void> stopper() {
        return async(() -> {
            say("stopper calls stop()");
            loop.stop();
            say("stopper runs on");
            await(helper());
            await(sleep(ZERO));
            say("stopper after suspension");
        });
    }

    Coroutine<Void> helper() {
        return async(() -> say("helper runs inline"));
    }

    Coroutine<Void> neighbour() {
        return async(() -> {
            say("neighbour starts");
            await(sleep(ZERO));
            say("neighbour ends");
        });
    }

    @Override
    void program() {
        loop = newEventLoop();
        var tasks = List.of(loop.createTask(stopper()), loop.createTask(neighbour()));
        loop.runForever();
        say("first run over", each(tasks, Task::done));
        loop.runUntilComplete(tasks.get(0));
        say("second run over", each(tasks, Task::done));
        loop.close();
    }
}
