package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.getRunningLoop;
import static asyncio.Asyncio.run;
import static asyncio.Asyncio.runCoroutineThreadsafe;
import static asyncio.Asyncio.sleep;
import static asyncio.Asyncio.toThread;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofSeconds;
import static java.util.concurrent.TimeUnit.SECONDS;

import asyncio.CancelledError;
import asyncio.Coroutine;
import asyncio.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;

/**
 * Another thread submits coroutines to the loop and waits for the value, the error or a cancel as with any thread
 * future.
 */
final class RunCoroutineThreadsafeGivesResultsToOtherThreads extends Program {
    private final List<Object> log = new ArrayList<>();
    private final List<String> cancelled = new ArrayList<>();
    private EventLoop theLoop;

    Coroutine<List<Object>> work(int n) {
        return async(() -> {
            await(sleep(ZERO));
            if (n < 0) {
                throw new IllegalArgumentException("negative");
            }
            return List.of(n * n, isIn(theLoop));
        });
    }

    Coroutine<Void> hang() {
        return async(() -> {
            try {
                await(sleep(ofSeconds(10)));
            } catch (CancelledError e) {
                cancelled.add("hang was cancelled in the loop");
                throw e;
            }
        });
    }

    void client(EventLoop loop) throws Exception {
        log.add(runCoroutineThreadsafe(work(6), loop).get(10, SECONDS));
        try {
            runCoroutineThreadsafe(work(-1), loop).get(10, SECONDS);
        } catch (ExecutionException e) {
            log.add(e.getCause());
        }
        var future = runCoroutineThreadsafe(hang(), loop);
        runCoroutineThreadsafe(sleep(ZERO), loop).get(10, SECONDS);
        log.add(future.cancel(false));
        runCoroutineThreadsafe(sleep(ZERO), loop).get(10, SECONDS);
        log.add(future.isCancelled());
    }

    Coroutine<Void> main() {
        return async(() -> {
            theLoop = getRunningLoop();
            await(toThread(() -> client(theLoop)));
            for (var entry : log) {
                say(entry);
            }
            for (var entry : cancelled) {
                say(entry);
            }
        });
    }

    @Override
    void program() {
        run(main());
    }
}
