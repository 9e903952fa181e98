package asyncio.semantics;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.getRunningLoop;
import static asyncio.Asyncio.run;
import static asyncio.Asyncio.sleep;
import static java.time.Duration.ofMillis;

import java.util.ArrayList;
import java.util.List;

/** Programs that use all memory, each for a JVM of its own with a small heap. */
final class OutOfMemoryPrograms {
    private static List<byte[]> hog = List.of();

    private OutOfMemoryPrograms() {}

    public static void main(String[] args) {
        try {
            run(() -> {
                for (int i = 0; i < 100; i++) {
                    int pause = i % 7;
                    createTask(async(() -> {
                        while (true) {
                            await(sleep(ofMillis(pause)));
                        }
                    }));
                }
                await(sleep(ofMillis(20)));
                switch (args[0]) {
                    case "callback" -> {
                        getRunningLoop().callSoon(OutOfMemoryPrograms::useAll);
                        await(sleep(ofMillis(100)));
                    }
                    case "task" -> await(createTask(async(OutOfMemoryPrograms::useAll)));
                    case "freeing" -> {
                        getRunningLoop().callSoon(OutOfMemoryPrograms::useAllForAMoment);
                        await(sleep(ofMillis(100)));
                    }
                    default -> useAll();
                }
            });
            hog = List.of();
            System.out.println("the first run returned");
        } catch (VirtualMachineError e) {
            // The JVM makes an InternalError of it where a lambda is linked.
            hog = List.of();
            System.out.println("the first run threw");
        }
        run(() -> await(sleep(ofMillis(1))));
        System.out.println("the next run returned");
    }

    /** The memory stays in use until {@code run} has ended. */
    private static void useAll() {
        hog = new ArrayList<>();
        while (true) {
            hog.add(new byte[64]);
        }
    }

    private static void useAllForAMoment() {
        try {
            useAll();
        } finally {
            hog = List.of();
        }
    }
}
