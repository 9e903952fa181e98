package consumer.checked;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.run;

import asyncio.Coroutine;
import asyncio.Queue;
import java.util.ArrayList;
import java.util.List;

/** A program that is compiled with Error Prone. */
public class Main {
    private static Coroutine<Void> produce(Queue<String> queue) {
        return async(() -> {
            for (var word : List.of("never", "forget", "await")) {
                await(queue.put(word));
            }
        });
    }

    static List<String> words() {
        return run(() -> {
            Queue<String> queue = Queue.create(1);
            var producer = createTask(produce(queue));
            var words = new ArrayList<String>();
            while (words.size() < 3) {
                words.add(await(queue.get()));
            }
            await(producer);
            return words;
        });
    }

    public static void main(String[] args) {
        System.out.println(String.join(" ", words()));
    }
}
