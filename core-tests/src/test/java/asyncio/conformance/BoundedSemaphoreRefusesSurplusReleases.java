package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.run;

import asyncio.BoundedSemaphore;
import asyncio.Coroutine;
import asyncio.Semaphore;

/** A plain semaphore may be released beyond its start value, a bounded one not; negative start values are refused. */
final class BoundedSemaphoreRefusesSurplusReleases extends Program {
    void attempt(String name, Semaphore semaphore) {
        say(name, "locked", semaphore.locked());
        await(semaphore.acquire());
        say(name, "acquire", true, "locked", semaphore.locked());
        semaphore.release();
        try {
            semaphore.release();
            say(name, "surplus release accepted");
        } catch (IllegalArgumentException e) {
            say(name, "surplus release", e);
        }
    }

    Coroutine<Void> main() {
        return async(() -> {
            var plain = Semaphore.create(1);
            var bounded = BoundedSemaphore.create(1);
            attempt("plain", plain);
            attempt("bounded", bounded);
            await(plain.acquire());
            await(plain.acquire());
            say("plain gave two permits, locked", plain.locked());
            try {
                Semaphore.create(-1);
            } catch (IllegalArgumentException e) {
                say("negative", e);
            }
            try {
                BoundedSemaphore.create(-1);
            } catch (IllegalArgumentException e) {
                say("negative", e);
            }
        });
    }

    @Override
    void program() {
        run(main());
    }
}
