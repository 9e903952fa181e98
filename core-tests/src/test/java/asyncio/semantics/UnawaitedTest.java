package asyncio.semantics;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.asyncGenerator;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.run;
import static asyncio.Asyncio.sleep;
import static java.time.Duration.ofMillis;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import asyncio.AsyncGenerator;
import asyncio.Coroutine;
import asyncio.Lock;
import asyncio.Queue;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Coroutines have names, and those that nobody awaits are reported where assertions are on, as in these tests. */
class UnawaitedTest extends OnLoop {
    private static final String NEVER = " was never awaited, and so never ran";

    static Coroutine<Integer> one() {
        return async(() -> 1);
    }

    static final class Inner {
        final Coroutine<Void> made = async(() -> {});

        Coroutine<Void> work() {
            return async(() -> {});
        }
    }

    @Test
    void itsNameIsThatOfTheFunctionThatMadeIt() {
        inLoop(() -> {
            assertEquals("UnawaitedTest.one", used(one()).name());
            assertEquals(
                    "UnawaitedTest.Inner.work", used(new InnerOnce().made()).name());
            assertEquals("UnawaitedTest.Inner", used(new Inner().made).name());
            assertEquals(
                    "UnawaitedTest.itsNameIsThatOfTheFunctionThatMadeIt",
                    used(async(() -> {})).name());
            assertEquals(
                    "UnawaitedTest.OrderProvider.load",
                    used(OrderProvider.load()).name());
            assertEquals("Asyncio.sleep", used(sleep(ofMillis(1))).name());
            assertEquals("Lock.acquire", used(Lock.create().acquire()).name());
            assertEquals("Queue.get", used(Queue.create().get()).name());
            assertEquals(
                    "Asyncio.toThread", used(asyncio.Asyncio.toThread(() -> 1)).name());
        });
    }

    private static final class OrderProvider {
        static Coroutine<Integer> load() {
            return async(() -> 1);
        }
    }

    @Test
    void whatAGeneratorGivesHasTheNameOfTheMethod() {
        inLoopWithReports(() -> {
            AsyncGenerator<Integer> numbers = asyncGenerator(out -> out.yield(1));
            numbers.aclose();
            numbers.athrow(new IllegalStateException());
            numbers.asend(null);
        });
        assertEquals(
                List.of(
                        "Coroutine 'AsyncGenerator.aclose'" + NEVER,
                        "Coroutine 'AsyncGenerator.athrow'" + NEVER,
                        "Coroutine 'AsyncGenerator.asend'" + NEVER),
                messages());
    }

    /** The field of an Inner is closed, so that only the method counts. */
    private static final class InnerOnce {
        Coroutine<Void> made() {
            var inner = new Inner();
            inner.made.close();
            return inner.work();
        }
    }

    private static <C extends Coroutine<?>> C used(C coroutine) {
        coroutine.close();
        return coroutine;
    }

    @Test
    void itsTextTellsWhatBecameOfIt() {
        inLoop(() -> {
            var coroutine = one();
            assertEquals("<Coroutine UnawaitedTest.one created>", coroutine.toString());
            await(coroutine);
            assertEquals("<Coroutine UnawaitedTest.one started>", coroutine.toString());
            assertEquals("<Coroutine UnawaitedTest.one closed>", used(one()).toString());
        });
    }

    @Test
    void eachThatIsForgottenIsReportedOnce() {
        inLoopWithReports(() -> {
            for (int i = 0; i < 10_000; i++) {
                await(one());
                await(createTask(one()));
                one().close();
                if (i % 1_000 == 0) {
                    one();
                }
            }
        });
        assertEquals(Collections.nCopies(10, "Coroutine 'UnawaitedTest.one'" + NEVER), messages());
    }

    @Test
    void itIsReportedWhileTheLoopRuns() {
        inLoopWithReports(() -> {
            one();
            long deadline = System.nanoTime() + 60_000_000_000L;
            while (reports.isEmpty()) {
                assertTrue(System.nanoTime() < deadline);
                System.gc();
                await(sleep(ofMillis(1)));
            }
        });
        assertEquals(List.of("Coroutine 'UnawaitedTest.one'" + NEVER), messages());
    }

    @Test
    void oneThatSomebodyStillHoldsIsNotReported() {
        var held = new ArrayList<Coroutine<Integer>>();
        inLoop(() -> held.add(one()));
        assertEquals(1, run(held.get(0)));
    }

    @Test
    void oneWhoseAwaitWasRefusedIsNotReportedAsWell() {
        inLoop(() -> {
            var thread = new Thread(() -> assertThrows(IllegalStateException.class, () -> await(one())));
            thread.start();
            thread.join();
            assertThrows(IllegalStateException.class, () -> run(one()));
        });
    }

    /** A loop that runs later has nothing to do with it. */
    @Test
    void oneThatWasMadeOutsideOfALoopIsLogged() {
        try (var logged = new Logged()) {
            one();
            inLoop(() -> {
                long deadline = System.nanoTime() + 60_000_000_000L;
                while (logged.with("'UnawaitedTest.one'" + NEVER).isEmpty()) {
                    assertTrue(System.nanoTime() < deadline);
                    System.gc();
                    await(sleep(ofMillis(1)));
                }
            });
        }
    }
}
