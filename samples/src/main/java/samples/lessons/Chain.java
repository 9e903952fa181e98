package samples.lessons;

import static asyncio.Asyncio.*;
import static java.time.Duration.ofSeconds;

import asyncio.Coroutine;
import java.util.List;
import java.util.Random;
import java.util.function.IntSupplier;

/** Chains of coroutines: the second part of each needs the result of the first; the chains run at once. */
final class Chain {
    private final IntSupplier delays;

    Chain(IntSupplier delays) {
        this.delays = delays;
    }

    private Coroutine<String> part1(int number) {
        return async(() -> {
            int delay = delays.getAsInt();
            System.out.println("part1(" + number + ") sleeping for " + delay + " seconds");
            await(sleep(ofSeconds(delay)));
            var result = "result" + number + "-1";
            System.out.println("Returning part1(" + number + ") == " + result);
            return result;
        });
    }

    private Coroutine<String> part2(int number, String before) {
        return async(() -> {
            int delay = delays.getAsInt();
            System.out.println("part2(" + number + ", " + before + ") sleeping for " + delay + " seconds");
            await(sleep(ofSeconds(delay)));
            var result = "result" + number + "-2 derived from " + before;
            System.out.println("Returning part2(" + number + ", " + before + ") == " + result);
            return result;
        });
    }

    private Coroutine<Void> chain(int number) {
        return async(() -> {
            var clock = Clock.start();
            var first = await(part1(number));
            var second = await(part2(number, first));
            System.out.println("-->Chained result" + number + " => " + second + " (took " + clock.seconds() + ")");
        });
    }

    Coroutine<Void> lesson(List<Integer> numbers) {
        return async(() -> {
            var clock = Clock.start();
            await(gather(numbers.stream().map(this::chain).toList()));
            System.out.println("Program finished in " + clock.seconds());
        });
    }

    static void main() {
        var random = new Random(444);
        run(new Chain(() -> random.nextInt(5)).lesson(List.of(1, 2, 3)));
    }
}
