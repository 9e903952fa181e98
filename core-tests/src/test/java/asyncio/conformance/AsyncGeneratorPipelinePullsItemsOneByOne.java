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

/**
 * A pipeline of async generators is driven by demand: each item passes through all stages before the next is produced.
 */
final class AsyncGeneratorPipelinePullsItemsOneByOne extends Program {
    AsyncGenerator<Integer> produce(int n) {
        return asyncGenerator(out -> {
            try {
                for (int i = 0; i < n; i++) {
                    say("produce", i);
                    out.yield(i);
                }
            } finally {
                say("producer closed");
            }
        });
    }

    AsyncGenerator<Integer> onlyEven(AsyncGenerator<Integer> source) {
        return asyncGenerator(out -> {
            for (int i : Asyncio.each(source)) {
                if (i % 2 == 0) {
                    await(sleep(ZERO));
                    out.yield(i);
                }
            }
        });
    }

    AsyncGenerator<Integer> squared(AsyncGenerator<Integer> source) {
        return asyncGenerator(out -> {
            for (int i : Asyncio.each(source)) {
                say("square", i);
                out.yield(i * i);
            }
        });
    }

    Coroutine<Void> main() {
        return async(() -> {
            for (int i : Asyncio.each(squared(onlyEven(produce(4))))) {
                say("consume", i);
            }
            var source = produce(10);
            var pipeline = squared(source);
            say("first", await(anext(pipeline)));
            await(pipeline.aclose());
            say("closing the last stage does not close the first");
            await(source.aclose());
        });
    }

    @Override
    void program() {
        run(main());
    }
}
