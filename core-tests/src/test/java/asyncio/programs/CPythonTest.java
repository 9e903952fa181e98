package asyncio.programs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import asyncio.internal.fiber.FiberKind;
import asyncio.programs.ProgramRun.Bodies;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Random programs do the same as under CPython, line by line. {@code src/test/python/programs.py} tells how to record
 * them.
 */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CPythonTest {
    private static final int RECORDED = 500;

    @Test
    void recordedPrograms() throws IOException {
        if (Boolean.getBoolean("asyncio.programs.record")) {
            record();
        }
        var complaints = new ArrayList<String>();
        var recorded = CPython.recorded();
        int divisor = Integer.getInteger("asyncio.tests.divisor", 1);
        int number = 0;
        for (var program : recorded.entrySet()) {
            if (number++ % divisor == 0) {
                compare(program.getKey(), program.getValue(), complaints);
            }
        }
        assertEquals(RECORDED, number);
        assertTrue(complaints.isEmpty(), () -> String.join("\n\n", complaints));
    }

    private static void record() throws IOException {
        var programs = LongStream.iterate(0, seed -> seed + 1)
                .mapToObj(seed -> Statement.textOf(RandomPrograms.program(seed)))
                .filter(text -> text.length() > 100)
                .distinct()
                .limit(RECORDED)
                .toList();
        try (var python = new CPython(System.getProperty("asyncio.python", "python3"))) {
            CPython.record(
                    programs.stream().flatMap(it -> python.run(it).stream()).toList());
        }
    }

    private static void compare(String text, List<String> expected, List<String> complaints) {
        var program = Statement.parse(text);
        for (var bodies : Bodies.values()) {
            var trace = ProgramRun.traceOf(program, FiberKind.getChosen(), bodies);
            var difference = Differences.between("CPython", expected, "asyncio4j, " + bodies, trace);
            if (difference != null) {
                complaints.add(text + difference);
                return;
            }
        }
    }
}
