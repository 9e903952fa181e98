package asyncio.semantics;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.newEventLoop;
import static asyncio.Asyncio.run;
import static asyncio.Asyncio.sleep;
import static java.time.Duration.ofMillis;

import java.util.Arrays;
import java.util.Objects;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Programs for {@link EndOfThreadsTest}, which need a JVM without other loops. */
final class EndOfThreadsPrograms {
    private static final Logger LOGGER = Logger.getLogger("asyncio");

    private EndOfThreadsPrograms() {}

    public static void main(String[] args) throws InterruptedException {
        // What the fibers are does not matter here.
        LOGGER.setLevel(Level.WARNING);
        System.out.println("begin");
        switch (args[0]) {
            case "group" -> {
                inGroup(() -> runOnce("ran 1"));
                inGroup(() -> runOnce("ran 2"));
            }
            case "open" -> inGroup(EndOfThreadsPrograms::keepOpen);
            case "hook" -> {
                Runtime.getRuntime().addShutdownHook(new Thread(() -> runOnce("ran in a hook")));
                runOnce("ran 1");
            }
            default -> throw new IllegalArgumentException(args[0]);
        }
    }

    private static void runOnce(String line) {
        run(() -> {
            await(sleep(ofMillis(1)));
            System.out.println(line);
        });
    }

    /** A second loop is opened and closed while the first one is open. */
    private static void keepOpen() {
        try (var loop = newEventLoop()) {
            runOnce("ran 1");
            try {
                // Longer than threads without loops are kept.
                Thread.sleep(1500);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            loop.runUntilComplete(async(() -> {
                await(sleep(ofMillis(1)));
                System.out.println("ran in the open loop");
            }));
        }
    }

    private static void inGroup(Runnable program) throws InterruptedException {
        var group = new ThreadGroup("program");
        var main = new Thread(group, program, "main of the program");
        main.start();
        main.join();
        long end = System.nanoTime() + 30_000_000_000L;
        while (group.activeCount() > 0 && System.nanoTime() < end) {
            Thread.sleep(10);
        }
        var left = new Thread[100];
        group.enumerate(left);
        var names = Arrays.stream(left)
                .filter(Objects::nonNull)
                .map(Thread::getName)
                .toList();
        System.out.println(names.isEmpty() ? "no threads" : names);
    }
}
