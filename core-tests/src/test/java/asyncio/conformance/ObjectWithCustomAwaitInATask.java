package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.gather;
import static asyncio.Asyncio.getRunningLoop;
import static asyncio.Asyncio.waitFor;
import static java.time.Duration.ofSeconds;

import asyncio.Awaitable;
import asyncio.Coroutine;
import asyncio.Future;

/**
 * An object may define how it is awaited: by delegating to a future, or by giving its value at once without suspending.
 */
final class ObjectWithCustomAwaitInATask extends TimedProgram {
    final class Delayed implements Awaitable<Object> {
        private final int value;

        Delayed(int value) {
            this.value = value;
        }

        @Override
        public Object doAwait() {
            say("await of", value, "starts");
            Future<Integer> future = getRunningLoop().createFuture();
            getRunningLoop().callSoon(() -> future.setResult(value));
            int result = future.doAwait();
            say("await of", value, "ends");
            return result * 2;
        }
    }

    static final class Ready implements Awaitable<Object> {
        @Override
        public Object doAwait() {
            return "ready value";
        }
    }

    Coroutine<Void> main() {
        return async(() -> {
            getRunningLoop().callSoon(() -> say("callback"));
            say(await(new Ready()), "before the callback");
            say(await(new Delayed(21)));
            say(await(gather(new Delayed(1), new Ready(), new Delayed(2))));
            say(await(waitFor(new Delayed(5), ofSeconds(10))));
        });
    }

    @Override
    void program() {
        run(main());
    }
}
