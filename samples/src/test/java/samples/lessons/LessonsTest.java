package samples.lessons;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import asyncio.Action;
import asyncio.Coroutine;
import asyncio.testing.TestLoop;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.IntSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import samples.Sample;

/**
 * The lessons print what the same programs print under CPython: {@code src/test/python/lessons/lessons.py} tells how
 * that is recorded.
 */
class LessonsTest {
    private static Arguments inLoop(String name, Coroutine<?> lesson) {
        return Arguments.of(name, (Action) () -> TestLoop.run(lesson));
    }

    private static Arguments of(String name, Action lesson) {
        return Arguments.of(name, lesson);
    }

    static Stream<Arguments> lessons() {
        return Stream.of(
                inLoop("await", Nested.lesson()),
                inLoop("task", NestedTask.lesson()),
                inLoop("say-after", SayAfter.lesson()),
                inLoop("say-after-tasks", SayAfterTasks.lesson()),
                of("lazy-greet", () -> LazyGreet.lesson(TestLoop.create())),
                inLoop("greetings", Greetings.lesson(cycle(3, 1, 5, 4, 2))),
                of("spinner", () -> System.out.println("Answer: " + TestLoop.run(Spinner.supervisor()))),
                inLoop("random-numbers", RandomNumbers.lesson(cycle(4, 10, 7, 2, 9, 8, 10, 0, 6))),
                inLoop("chain", new Chain(cycle(2, 4, 1, 0, 3)).lesson(List.of(1, 2, 3))),
                inLoop("producers", new Producers(cycle(1, 3, 0, 2, 5)).lesson(2, 3)),
                of("every-second", () -> EverySecond.lesson(TestLoop.create())),
                of("turns", Turns::main),
                inLoop("kinds", Kinds.lesson()),
                inLoop("documents", Documents.lesson()),
                inLoop("blocks", Blocks.lesson()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("lessons")
    void printsWhatCPythonPrints(String name, Action lesson) throws Exception {
        assertEquals(recorded(name), printedBy(lesson));
    }

    @Test
    void whatBlocksRunsOneByOne() throws Exception {
        assertEquals("One\nTwo\nOne\nTwo\nOne\nTwo\n", printedBy(CountOneByOne::main));
    }

    @Test
    void aThreadShowsAnAnimation() throws Exception {
        var printed = printedBy(SpinnerThread::main);
        assertTrue(printed.startsWith("spinner object: spinner\n| thinking!\b\b"), printed);
        assertTrue(printed.endsWith("\bAnswer: 42\n"), printed);
    }

    @Test
    void aPageThatFailsIsToldBesideTheOthers() throws Exception {
        var lines = printedBy(Crawler::main).lines().toList();
        assertEquals(3, lines.size());
        assertEquals(
                2,
                lines.stream()
                        .filter(line -> line.endsWith(" page is 500 bytes"))
                        .count());
        assertTrue(lines.stream()
                .anyMatch(line -> line.equals("http://nowhere.invalid/ generated an exception:"
                        + " java.net.UnknownHostException: nowhere.invalid")));
    }

    @Test
    void pagesComeThreeWays() throws Exception {
        var lines = printedBy(Pages::main).lines().toList();
        assertEquals(3, lines.size());
        assertTrue(lines.get(0).endsWith(" async + nonblocking, 2500 bytes"), lines.get(0));
        assertTrue(lines.get(1).endsWith(" async + blocking + threads, 2500 bytes"), lines.get(1));
        assertTrue(lines.get(2).endsWith(" sync + blocking, 2500 bytes"), lines.get(2));
    }

    @Test
    void theLessonsAreListed() {
        var list = Sample.run("lessons");
        assertEquals(0, list.exitCode());
        assertEquals(19, list.out().lines().count());
        var mistake = Sample.run("lessons", "none");
        assertEquals(2, mistake.exitCode());
        assertTrue(
                mistake.err().startsWith("samples/run lessons: There is no lesson 'none'; there is await, task"),
                mistake.err());
    }

    private static IntSupplier cycle(int... numbers) {
        var next = new int[1];
        return () -> numbers[next[0]++ % numbers.length];
    }

    private static String recorded(String name) throws IOException {
        try (var in = LessonsTest.class.getResourceAsStream("/lessons/" + name + ".txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String printedBy(Action program) throws Exception {
        var printed = new ByteArrayOutputStream();
        var before = System.out;
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            program.run();
        } finally {
            System.setOut(before);
        }
        return printed.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    }
}
