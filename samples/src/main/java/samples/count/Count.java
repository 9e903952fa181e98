package samples.count;

import static asyncio.Asyncio.*;
import static java.time.Duration.ofSeconds;

import asyncio.Coroutine;

/** Three coroutines that count at once, in the time that one of them takes. */
public final class Count {
    private Count() {}

    static Coroutine<Void> count() {
        return async(() -> {
            System.out.println("One");
            await(sleep(ofSeconds(1)));
            System.out.println("Two");
        });
    }

    public static void main(String[] args) {
        run(() -> await(gather(count(), count(), count())));
    }
}
