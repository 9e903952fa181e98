package samples.lessons;

import static asyncio.Asyncio.*;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;

import asyncio.CancelledError;
import asyncio.Coroutine;

/** A task shows an animation while another coroutine waits; its cancellation ends it. One thread does it all. */
final class Spinner {
    private Spinner() {}

    static Coroutine<Void> spin(String message) {
        return async(() -> {
            var animation = new Animation(message);
            try {
                while (true) {
                    animation.show();
                    await(sleep(ofMillis(100)));
                }
            } catch (CancelledError e) {
                animation.erase();
            }
        });
    }

    static Coroutine<Integer> slowFunction() {
        return async(() -> {
            await(sleep(ofSeconds(3)));
            return 42;
        });
    }

    static Coroutine<Integer> supervisor() {
        return async(() -> {
            var spinner = createTask(spin("thinking!"), "spinner");
            System.out.println("spinner object: " + spinner.getName());
            int result = await(slowFunction());
            spinner.cancel();
            await(spinner);
            return result;
        });
    }

    static void main() {
        System.out.println("Answer: " + run(supervisor()));
    }
}
