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

/** The body of an async generator starts with the first request and runs only while an item is requested. */
final class AsyncGeneratorBodyRunsOnDemand extends Program {
    AsyncGenerator<Integer> numbers() {
        return asyncGenerator(out -> {
            say("body starts");
            for (int i = 0; i < 2; i++) {
                await(sleep(ZERO));
                say("producing", i);
                out.yield(i);
                say("resumed after", i);
            }
            say("body ends");
        });
    }

    Coroutine<Void> main() {
        return async(() -> {
            var source = numbers();
            say("created");
            say("item", await(anext(source)));
            await(sleep(ZERO));
            say("nothing happened meanwhile");
            for (int i : Asyncio.each(source)) {
                say("item", i);
            }
            say("default at the end", await(Asyncio.<Object>anext(source, "no more")));
            try {
                await(anext(source));
            } catch (StopAsyncIteration end) {
                say("exhausted");
            }
        });
    }

    @Override
    void program() {
        run(main());
    }
}
