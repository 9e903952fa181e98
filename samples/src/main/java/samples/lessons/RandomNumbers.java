package samples.lessons;

import static asyncio.Asyncio.*;
import static java.time.Duration.ofSeconds;

import asyncio.Coroutine;
import java.util.List;
import java.util.Random;
import java.util.function.IntSupplier;

/** Three coroutines that each wait for a number above a threshold; every try is followed by a pause. */
final class RandomNumbers {
    private RandomNumbers() {}

    static Coroutine<Integer> makeRandom(int index, int threshold, IntSupplier random) {
        return async(() -> {
            System.out.println("Initiated makeRandom(" + index + ")");
            int number = random.getAsInt();
            while (number <= threshold) {
                System.out.println("makeRandom(" + index + ") == " + number + " too low; retrying");
                await(sleep(ofSeconds(index + 1)));
                number = random.getAsInt();
            }
            System.out.println("---> Finished: makeRandom(" + index + ") == " + number);
            return number;
        });
    }

    static Coroutine<List<Integer>> lesson(IntSupplier random) {
        return async(() -> {
            var numbers = await(gather(makeRandom(0, 9, random), makeRandom(1, 8, random), makeRandom(2, 7, random)));
            System.out.println("r1: " + numbers.first() + ", r2: " + numbers.second() + ", r3: " + numbers.third());
            return List.of(numbers.first(), numbers.second(), numbers.third());
        });
    }

    static void main() {
        var random = new Random(444);
        run(lesson(() -> random.nextInt(11)));
    }
}
