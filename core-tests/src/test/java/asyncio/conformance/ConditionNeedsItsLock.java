package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.run;

import asyncio.Condition;
import asyncio.Coroutine;

/**
 * wait(), notify() and notify_all() without holding the lock are errors; the lock can be taken through the condition.
 */
final class ConditionNeedsItsLock extends Program {
    Coroutine<Void> main() {
        return async(() -> {
            var cond = Condition.create();
            try {
                await(cond.waitNotified());
            } catch (IllegalStateException e) {
                say("wait", e);
            }
            try {
                cond.notifyOne();
            } catch (IllegalStateException e) {
                say("notify", e);
            }
            try {
                cond.notifyAllWaiters();
            } catch (IllegalStateException e) {
                say("notify_all", e);
            }
            await(cond.acquire());
            say("locked", cond.locked());
            cond.notifyOne();
            say("notify with nobody waiting is fine");
            cond.release();
            say("locked", cond.locked());
            try {
                cond.release();
            } catch (IllegalStateException e) {
                say("second release", e);
            }
        });
    }

    @Override
    void program() {
        run(main());
    }
}
