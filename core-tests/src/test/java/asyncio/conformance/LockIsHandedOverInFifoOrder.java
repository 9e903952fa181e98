package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.gather;
import static asyncio.Asyncio.run;
import static asyncio.Asyncio.sleep;
import static asyncio.Asyncio.with;
import static java.time.Duration.ZERO;

import asyncio.Coroutine;
import asyncio.Lock;
import java.util.List;

/** Waiters get the lock in the order in which they asked; a task that releases and asks again queues behind them. */
final class LockIsHandedOverInFifoOrder extends Program {
    Coroutine<Void> worker(String name, Lock lock) {
        return async(() -> {
            for (int round = 1; round <= 2; round++) {
                int n = round;
                with(lock, () -> {
                    say(name, "round", n);
                    await(sleep(ZERO));
                });
            }
        });
    }

    Coroutine<Void> main() {
        return async(() -> {
            var lock = Lock.create();
            await(gather(each(List.of("a", "b", "c"), name -> worker(name, lock))));
            say("locked", lock.locked());
        });
    }

    @Override
    void program() {
        run(main());
    }
}
