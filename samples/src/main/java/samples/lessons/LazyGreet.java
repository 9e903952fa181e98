package samples.lessons;

import static asyncio.Asyncio.*;
import static java.time.Duration.ofSeconds;

import asyncio.Coroutine;
import asyncio.EventLoop;

/** A loop of one's own, as programs had before there was {@code run}. */
final class LazyGreet {
    private LazyGreet() {}

    static Coroutine<Void> lazyGreet(String message) {
        return async(() -> {
            await(sleep(ofSeconds(1)));
            System.out.println(message);
        });
    }

    static void lesson(EventLoop loop) {
        loop.runUntilComplete(lazyGreet("hello"));
        loop.close();
        System.out.println("closed: " + loop.isClosed());
    }

    static void main() {
        lesson(newEventLoop());
    }
}
