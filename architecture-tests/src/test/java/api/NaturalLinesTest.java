package api;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.getRunningLoop;
import static asyncio.Asyncio.run;
import static asyncio.Asyncio.sleep;
import static java.time.Duration.ZERO;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import asyncio.http.ClientSession;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What people type without a look at the Javadoc compiles; and of each mistake somebody says what it is. */
@Tag("once")
class NaturalLinesTest {
    @TempDir
    static Path directory;

    static IntStream releases() {
        return IntStream.of(17, Runtime.version().feature()).distinct();
    }

    @ParameterizedTest
    @MethodSource("releases")
    void naturalLinesCompile(int release) {
        var lines = JavaLines.read("natural-lines.txt");
        assertTrue(lines.size() >= 60, () -> "only " + lines.size());
        var said = JavaLines.compile(lines, release, JavaLines.newDirectory(directory));
        assertEquals("", String.join("\n", said));
    }

    @ParameterizedTest
    @MethodSource("releases")
    void javacRefusesMistakes(int release) {
        var mistakes =
                mistakes().filter(mistake -> mistake.judge.equals("javac")).toList();
        // javac looks at exceptions only in classes that are right otherwise.
        var groups = mistakes.stream().collect(Collectors.partitioningBy(Mistake::isAboutExceptions));
        var said = new ArrayList<String>();
        for (var group : groups.values()) {
            var lines = group.stream().map(Mistake::line).toList();
            said.addAll(JavaLines.compile(lines, release, JavaLines.newDirectory(directory)));
        }
        var accepted = new ArrayList<String>();
        for (var mistake : mistakes) {
            var about = said.stream()
                    .filter(text -> text.endsWith(" | " + mistake.line))
                    .toList();
            if (about.stream().noneMatch(text -> text.contains(mistake.message))) {
                accepted.add(mistake + "\n    but: " + about);
            }
        }
        assertEquals("", String.join("\n", accepted));
    }

    @Test
    void whatJavacDoesNotRefuseIsSaidWhenItRuns() throws Exception {
        var mistakes =
                mistakes().filter(mistake -> !mistake.judge.equals("javac")).toList();
        var classes = JavaLines.newDirectory(directory);
        var lines = mistakes.stream().map(Mistake::line).toList();
        assertEquals("", String.join("\n", JavaLines.compile(lines, 17, classes)));
        var type = JavaLines.load(classes);

        var unsaid = new ArrayList<String>();
        for (int i = 0; i < mistakes.size(); i++) {
            var mistake = mistakes.get(i);
            var method = type.getMethod("line" + i);
            Line line = session -> {
                try {
                    method.invoke(type.getConstructor(ClientSession.class).newInstance(session));
                } catch (InvocationTargetException e) {
                    throw (Exception) e.getCause();
                }
            };
            var said = mistake.judge.equals("run") ? saidInLoop(line) : saidOutside(line);
            if (!said.contains(mistake.message)) {
                unsaid.add(mistake + "\n    but: " + said);
            }
        }
        assertEquals("", String.join("\n", unsaid));
    }

    @Test
    void thereAreEnoughMistakes() {
        assertTrue(mistakes().count() >= 25, "too few");
    }

    private static Stream<Mistake> mistakes() {
        return JavaLines.read("mistakes.txt").stream().map(Mistake::parse);
    }

    private static String saidInLoop(Line line) {
        var said = new ArrayList<String>();
        try {
            run(async(() -> {
                getRunningLoop().setExceptionHandler((loop, context) -> said.add(context.message()));
                try (var session = ClientSession.create()) {
                    line.run(session);
                }
                await(sleep(ZERO));
            }));
        } catch (Exception e) {
            var text = new StringWriter();
            e.printStackTrace(new PrintWriter(text));
            said.add(text.toString());
        }
        return String.join("\n", said);
    }

    private static String saidOutside(Line line) {
        try {
            line.run(null);
            return "nothing";
        } catch (Exception e) {
            return "" + e.getMessage();
        }
    }

    private interface Line {
        void run(ClientSession session) throws Exception;
    }

    record Mistake(String judge, String message, String line) {
        boolean isAboutExceptions() {
            return message.startsWith("unreported") || message.startsWith("never thrown");
        }

        static Mistake parse(String text) {
            int colon = text.indexOf(": ");
            int bar = text.indexOf(" | ");
            if (colon < 0 || bar < colon) {
                fail("Not a mistake: " + text);
            }
            return new Mistake(text.substring(0, colon), text.substring(colon + 2, bar), text.substring(bar + 3));
        }
    }
}
