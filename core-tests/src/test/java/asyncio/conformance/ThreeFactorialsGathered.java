package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.gather;
import static asyncio.Asyncio.sleep;
import static java.time.Duration.ofMillis;

import asyncio.Coroutine;

/** The tutorial example: three counters with the same pause run side by side; steps interleave in a fixed order. */
final class ThreeFactorialsGathered extends TimedProgram {
    Coroutine<Integer> factorial(String name, int number) {
        return async(() -> {
            int product = 1;
            for (int i = 2; i <= number; i++) {
                say("task", name, "computes factorial of", number, "step", i);
                await(sleep(ofMillis(40)));
                product *= i;
            }
            say("task", name, "factorial of", number, "is", product);
            return product;
        });
    }

    Coroutine<Void> main() {
        return async(() -> say(await(gather(factorial("A", 2), factorial("B", 3), factorial("C", 4)))));
    }

    @Override
    void program() {
        run(main());
    }
}
