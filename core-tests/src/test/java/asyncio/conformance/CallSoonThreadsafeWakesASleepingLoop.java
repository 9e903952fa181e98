package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.getRunningLoop;
import static asyncio.Asyncio.run;
import static asyncio.Asyncio.waitFor;
import static java.time.Duration.ofSeconds;

import asyncio.Coroutine;
import asyncio.EventLoop;
import asyncio.Future;
import java.util.ArrayList;
import java.util.List;

/**
 * A callback from another thread wakes an idle loop; callbacks of one thread run in the order in which they were
 * posted.
 */
final class CallSoonThreadsafeWakesASleepingLoop extends Program {
    private final List<Integer> log = new ArrayList<>();

    void poster(EventLoop loop, Future<String> future) {
        for (int i = 0; i < 3; i++) {
            int n = i;
            loop.callSoonThreadsafe(() -> log.add(n));
        }
        loop.callSoonThreadsafe(() -> future.setResult("woken"));
    }

    Coroutine<EventLoop> main() {
        return async(() -> {
            var loop = getRunningLoop();
            Future<String> future = loop.createFuture();
            var thread = new Thread(() -> poster(loop, future));
            loop.callSoon(thread::start);
            say(await(waitFor(future, ofSeconds(10))));
            say(log);
            thread.join();
            return loop;
        });
    }

    @Override
    void program() {
        var loop = run(main());
        try {
            loop.callSoonThreadsafe(() -> say("never"));
        } catch (IllegalStateException e) {
            say("after close", e);
        }
    }
}
