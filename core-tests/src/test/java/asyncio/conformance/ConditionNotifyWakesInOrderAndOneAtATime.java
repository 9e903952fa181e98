package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.gather;
import static asyncio.Asyncio.run;
import static asyncio.Asyncio.sleep;
import static asyncio.Asyncio.with;
import static java.time.Duration.ZERO;

import asyncio.Condition;
import asyncio.Coroutine;
import asyncio.Task;
import java.util.List;

/**
 * notify(n) wakes the n longest waiting tasks; each continues only when it has the lock back, so one after the other.
 */
final class ConditionNotifyWakesInOrderAndOneAtATime extends Program {
    private Condition cond;

    Coroutine<Void> waiter(int n) {
        return async(() -> {
            with(cond, () -> {
                await(cond.waitNotified());
                say("waiter", n, "has the lock", cond.locked());
                await(sleep(ZERO));
                say("waiter", n, "leaves");
            });
        });
    }

    Coroutine<Void> main() {
        return async(() -> {
            cond = Condition.create();
            var tasks = each(List.of(0, 1, 2, 3), n -> createTask(waiter(n)));
            await(sleep(ZERO));
            say("lock free while they wait", !cond.locked());
            with(cond, () -> {
                cond.notifyWaiters(2);
                say("notified two, still holding the lock");
                await(sleep(ZERO));
                say("nobody passed", each(tasks, Task::done));
            });
            for (int i = 0; i < 20; i++) {
                await(sleep(ZERO));
            }
            say("done", each(tasks, Task::done));
            with(cond, () -> {
                cond.notifyAllWaiters();
            });
            await(gather(tasks));
        });
    }

    @Override
    void program() {
        run(main());
    }
}
