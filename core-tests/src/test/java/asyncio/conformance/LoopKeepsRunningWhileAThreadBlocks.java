package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.run;
import static asyncio.Asyncio.sleep;
import static asyncio.Asyncio.toThread;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofMillis;
import static java.util.concurrent.TimeUnit.SECONDS;

import asyncio.Coroutine;
import java.util.concurrent.CountDownLatch;

/** While to_thread() blocks in its thread the loop serves other tasks; keyword arguments and results are passed. */
final class LoopKeepsRunningWhileAThreadBlocks extends Program {
    private final CountDownLatch started = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);

    String blocking(String name, String suffix) throws InterruptedException {
        started.countDown();
        released.await(5, SECONDS);
        return name + suffix;
    }

    Coroutine<Void> other() {
        return async(() -> {
            while (started.getCount() > 0) {
                await(sleep(ofMillis(1)));
            }
            for (int i = 0; i < 3; i++) {
                say("other", i);
                await(sleep(ZERO));
            }
            released.countDown();
        });
    }

    Coroutine<Void> main() {
        return async(() -> {
            var task = createTask(other());
            say(await(toThread(() -> blocking("thread", " finished"))));
            say("other done", task.done());
            try {
                await(toThread(() -> Integer.parseInt("x")));
            } catch (IllegalArgumentException e) {
                say("raised", e);
            }
        });
    }

    @Override
    void program() {
        run(main());
    }
}
