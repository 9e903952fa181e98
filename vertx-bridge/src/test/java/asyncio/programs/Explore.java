package asyncio.programs;

import asyncio.internal.fiber.Carrier;
import asyncio.programs.ProgramRun.Bodies;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * Compares programs of many seeds with a Python that is there, and shows the smallest program of each difference.
 * Arguments: the Python, the first seed, how many.
 */
final class Explore {
    private Explore() {}

    public static void main(String[] args) throws Exception {
        var python = args[0];
        var programs = LongStream.range(0, Long.parseLong(args[2]))
                .mapToObj(i -> Statement.textOf(RandomPrograms.program(Long.parseLong(args[1]) + i)))
                .toList();
        int different = 0;
        Map<String, String> smallest = new LinkedHashMap<>();
        for (var entry : CPython.read(CPython.run(python, programs)).entrySet()) {
            for (var bodies : Bodies.values()) {
                if (differs(Statement.parse(entry.getKey()), entry.getValue(), bodies) != null) {
                    different++;
                    if (smallest.size() < 5) {
                        var small = Differences.shrink(
                                Statement.parse(entry.getKey()),
                                it -> differs(it, traceOf(python, it), bodies) != null);
                        smallest.put(Statement.textOf(small), bodies + differs(small, traceOf(python, small), bodies));
                    }
                    break;
                }
            }
        }
        smallest.forEach((program, difference) -> System.out.println(program + "\n" + difference + "\n"));
        System.out.println(different + " of " + programs.size() + " programs differ");
        System.exit(different == 0 ? 0 : 1);
    }

    private static String differs(List<Statement> program, List<String> expected, Bodies bodies) {
        return Differences.between(
                "CPython", expected, "asyncio4j", ProgramRun.traceOf(program, Carrier.getChosen(), bodies));
    }

    private static List<String> traceOf(String python, List<Statement> program) {
        try {
            return CPython.read(CPython.run(python, List.of(Statement.textOf(program))))
                    .values()
                    .iterator()
                    .next();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
