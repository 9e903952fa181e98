package samples.lessons;

import static asyncio.Asyncio.*;
import static java.time.Duration.ofSeconds;
import static samples.lessons.SayAfter.sayAfter;

import asyncio.Coroutine;

/** As tasks, the coroutines of {@link SayAfter} take the time of the longer one. */
final class SayAfterTasks {
    private SayAfterTasks() {}

    static Coroutine<Void> lesson() {
        return async(() -> {
            var hello = createTask(sayAfter(ofSeconds(1), "hello"));
            var world = createTask(sayAfter(ofSeconds(2), "world"));
            var clock = Clock.start();
            await(hello);
            await(world);
            System.out.println("finished after " + clock.seconds());
        });
    }

    static void main() {
        run(lesson());
    }
}
