package asyncio.semantics;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.run;

/** A program for {@link StartLineTest}: Kotlin, and then Java. */
final class StartLineProgram {
    private StartLineProgram() {}

    public static void main(String[] args) {
        run(Suspending.calling(() -> System.out.println("Kotlin ran")));
        for (int i = 0; i < 2; i++) {
            run(async(() -> System.out.println("Java ran")));
        }
    }
}
