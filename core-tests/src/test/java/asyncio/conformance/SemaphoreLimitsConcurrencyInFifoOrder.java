package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.gather;
import static asyncio.Asyncio.run;
import static asyncio.Asyncio.sleep;
import static java.time.Duration.ZERO;

import asyncio.Coroutine;
import asyncio.Semaphore;
import java.util.stream.IntStream;

/** At most n tasks are inside at a time; the others enter in the order in which they came. */
final class SemaphoreLimitsConcurrencyInFifoOrder extends Program {
    private int inside;
    private int most;

    Coroutine<Void> worker(int n, Semaphore semaphore) {
        return async(() -> {
            await(semaphore.acquire());
            try {
                inside += 1;
                most = Math.max(most, inside);
                say("enter", n);
                await(sleep(ZERO));
                say("leave", n);
                inside -= 1;
            } finally {
                semaphore.release();
            }
        });
    }

    Coroutine<Void> main() {
        return async(() -> {
            var semaphore = Semaphore.create(2);
            await(gather(
                    IntStream.range(0, 5).mapToObj(n -> worker(n, semaphore)).toList()));
            say("most at a time", most, "locked", semaphore.locked());
        });
    }

    @Override
    void program() {
        run(main());
    }
}
