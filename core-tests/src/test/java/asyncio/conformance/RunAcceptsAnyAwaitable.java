package asyncio.conformance;

import static asyncio.Asyncio.currentTask;
import static asyncio.Asyncio.sleep;
import static java.time.Duration.ZERO;

import asyncio.Awaitable;
import asyncio.Future;
import asyncio.Runner;

/** run() and Runner.run() take any awaitable object, not only coroutines; what cannot be awaited is refused. */
final class RunAcceptsAnyAwaitable extends Program {
    final class Answer implements Awaitable<Object> {
        private final Object value;

        Answer(Object value) {
            this.value = value;
        }

        @Override
        public Object doAwait() {
            say("await starts, inside a task", currentTask() != null);
            sleep(ZERO).doAwait();
            return value;
        }
    }

    @Override
    void program() {
        try (var runner = Runner.create()) {
            say(runner.runAwaitable(new Answer(42)));
        }
        try (var runner = Runner.create()) {
            say(runner.runAwaitable(new Answer("first")));
            Future<String> future = runner.getLoop().createFuture();
            future.setResult("finished future");
            say(runner.runAwaitable(future));
            try {
                Object text = "text";
                runner.runAwaitable((Awaitable<?>) text);
            } catch (ClassCastException e) {
                say("refused", e);
            }
        }
    }
}
