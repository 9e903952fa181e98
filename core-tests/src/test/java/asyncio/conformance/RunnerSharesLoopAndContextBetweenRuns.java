package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.getRunningLoop;

import asyncio.ContextVar;
import asyncio.Coroutine;
import asyncio.EventLoop;
import asyncio.Runner;
import java.util.Map;

/** All run() calls of one Runner use the same loop and one context: a variable set in one run is seen by the next. */
final class RunnerSharesLoopAndContextBetweenRuns extends Program {
    private final ContextVar<String> var = ContextVar.create("var", "unset");

    Coroutine<EventLoop> first() {
        return async(() -> {
            var.set("set by first run");
            return getRunningLoop();
        });
    }

    Coroutine<Map.Entry<EventLoop, String>> second() {
        return async(() -> Map.entry(getRunningLoop(), var.get()));
    }

    @Override
    void program() {
        EventLoop loop1;
        try (var runner = Runner.create()) {
            loop1 = runner.run(first());
            var loop2AndSeen = runner.run(second());
            say("same loop", loop1 == loop2AndSeen.getKey());
            say("second run sees:", loop2AndSeen.getValue());
            say("code outside sees:", var.get());
            say("closed inside the block", loop1.isClosed());
        }
        say("closed after the block", loop1.isClosed());
    }
}
