package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.newEventLoop;
import static asyncio.Asyncio.runCoroutineThreadsafe;
import static asyncio.Asyncio.sleep;
import static java.time.Duration.ZERO;
import static java.util.concurrent.TimeUnit.SECONDS;

import asyncio.Coroutine;
import asyncio.EventLoop;
import java.util.ArrayList;
import java.util.List;

/** A loop running for ever in its own thread takes coroutines from the main thread and is stopped thread-safely. */
final class LoopInABackgroundThreadIsDrivenAndStoppedFromOutside extends Program {
    private final List<Integer> counter = new ArrayList<>();
    private final List<String> log = new ArrayList<>();
    private EventLoop loop;

    Coroutine<Integer> work(int n) {
        return async(() -> {
            await(sleep(ZERO));
            counter.add(n);
            return counter.stream().mapToInt(i -> i).sum();
        });
    }

    void threadMain() {
        loop.runForever();
        log.add("loop thread: run_forever returned");
    }

    @Override
    void program() throws Exception {
        loop = newEventLoop();
        var thread = new Thread(this::threadMain);
        thread.start();
        for (var n : List.of(1, 2, 3)) {
            say("sum", runCoroutineThreadsafe(work(n), loop).get(10, SECONDS));
        }
        say("running", loop.isRunning());
        loop.callSoonThreadsafe(loop::stop);
        thread.join(10_000);
        say(log, "running", loop.isRunning());
        loop.close();
    }
}
