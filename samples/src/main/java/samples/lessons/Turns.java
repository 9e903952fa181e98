package samples.lessons;

import static asyncio.Asyncio.*;
import static java.time.Duration.ZERO;

import asyncio.Coroutine;
import asyncio.StopIteration;
import java.util.ArrayList;
import java.util.List;

/** The smallest event loop: it lets coroutines run in turns, by {@code send}, until all have ended. */
final class Turns {
    private Turns() {}

    static Coroutine<Void> steps(String name) {
        return async(() -> {
            System.out.println(name + ": Start");
            await(sleep(ZERO));
            System.out.println(name + ": a");
            await(sleep(ZERO));
            System.out.println(name + ": b");
            await(sleep(ZERO));
            System.out.println(name + ": end");
        });
    }

    static void takeTurns(List<Coroutine<Void>> coroutines) {
        var left = new ArrayList<>(coroutines);
        while (!left.isEmpty()) {
            for (var coroutine : List.copyOf(left)) {
                try {
                    coroutine.send(null);
                } catch (StopIteration ended) {
                    left.remove(coroutine);
                }
            }
        }
    }

    static void main() {
        takeTurns(List.of(steps("C1"), steps("C2")));
    }
}
