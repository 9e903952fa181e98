package consumer;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.gather;
import static asyncio.Asyncio.run;
import static asyncio.Asyncio.sleep;

import asyncio.Asyncio;
import asyncio.Coroutine;
import java.time.Duration;
import java.util.List;

/** Shows that the packaged jars work as modules. */
public class Main {
    private static Coroutine<Integer> twice(int number) {
        return async(() -> {
            await(sleep(Duration.ofMillis(1)));
            return 2 * number;
        });
    }

    public static void main(String[] args) {
        for (var type : List.of(Main.class, Asyncio.class)) {
            if (!type.getModule().isNamed()) {
                throw new IllegalStateException(type + " is not on the module path");
            }
        }
        var results = run(() -> await(gather(twice(1), twice(2), twice(3))));
        if (!results.equals(List.of(2, 4, 6))) {
            throw new IllegalStateException("Wrong results: " + results);
        }
        System.out.println("modular consumer: ok");
    }
}
