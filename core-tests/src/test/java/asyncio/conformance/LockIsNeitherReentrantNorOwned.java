package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.waitFor;
import static asyncio.Asyncio.with;
import static java.time.Duration.ofMillis;

import asyncio.Coroutine;
import asyncio.Lock;
import asyncio.TimeoutException;

/** The holder asking again waits for ever; anybody may release; releasing an unlocked lock is an error. */
final class LockIsNeitherReentrantNorOwned extends TimedProgram {
    Coroutine<Void> releaser(Lock lock) {
        return async(() -> {
            lock.release();
            say("released by another task");
        });
    }

    Coroutine<Void> main() {
        return async(() -> {
            var lock = Lock.create();
            await(lock.acquire());
            say("acquire", true, "locked", lock.locked());
            try {
                await(waitFor(lock.acquire(), ofMillis(30)));
            } catch (TimeoutException e) {
                say("second acquire", e);
            }
            await(createTask(releaser(lock)));
            say("locked", lock.locked());
            try {
                lock.release();
            } catch (IllegalStateException e) {
                say("release of an unlocked lock", e);
            }
            try {
                with(lock, () -> {
                    throw new IllegalArgumentException("inside");
                });
            } catch (IllegalArgumentException e) {
                say("left by", e, "locked", lock.locked());
            }
        });
    }

    @Override
    void program() {
        run(main());
    }
}
