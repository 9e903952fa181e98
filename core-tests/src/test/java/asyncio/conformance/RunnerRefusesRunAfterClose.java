package asyncio.conformance;

import static asyncio.Asyncio.async;

import asyncio.Coroutine;
import asyncio.Runner;

/** Runner.close() may be repeated; run() afterwards fails and the passed coroutine does not run. */
final class RunnerRefusesRunAfterClose extends Program {
    Coroutine<Integer> answer() {
        return async(() -> {
            say("answering");
            return 42;
        });
    }

    @Override
    void program() {
        var runner = Runner.create();
        say("result", runner.run(answer()));
        runner.close();
        runner.close();
        say("closed twice");
        var coro = answer();
        try {
            runner.run(coro);
        } catch (IllegalStateException e) {
            say("refused", e, str(e));
        }
        coro.close();
    }
}
