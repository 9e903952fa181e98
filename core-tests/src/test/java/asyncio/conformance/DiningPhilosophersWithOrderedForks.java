package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.gather;
import static asyncio.Asyncio.sleep;
import static asyncio.Asyncio.timeout;
import static asyncio.Asyncio.with;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofSeconds;

import asyncio.Coroutine;
import asyncio.Lock;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Five philosophers who take the lower numbered fork first never deadlock; everybody eats, neighbours never together.
 */
final class DiningPhilosophersWithOrderedForks extends TimedProgram {
    private final Set<Integer> eating = new HashSet<>();

    Coroutine<Void> philosopher(int n, List<Lock> forks) {
        return async(() -> {
            int first = Math.min(n, (n + 1) % 5);
            int second = Math.max(n, (n + 1) % 5);
            for (int i = 0; i < 2; i++) {
                int meal = i;
                with(forks.get(first), () -> {
                    await(sleep(ZERO));
                    with(forks.get(second), () -> {
                        if (eating.contains((n + 4) % 5) || eating.contains((n + 1) % 5)) {
                            throw new AssertionError();
                        }
                        eating.add(n);
                        say("philosopher", n, "eats meal", meal);
                        await(sleep(ZERO));
                        eating.remove(n);
                    });
                });
            }
        });
    }

    Coroutine<Void> main() {
        return async(() -> {
            var forks = each(List.of(0, 1, 2, 3, 4), n -> Lock.create());
            with(timeout(ofSeconds(10)), () -> {
                await(gather(each(List.of(0, 1, 2, 3, 4), n -> philosopher(n, forks))));
            });
            say("all forks free", forks.stream().noneMatch(Lock::locked));
        });
    }

    @Override
    void program() {
        run(main());
    }
}
