package asyncio.conformance;

import static asyncio.Asyncio.anext;
import static asyncio.Asyncio.async;
import static asyncio.Asyncio.asyncGenerator;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.run;
import static asyncio.Asyncio.sleep;
import static java.time.Duration.ZERO;

import asyncio.AsyncGenerator;
import asyncio.Asyncio;
import asyncio.Coroutine;
import asyncio.StopAsyncIteration;
import java.util.NoSuchElementException;

/** asend() makes a value the result of the yield, athrow() raises at it; both give the next item or the end. */
final class AsyncGeneratorAsendAndAthrow extends Program {
    AsyncGenerator<Integer> accumulator() {
        return asyncGenerator(out -> {
            int total = 0;
            while (true) {
                try {
                    Integer value = out.yield(total);
                    if (value == null) {
                        return;
                    }
                    await(sleep(ZERO));
                    total += value;
                } catch (IllegalArgumentException e) {
                    say("generator caught", e, str(e));
                    total = -1;
                }
            }
        });
    }

    Coroutine<Void> main() {
        return async(() -> {
            var source = accumulator();
            say("first", await(source.asend(null)));
            say("send 5", await(source.asend(5)));
            say("send 7", await(source.asend(7)));
            say("throw", await(source.athrow(new IllegalArgumentException("reset"))));
            say("send 2", await(source.asend(2)));
            try {
                await(source.asend(null));
            } catch (StopAsyncIteration end) {
                say("ended");
            }
            source = accumulator();
            await(anext(source));
            try {
                await(source.athrow(new NoSuchElementException("unknown")));
            } catch (NoSuchElementException e) {
                say("uncaught error comes back", e);
            }
            say("and ends it", await(Asyncio.<Object>anext(source, "no more")));
        });
    }

    @Override
    void program() {
        run(main());
    }
}
