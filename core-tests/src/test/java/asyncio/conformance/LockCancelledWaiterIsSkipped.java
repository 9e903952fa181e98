package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.run;
import static asyncio.Asyncio.sleep;
import static asyncio.Asyncio.with;
import static java.time.Duration.ZERO;

import asyncio.Asyncio;
import asyncio.CancelledError;
import asyncio.Coroutine;
import asyncio.Lock;
import asyncio.Task;
import java.util.List;

/** A waiter cancelled while queued leaves the queue; the others keep their order. */
final class LockCancelledWaiterIsSkipped extends Program {
    private Lock lock;

    Coroutine<Void> worker(String name) {
        return async(() -> {
            try {
                with(lock, () -> {
                    say(name, "has the lock");
                });
            } catch (CancelledError e) {
                say(name, "cancelled");
                throw e;
            }
        });
    }

    Coroutine<Void> main() {
        return async(() -> {
            lock = Lock.create();
            await(lock.acquire());
            var tasks = each(List.of("a", "b", "c", "d"), name -> createTask(worker(name)));
            await(sleep(ZERO));
            tasks.get(0).cancel();
            tasks.get(2).cancel();
            await(sleep(ZERO));
            say("still locked", lock.locked());
            lock.release();
            await(Asyncio.wait(tasks));
            say("cancelled", each(tasks, Task::cancelled), "locked", lock.locked());
        });
    }

    @Override
    void program() {
        run(main());
    }
}
