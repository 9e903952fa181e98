package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.run;
import static asyncio.Asyncio.sleep;
import static asyncio.Asyncio.with;
import static java.time.Duration.ZERO;

import asyncio.Condition;
import asyncio.Coroutine;

/** wait_for() returns the predicate's value; it goes back to waiting when woken with the predicate still false. */
final class ConditionWaitForChecksItsPredicateAfterEachWakeup extends Program {
    private Condition cond;
    private int stock;

    Coroutine<Void> waiter() {
        return async(() -> {
            with(cond, () -> {
                var value = await(cond.waitForValue(this::predicate));
                say("predicate gave", value);
            });
        });
    }

    String predicate() {
        say("checked with", stock);
        return stock >= 2 ? "enough" : null;
    }

    Coroutine<Void> main() {
        return async(() -> {
            cond = Condition.create();
            stock = 0;
            var task = createTask(waiter());
            await(sleep(ZERO));
            for (int n = 0; n < 2; n++) {
                with(cond, () -> {
                    stock += 1;
                    cond.notifyOne();
                });
                for (int i = 0; i < 10; i++) {
                    await(sleep(ZERO));
                }
                say("waiter done", task.done());
            }
            await(waiter());
        });
    }

    @Override
    void program() {
        run(main());
    }
}
