package samples.lessons;

import static asyncio.Asyncio.*;
import static java.time.Duration.ofSeconds;

import asyncio.Coroutine;
import java.time.Duration;

/** Two coroutines that are awaited one after the other take the sum of their times. */
final class SayAfter {
    private SayAfter() {}

    static Coroutine<Void> sayAfter(Duration delay, String what) {
        return async(() -> {
            await(sleep(delay));
            System.out.println(what);
        });
    }

    static Coroutine<Void> lesson() {
        return async(() -> {
            var clock = Clock.start();
            await(sayAfter(ofSeconds(1), "hello"));
            await(sayAfter(ofSeconds(2), "world"));
            System.out.println("finished after " + clock.seconds());
        });
    }

    static void main() {
        run(lesson());
    }
}
