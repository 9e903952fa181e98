package samples.lessons;

import static asyncio.Asyncio.*;
import static java.time.Duration.ZERO;

import asyncio.AsyncGenerator;
import asyncio.Coroutine;

/** What {@code async def} can make: a coroutine that does nothing, one that awaits and returns, and a generator. */
final class Kinds {
    private Kinds() {}

    static Coroutine<Void> noop() {
        return async(() -> {});
    }

    static Coroutine<Integer> doubled(int x) {
        return async(() -> {
            int same = await(sleep(ZERO, x));
            return 2 * same;
        });
    }

    static AsyncGenerator<Integer> upTo(int limit) {
        return asyncGenerator(out -> {
            for (int i = 1; i <= limit; i++) {
                await(sleep(ZERO));
                out.yield(i);
            }
        });
    }

    static Coroutine<Void> lesson() {
        return async(() -> {
            System.out.println("noop: " + await(noop()));
            System.out.println("doubled: " + await(doubled(21)));
            for (var number : each(upTo(3))) {
                System.out.println("generated: " + number);
            }
        });
    }

    static void main() {
        run(lesson());
    }
}
