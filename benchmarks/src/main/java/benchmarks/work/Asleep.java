package benchmarks.work;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.getRunningLoop;
import static asyncio.Asyncio.sleep;

import asyncio.Asyncio;
import asyncio.Coroutine;
import asyncio.Task;
import java.time.Duration;
import java.util.Random;

/**
 * Lets very many tasks sleep at once and counts those that wake: {@code Asleep PEER TASKS SECONDS}. All sleep until
 * some moment of the two seconds that follow SECONDS, by which time all of them must be there.
 */
public final class Asleep {
    /** The span over which they wake. */
    private static final double SPAN = 2;

    private int asleep;
    private int mostAsleep;
    private int woke;

    private Asleep() {}

    public static void main(String[] args) {
        boolean kotlin = args[0].equals("kotlin");
        int tasks = Integer.parseInt(args[1]);
        // A stack that was put aside before its code was compiled is taken up again ten times as slowly.
        new Asleep().run(kotlin, tasks / 10, 0.5, 0.5);
        var asleep = new Asleep();
        long start = System.nanoTime();
        asleep.run(kotlin, tasks, Double.parseDouble(args[2]), SPAN);
        System.out.println("asleep " + asleep.mostAsleep);
        System.out.println("woke " + asleep.woke);
        System.out.println("result " + (System.nanoTime() - start) / 1e9);
        System.exit(0);
    }

    private void run(boolean kotlin, int count, double seconds, double span) {
        Asyncio.run(() -> {
            var loop = getRunningLoop();
            var random = new Random(1);
            var begin = loop.time();
            var tasks = new Task<?>[count];
            for (int i = 0; i < count; i++) {
                var until = begin.plusNanos((long) ((seconds + span * random.nextDouble()) * 1e9));
                var delay = until.minus(loop.time());
                Coroutine<?> sleeper = kotlin ? OursKotlinWork.sleeper(this, delay) : sleeper(delay);
                tasks[i] = createTask(sleeper);
            }
            for (var task : tasks) {
                await(task);
            }
        });
    }

    private Coroutine<Void> sleeper(Duration delay) {
        return async(() -> {
            lieDown();
            await(sleep(delay));
            wake();
        });
    }

    void lieDown() {
        mostAsleep = Math.max(mostAsleep, ++asleep);
    }

    void wake() {
        asleep--;
        woke++;
    }
}
