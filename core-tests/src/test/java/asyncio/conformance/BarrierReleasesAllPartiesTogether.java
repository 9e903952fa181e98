package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.gather;
import static asyncio.Asyncio.run;

import asyncio.Barrier;
import asyncio.Coroutine;
import java.util.ArrayList;
import java.util.List;

/**
 * Nobody passes before the last party arrives; wait() gives each a distinct index by arrival; the barrier is reusable.
 */
final class BarrierReleasesAllPartiesTogether extends Program {
    private Barrier barrier2;
    private final List<List<String>> results = List.of(new ArrayList<>(), new ArrayList<>());

    Coroutine<Void> party(String name, Barrier barrier) {
        return async(() -> {
            for (int round = 1; round <= 2; round++) {
                say(name, "arrives in round", round, "waiting", barrier.nWaiting());
                int index = await(barrier.waitAll());
                results.get(round - 1).add(index + name);
                if (round == 1) {
                    await(barrier2.waitAll());
                }
            }
        });
    }

    Coroutine<Void> main() {
        return async(() -> {
            var barrier = Barrier.create(3);
            barrier2 = Barrier.create(3);
            say("parties", barrier.parties(), "waiting", barrier.nWaiting(), "broken", barrier.broken());
            await(gather(each(List.of("a", "b", "c"), name -> party(name, barrier))));
            for (int round = 1; round <= 2; round++) {
                say("round", round, results.get(round - 1).stream().sorted().toList());
            }
            say("waiting", barrier.nWaiting());
        });
    }

    @Override
    void program() {
        run(main());
    }
}
