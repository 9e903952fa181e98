package samples.lessons;

import static asyncio.Asyncio.*;
import static java.time.Duration.ofSeconds;

import asyncio.Coroutine;
import asyncio.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntSupplier;

/** Five coroutines that take different times; their results come as they are ready. */
final class Greetings {
    private Greetings() {}

    static Coroutine<String> lazyGreet(String message, int delay) {
        return async(() -> {
            System.out.println(message + " will be displayed in " + delay + " seconds");
            await(sleep(ofSeconds(delay)));
            return message.toUpperCase();
        });
    }

    static Coroutine<Void> lesson(IntSupplier delays) {
        return async(() -> {
            var greetings = new ArrayList<Future<String>>();
            for (var message : List.of("hello", "world", "apple", "banana", "cherry")) {
                greetings.add(ensureFuture(lazyGreet(message, delays.getAsInt())));
            }
            for (var next : asCompleted(greetings)) {
                System.out.println(await(next));
            }
        });
    }

    static void main() {
        var random = new Random();
        run(lesson(() -> 1 + random.nextInt(4)));
    }
}
