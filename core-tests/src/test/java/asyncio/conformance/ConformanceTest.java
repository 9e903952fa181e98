package asyncio.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every program here prints what the Python program of its name prints on CPython. To add one: the Python file in
 * {@code src/test/python/conformance}, its class, which is the name of the Python file in camel case, and its
 * {@code .expected} file among the resources, which {@code src/test/python/conformance.py} writes.
 */
class ConformanceTest {
    private static final String EXPECTED = ".expected";

    static List<String> programs() throws Exception {
        var one = ConformanceTest.class.getResource("gather_of_nothing_is_done_at_once" + EXPECTED);
        var folder = Path.of(one.toURI()).getParent();
        try (var files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(EXPECTED))
                    .map(name -> name.substring(0, name.length() - EXPECTED.length()))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("programs")
    @Timeout(60)
    void printsWhatCPythonPrints(String name) throws Exception {
        var printed = new ByteArrayOutputStream();
        var constructor = Class.forName(classOf(name)).asSubclass(Program.class).getDeclaredConstructor();
        constructor.newInstance().printTo(new PrintStream(printed, true, UTF_8));
        assertEquals(expected(name), printed.toString(UTF_8));
    }

    @Test
    void eachIsTheOutputOfAPythonProgram() throws Exception {
        try (var files = Files.list(Path.of("src", "test", "python", "conformance"))) {
            assertEquals(
                    programs(),
                    files.map(file -> file.getFileName().toString().replaceFirst("\\.py$", ""))
                            .sorted()
                            .toList());
        }
    }

    private static String expected(String name) throws Exception {
        try (var file = ConformanceTest.class.getResourceAsStream(name + EXPECTED)) {
            return new String(file.readAllBytes(), UTF_8);
        }
    }

    private static String classOf(String name) {
        return Stream.of(name.split("_"))
                .map(word -> word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1))
                .collect(Collectors.joining("", ConformanceTest.class.getPackageName() + ".", ""));
    }
}
