package benchmarks.work;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.getRunningLoop;
import static asyncio.Asyncio.run;
import static asyncio.Asyncio.sleep;

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
        int tasks = Integer.parseInt(args[1]);
        double seconds = Double.parseDouble(args[2]);
        new Asleep().measure(args[0].equals("kotlin"), tasks, seconds);
        System.exit(0);
    }

    private void measure(boolean kotlin, int count, double seconds) {
        long start = System.nanoTime();
        run(() -> {
            var loop = getRunningLoop();
            var random = new Random(1);
            var begin = loop.time();
            var tasks = new Task<?>[count];
            for (int i = 0; i < count; i++) {
                var until = begin.plusNanos((long) ((seconds + SPAN * random.nextDouble()) * 1e9));
                var delay = until.minus(loop.time());
                Coroutine<?> sleeper = kotlin ? OursKotlinWork.sleeper(this, delay) : sleeper(delay);
                tasks[i] = createTask(sleeper);
            }
            System.out.println("created " + (System.nanoTime() - start) / 1e9);
            for (var task : tasks) {
                await(task);
            }
        });
        System.out.println("asleep " + mostAsleep);
        System.out.println("woke " + woke);
        System.out.println("result " + (System.nanoTime() - start) / 1e9);
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
