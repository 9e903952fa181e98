package samples.lessons;

import static asyncio.Asyncio.*;
import static java.time.Duration.ofSeconds;

import asyncio.Coroutine;
import asyncio.Queue;
import asyncio.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Random;
import java.util.function.IntSupplier;

/**
 * Producers put items into a queue and do not know the consumers; when all items are processed, the consumers are
 * cancelled.
 */
final class Producers {
    private record Item(String name, Duration made) {}

    private final Queue<Item> queue = Queue.create();
    private final IntSupplier random;

    Producers(IntSupplier random) {
        this.random = random;
    }

    private Coroutine<Void> produce(int producer) {
        return async(() -> {
            for (int i = 0; i < 2; i++) {
                await(sleep(ofSeconds(random.getAsInt())));
                var item =
                        new Item("item " + producer + "-" + i, getRunningLoop().time());
                await(queue.put(item));
                System.out.println("Producer " + producer + " added <" + item.name + ">");
            }
        });
    }

    private Coroutine<Void> consume(int consumer) {
        return async(() -> {
            while (true) {
                await(sleep(ofSeconds(random.getAsInt())));
                var item = await(queue.get());
                System.out.println(
                        "Consumer " + consumer + " got <" + item.name + "> after " + new Clock(item.made).seconds());
                queue.taskDone();
            }
        });
    }

    Coroutine<Void> lesson(int producers, int consumers) {
        return async(() -> {
            var producing = new ArrayList<Task<Void>>();
            for (int i = 0; i < producers; i++) {
                producing.add(createTask(produce(i)));
            }
            var consuming = new ArrayList<Task<Void>>();
            for (int i = 0; i < consumers; i++) {
                consuming.add(createTask(consume(i)));
            }
            await(gather(producing));
            await(queue.join());
            for (var consumer : consuming) {
                consumer.cancel();
            }
            System.out.println("all items are processed");
        });
    }

    static void main() {
        var random = new Random(444);
        run(async(() -> await(new Producers(() -> random.nextInt(3)).lesson(2, 3))));
    }
}
