package samples.lessons;

import static asyncio.Asyncio.*;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;

import asyncio.Coroutine;
import asyncio.EventLoop;

/** A callback that calls itself again, and two coroutines; one of them stops the loop after three seconds. */
final class EverySecond {
    private final EventLoop loop;

    private EverySecond(EventLoop loop) {
        this.loop = loop;
    }

    private Coroutine<Void> printInCoroutine(String name) {
        return async(() -> {
            while (true) {
                for (int i = 0; i < 3; i++) {
                    System.out.println(i + " s (coroutine " + name + ")");
                    await(sleep(ofSeconds(1)));
                }
                getRunningLoop().stop();
            }
        });
    }

    private void printInCallback(int second) {
        System.out.println(second + " s (callback)");
        // A little later than the coroutines, so that the order of the lines is always the same.
        loop.callLater(ofMillis(1010), () -> printInCallback(second + 1));
    }

    static void lesson(EventLoop loop) {
        var lesson = new EverySecond(loop);
        loop.callSoon(() -> lesson.printInCallback(0));
        loop.callSoon(() -> createTask(lesson.printInCoroutine("B")));
        var first = loop.createTask(lesson.printInCoroutine("A"));
        loop.runForever();
        System.out.println("stopped; coroutine A has ended: " + first.done());
        var left = allTasks(loop);
        for (var task : left) {
            task.cancel();
        }
        loop.runUntilComplete(gatherOutcomes(left));
        loop.close();
    }

    static void main() {
        lesson(newEventLoop());
    }
}
