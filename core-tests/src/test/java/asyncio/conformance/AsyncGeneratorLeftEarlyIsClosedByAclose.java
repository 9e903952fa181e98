package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.asyncGenerator;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.run;
import static asyncio.Asyncio.sleep;
import static java.time.Duration.ZERO;

import asyncio.AsyncGenerator;
import asyncio.Asyncio;
import asyncio.Coroutine;
import asyncio.GeneratorExit;

/**
 * Leaving async for early does not run the generator's finally; aclose() does, and may suspend there; it is idempotent.
 */
final class AsyncGeneratorLeftEarlyIsClosedByAclose extends Program {
    AsyncGenerator<Integer> numbers() {
        return asyncGenerator(out -> {
            try {
                for (int i = 0; i < 10; i++) {
                    out.yield(i);
                }
            } catch (GeneratorExit e) {
                say("generator is being closed");
                throw e;
            } finally {
                await(sleep(ZERO));
                say("generator finally");
            }
        });
    }

    Coroutine<Void> main() {
        return async(() -> {
            var source = numbers();
            for (int i : Asyncio.each(source)) {
                say("item", i);
                if (i == 1) {
                    break;
                }
            }
            say("left the loop, generator still suspended");
            await(source.aclose());
            say("closed");
            await(source.aclose());
            say("next", await(Asyncio.<Object>anext(source, "no more")));
            var fresh = numbers();
            await(fresh.aclose());
            say("closing an unstarted one runs nothing; next", await(Asyncio.<Object>anext(fresh, "no more")));
        });
    }

    @Override
    void program() {
        run(main());
    }
}
