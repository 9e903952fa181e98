package benchmarks.process;

import static asyncio.Asyncio.*;

import asyncio.Coroutine;
import asyncio.io.Command;
import java.util.ArrayList;

/**
 * Starts {@code true} and waits for its end, again and again. Prints microseconds for each, one at a time and 20 at a
 * time.
 */
public final class Starts {
    private Starts() {}

    /** The arguments: how many to get warm, and how many count. */
    public static void main(String[] arguments) {
        int warmup = Integer.parseInt(arguments[0]);
        int count = Integer.parseInt(arguments[1]);
        run(() -> {
            await(several(warmup));
            System.out.print(microseconds(count, 1));
            System.out.println(" " + microseconds(count, 20));
        });
    }

    private static long microseconds(int count, int atATime) {
        var began = System.nanoTime();
        var all = new ArrayList<Coroutine<Void>>();
        for (int i = 0; i < atATime; i++) {
            all.add(several(count / atATime));
        }
        await(gather(all));
        return (System.nanoTime() - began) / 1000 / count;
    }

    private static Coroutine<Void> several(int count) {
        return async(() -> {
            for (int i = 0; i < count; i++) {
                await(await(Command.exec("true").start()).waitEnded());
            }
        });
    }
}
