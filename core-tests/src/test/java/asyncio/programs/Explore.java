package asyncio.programs;

import asyncio.internal.fiber.FiberKind;
import asyncio.programs.ProgramRun.Bodies;
import java.util.HashSet;
import java.util.List;

/**
 * Compares programs of many seeds with a Python that is there, and shows the smallest program of each difference.
 * Arguments: the Python, the first seed, how many.
 */
final class Explore {
    private static final int SHOWN = Integer.getInteger("asyncio.shown", 5);

    private Explore() {}

    public static void main(String[] args) throws Exception {
        long first = Long.parseLong(args[1]);
        long count = Long.parseLong(args[2]);
        int different = 0;
        var found = new HashSet<String>();
        var python = new CPython(args[0]);
        for (long seed = first; seed < first + count; seed++) {
            var program = RandomPrograms.program(seed);
            var expected = python.traceOf(program);
            for (var bodies : Bodies.values()) {
                if (differs(program, expected, bodies) != null) {
                    different++;
                    if (found.size() < SHOWN) {
                        var small = Differences.shrink(program, it -> differs(it, python.traceOf(it), bodies) != null);
                        if (found.add(Statement.textOf(small))) {
                            System.out.println("seed " + seed + ": " + Statement.textOf(small) + "\n" + bodies
                                    + differs(small, python.traceOf(small), bodies) + "\n");
                        }
                    }
                    break;
                }
            }
        }
        System.out.println(different + " of " + count + " programs differ");
        System.exit(different == 0 ? 0 : 1);
    }

    private static String differs(List<Statement> program, List<String> expected, Bodies bodies) {
        return Differences.between(
                "CPython", expected, "asyncio4j", ProgramRun.traceOf(program, FiberKind.getChosen(), bodies));
    }
}
