package asyncio.programs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import asyncio.internal.fiber.FiberKind;
import asyncio.programs.ProgramRun.Bodies;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Random programs do the same on each kind of fiber that this JVM has, as Java bodies, as suspend functions, and in
 * turns. {@code -Dasyncio.programs=20000} tries more of them, {@code -Dasyncio.seed=17} one.
 */
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RandomProgramsTest {
    private static final long FIRST = 1_000_000;

    /** One way of running a program. */
    private record Way(FiberKind kind, Bodies bodies) {
        List<String> traceOf(List<Statement> program) {
            return ProgramRun.traceOf(program, kind, bodies);
        }
    }

    private static List<Way> ways() {
        var ways = new ArrayList<Way>();
        // No fiber takes part in it: this is the one that the others are compared with.
        ways.add(new Way(FiberKind.getChosen(), Bodies.SUSPEND));
        for (var kind : FiberKind.available()) {
            ways.add(new Way(kind, Bodies.JAVA));
            ways.add(new Way(kind, Bodies.MIXED));
        }
        return ways;
    }

    @Test
    void allWaysDoTheSame() {
        var seed = Long.getLong("asyncio.seed");
        if (seed != null) {
            check(seed, ways());
            return;
        }
        int programs = Integer.getInteger("asyncio.programs", 1000 / Integer.getInteger("asyncio.tests.divisor", 1));
        for (long i = 0; i < programs; i++) {
            check(FIRST + i, ways());
        }
    }

    private static void check(long seed, List<Way> ways) {
        var program = RandomPrograms.program(seed);
        var expected = ways.get(0).traceOf(program);
        checkEnd(seed, expected);
        for (var way : ways.subList(1, ways.size())) {
            if (!way.traceOf(program).equals(expected)) {
                fail(seed, program, ways.get(0), way);
            }
        }
    }

    /**
     * No permit and no lock is lost, unless a task is stuck in spite of its cancellations, or a coroutine in spite of
     * being closed.
     */
    private static void checkEnd(long seed, List<String> trace) {
        boolean isStuck = !trace.contains("left")
                || trace.stream().anyMatch(it -> it.startsWith("closing ") || it.equals("not closed"));
        if (!isStuck) {
            var end = trace.get(trace.size() - 1);
            assertTrue(end.contains(" free free free 1 2 "), () -> "-Dasyncio.seed=" + seed + ": " + end);
        }
    }

    private static void fail(long seed, List<Statement> program, Way a, Way b) {
        var small = Differences.shrink(program, it -> !a.traceOf(it).equals(b.traceOf(it)));
        throw new AssertionError("-Dasyncio.seed=" + seed + "\n" + Statement.textOf(program) + "\n\nThe smallest:\n"
                + Statement.textOf(small)
                + Differences.between(a.toString(), a.traceOf(small), b.toString(), b.traceOf(small)));
    }

    @Test
    void aProgramIsWhatItsTextSays() {
        for (long seed = 0; seed < 100; seed++) {
            var program = RandomPrograms.program(seed);
            assertEquals(program, Statement.parse(Statement.textOf(program)));
            assertEquals(program, RandomPrograms.program(seed));
        }
    }

    @Test
    void theSmallestProgramIsFound() {
        // What is looked for depends on two statements only.
        var small = Differences.shrink(
                Statement.parse("((s0) (spawn 1 ((s0) (put 0) (lock 0 ((get 0) (s0))))) (set 1))"),
                it -> Statement.textOf(it).contains("(put 0)")
                        && Statement.textOf(it).contains("(get 0)"));
        assertEquals("((spawn 1 ((put 0) (get 0))))", Statement.textOf(small));
    }
}
