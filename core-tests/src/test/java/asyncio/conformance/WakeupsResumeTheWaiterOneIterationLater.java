package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.getRunningLoop;
import static asyncio.Asyncio.run;
import static asyncio.Asyncio.sleep;
import static asyncio.Asyncio.with;
import static java.time.Duration.ZERO;

import asyncio.Awaitable;
import asyncio.Condition;
import asyncio.Coroutine;
import asyncio.Event;
import asyncio.Future;
import asyncio.Lock;
import asyncio.Queue;
import asyncio.Semaphore;

/**
 * Event.set, Lock.release, Semaphore.release, put_nowait, notify and set_result resume the waiter one iteration later.
 */
final class WakeupsResumeTheWaiterOneIterationLater extends Program {
    private Ticker ticker;
    private int before;

    Coroutine<Void> waiter(String label, Awaitable<?> awaitable) {
        return async(() -> {
            await(awaitable);
            say(label, ticker.n - before);
        });
    }

    Coroutine<Void> conditionWait(Condition cond) {
        return async(() -> {
            with(cond, () -> {
                await(cond.waitNotified());
            });
        });
    }

    Coroutine<Void> notify(Condition cond) {
        return async(() -> {
            with(cond, () -> {
                cond.notifyOne();
            });
        });
    }

    void attempt(String label, Awaitable<?> awaitable, Runnable wake) {
        var task = createTask(waiter(label, awaitable));
        await(sleep(ZERO));
        before = ticker.n;
        wake.run();
        await(task);
    }

    Coroutine<Void> main() {
        return async(() -> {
            ticker = new Ticker();
            await(sleep(ZERO));

            Future<Integer> future = getRunningLoop().createFuture();
            var event = Event.create();
            var lock = Lock.create();
            var semaphore = Semaphore.create(0);
            Queue<Integer> queue = Queue.create();
            var cond = Condition.create();
            await(lock.acquire());

            attempt("future", future, () -> future.setResult(1));
            attempt("event", event.waitSet(), event::set);
            attempt("lock", lock.acquire(), lock::release);
            attempt("semaphore", semaphore.acquire(), semaphore::release);
            attempt("queue", queue.get(), () -> queue.putNowait(1));
            var task = createTask(waiter("condition", conditionWait(cond)));
            await(sleep(ZERO));
            before = ticker.n;
            await(notify(cond));
            await(task);
        });
    }

    @Override
    void program() {
        run(main());
    }
}
