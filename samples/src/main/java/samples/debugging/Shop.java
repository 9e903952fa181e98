package samples.debugging;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.currentTask;
import static asyncio.Asyncio.formatCallGraph;
import static asyncio.Asyncio.formatTaskTree;
import static asyncio.Asyncio.gather;
import static asyncio.Asyncio.getRunningLoop;
import static asyncio.Asyncio.run;
import static asyncio.Asyncio.sleep;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;

import asyncio.Coroutine;
import asyncio.RunOptions;
import java.util.List;

/** A program to look into. */
public final class Shop {
    private Shop() {}

    static Coroutine<String> fetch(String what) {
        return async(() -> {
            await(sleep(ofSeconds(10)));
            return what;
        });
    }

    static Coroutine<List<String>> page() {
        return async(() -> {
            var stock = createTask(fetch("12 left"), "stock");
            var price = createTask(fetch("9.99"), "price");
            return await(gather(stock, price));
        });
    }

    static void look() {
        run(() -> {
            currentTask().setName("main");
            var page = createTask(page(), "page");
            await(sleep(ofMillis(10)));

            page.printStack(System.out);
            System.out.println(formatTaskTree());
            System.out.println(formatCallGraph(taskNamed("price")));
        });
    }

    private static asyncio.Task<?> taskNamed(String name) {
        return asyncio.Asyncio.allTasks().stream()
                .filter(task -> task.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    static long countPrimes(long below) {
        long primes = 0;
        for (long n = 2; n < below; n++) {
            boolean isPrime = true;
            for (long divisor = 2; isPrime && divisor < n; divisor++) {
                isPrime = n % divisor != 0;
            }
            primes += isPrime ? 1 : 0;
        }
        return primes;
    }

    static void block(long below) {
        run(() -> {
            getRunningLoop().setBlockedLoopDuration(ofMillis(500));
            await(createTask(async(() -> countPrimes(below)), "statistics"));
        });
    }

    static Coroutine<Void> greet(String name) {
        return async(() -> System.out.println("Welcome, " + name));
    }

    static void forget() {
        run(
                async(() -> {
                    greet("Alice");
                    createTask(async(() -> {
                        throw new IllegalStateException("out of stock");
                    }));
                    await(sleep(ZERO));
                    getRunningLoop().callSoon(() -> countPrimes(50_000));
                    await(sleep(ZERO));
                }),
                RunOptions.debugging());
    }

    static Coroutine<String> deliver(String what) {
        return async(() -> {
            await(sleep(ofMillis(1)));
            throw new IllegalStateException("no " + what);
        });
    }

    static Coroutine<String> order(String what) {
        return async(() -> await(createTask(deliver(what))));
    }

    static void fail() {
        try {
            run(() -> await(gather(order("apples"), order("pears"))));
        } catch (IllegalStateException error) {
            error.printStackTrace(System.out);
        }
    }

    /** Shows all of it. */
    public static void main(String[] args) {
        fail();
        look();
        block(120_000);
        forget();
    }
}
