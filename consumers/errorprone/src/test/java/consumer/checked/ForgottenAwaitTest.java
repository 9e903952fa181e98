package consumer.checked;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** With the arguments of this module's pom the compiler refuses a call whose coroutine nobody awaits. */
@Tag("once")
class ForgottenAwaitTest {
    /** A line with a forgotten await, and the same line as it is meant. */
    record Line(String forgotten, String meant) {
        @Override
        public String toString() {
            return forgotten;
        }
    }

    private static final List<Line> LINES = List.of(
            awaited("sleep(ofSeconds(1))"),
            awaited("async(() -> 1)"),
            awaited("queue.put(\"x\")"),
            awaited("queue.get()"),
            awaited("lock.acquire()"),
            awaited("event.waitSet()"),
            awaited("toThread(() -> 1)"),
            awaited("waitFor(task, ofSeconds(1))"),
            awaited("Asyncio.wait(tasks)"),
            new Line("timeout(ofSeconds(1));", "with(timeout(ofSeconds(1)), () -> {});"),
            new Line("taskGroup();", "with(taskGroup(), group -> {});"),
            awaited("session.get(\"http://localhost/\")"),
            awaited("session.get(\"http://localhost/\").header(\"a\", \"b\")"),
            awaited("session.wsConnect(\"ws://localhost/\")"),
            awaited("session.wsConnect(\"ws://localhost/\").origin(\"http://localhost\")"),
            awaited("response.text()"),
            new Line("ClientSession.builder().limit(3);", "ClientSession.builder().limit(3).build().close();"),
            new Line("ClientSession.builder().build();", "ClientSession.builder().build().close();"),
            awaited("OnMethod.hello()"),
            awaited("OnClass.hello()"),
            awaited("inpackage.Greeting.hello()"),
            new Line(
                    "getRunningLoop().callSoon(() -> OnMethod.hello());",
                    "getRunningLoop().callSoon(() -> createTask(OnMethod.hello()));"),
            new Line(
                    "getRunningLoop().callSoon(OnMethod::hello);",
                    "getRunningLoop().callSoon(() -> createTask(OnMethod.hello()));"));

    private static final String ON_METHOD = """
            import static asyncio.Asyncio.async;

            class OnMethod {
                @asyncio.CheckReturnValue
                static asyncio.Coroutine<String> hello() {
                    return async(() -> "hello");
                }
            }
            """;

    private static final String ON_CLASS = """
            import static asyncio.Asyncio.async;

            @asyncio.CheckReturnValue
            class OnClass {
                static asyncio.Coroutine<String> hello() {
                    return async(() -> "hello");
                }
            }
            """;

    private static final String PACKAGE = """
            @CheckReturnValue
            package inpackage;

            import asyncio.CheckReturnValue;
            """;

    private static final String IN_PACKAGE = """
            package inpackage;

            import static asyncio.Asyncio.async;

            public class Greeting {
                public static asyncio.Coroutine<String> hello() {
                    return async(() -> "hello");
                }
            }
            """;

    private static final String NOWHERE = """
            import static asyncio.Asyncio.async;

            class Nowhere {
                static asyncio.Coroutine<String> hello() {
                    return async(() -> "hello");
                }
            }
            """;

    private static final Map<String, String> FUNCTIONS = Map.of(
            "OnMethod", ON_METHOD,
            "OnClass", ON_CLASS,
            "inpackage/package-info", PACKAGE,
            "inpackage/Greeting", IN_PACKAGE,
            "Nowhere", NOWHERE);

    /** What javac said: its exit status, its errors by class, and all of its output. */
    record Compilation(int status, Map<String, List<String>> errors, String output) {}

    private static final Pattern ERROR = Pattern.compile("(\\w+)\\.java:\\d+: error: (.*)");

    private static Compilation forgotten;
    private static Compilation meant;

    @BeforeAll
    static void compileBoth(@TempDir Path folder) throws Exception {
        forgotten = compile(
                folder.resolve("forgotten"), LINES.stream().map(Line::forgotten).toList());
        meant = compile(folder.resolve("meant"), LINES.stream().map(Line::meant).toList());
    }

    @ParameterizedTest
    @MethodSource("lines")
    void refusesIt(Line line) {
        var errors = forgotten.errors().getOrDefault(nameOf(LINES.indexOf(line)), List.of());

        assertEquals(1, errors.size(), () -> forgotten.output());
        assertTrue(errors.get(0).startsWith("[CheckReturnValue] "), () -> forgotten.output());
    }

    @ParameterizedTest
    @MethodSource("lines")
    void acceptsItWithAwait(Line line) {
        var errors = meant.errors().getOrDefault(nameOf(LINES.indexOf(line)), List.of());

        assertEquals(List.of(), errors, () -> meant.output());
    }

    @Test
    void refusesAndAcceptsNothingElse() {
        var refused = IntStream.range(0, LINES.size())
                .mapToObj(ForgottenAwaitTest::nameOf)
                .collect(Collectors.toSet());

        assertEquals(refused, forgotten.errors().keySet(), () -> forgotten.output());
        assertEquals(1, forgotten.status(), () -> forgotten.output());
        assertEquals(0, meant.status(), () -> meant.output());
    }

    @Test
    void doesNotFindAVariableThatNobodyAwaitsOrAFunctionWithoutTheAnnotation(@TempDir Path folder) throws Exception {
        var accepted = compile(
                folder,
                List.of(
                        "var greeting = OnMethod.hello();",
                        "Nowhere.hello();",
                        "with(lock, () -> OnMethod.hello());",
                        "createTask(OnMethod.hello());"));

        assertEquals(0, accepted.status(), () -> accepted.output());
    }

    @Test
    void theProgramOfThisModuleRuns() {
        assertEquals(List.of("never", "forget", "await"), Main.words());
    }

    @Test
    void thePageShowsThePomOfThisModule() throws IOException {
        var page = Files.readString(Path.of("..", "..", "docs", "debugging.md"));
        var blocks = Pattern.compile("```xml\\R(.*?)```", Pattern.DOTALL)
                .matcher(page)
                .results()
                .map(block -> withoutIndent(block.group(1)))
                .toList();
        var pom = withoutIndent(Files.readString(Path.of("pom.xml")));

        assertFalse(blocks.isEmpty(), "the page shows no pom");
        for (var block : blocks) {
            assertTrue(pom.contains(block), "pom.xml has not what the page shows:\n" + block);
        }
    }

    @Test
    void thePageShowsWhatTheCompilerSays() throws IOException {
        var page = Files.readString(Path.of("..", "..", "docs", "debugging.md"));
        var shown = page.lines().filter(line -> line.startsWith("error: [")).toList();

        assertFalse(shown.isEmpty(), "the page shows no error");
        for (var line : shown) {
            assertTrue(forgotten.output().contains(line), () -> line + " is not in:\n" + forgotten.output());
        }
    }

    static List<Line> lines() {
        return LINES;
    }

    private static Line awaited(String call) {
        return new Line(call + ";", "await(" + call + ");");
    }

    private static String nameOf(int line) {
        return "Line" + line;
    }

    /** Compiles each line in a class of its own, all of them in one run of javac. */
    private static Compilation compile(Path folder, List<String> lines) throws Exception {
        var sources = new HashMap<>(FUNCTIONS);
        for (int i = 0; i < lines.size(); i++) {
            sources.put(nameOf(i), classWith(nameOf(i), lines.get(i)));
        }
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "javac").toString());
        command.addAll(argumentsOfThePom());
        command.add("-J-Duser.language=en");
        var classPath = System.getProperty("java.class.path");
        command.addAll(List.of("-classpath", classPath, "-processorpath", classPath));
        command.addAll(List.of("-d", folder.resolve("classes").toString()));
        for (var source : sources.entrySet()) {
            var file = folder.resolve(source.getKey() + ".java");
            Files.createDirectories(file.getParent());
            Files.writeString(file, source.getValue());
            command.add(file.toString());
        }
        var log = folder.resolve("javac.log");
        var javac = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            assertTrue(javac.waitFor(5, TimeUnit.MINUTES), "javac does not end");
        } finally {
            javac.destroyForcibly();
        }
        var output = Files.readString(log);
        var errors = new HashMap<String, List<String>>();
        ERROR.matcher(output)
                .results()
                .forEach(error -> errors.computeIfAbsent(error.group(1), name -> new ArrayList<>())
                        .add(error.group(2)));
        return new Compilation(javac.exitValue(), errors, output);
    }

    private static String classWith(String name, String line) {
        return """
                import static asyncio.Asyncio.*;
                import static java.time.Duration.ofSeconds;

                import asyncio.*;
                import asyncio.http.*;
                import java.util.List;

                class %s {
                    void run(
                            Queue<String> queue,
                            Lock lock,
                            Event event,
                            Task<String> task,
                            List<Task<String>> tasks,
                            ClientSession session,
                            ClientResponse response)
                            throws Exception {
                        %s
                    }
                }
                """.formatted(name, line);
    }

    private static List<String> argumentsOfThePom() throws Exception {
        var pom = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(Path.of("pom.xml").toFile());
        var arguments = pom.getElementsByTagName("arg");
        return IntStream.range(0, arguments.getLength())
                .mapToObj(i -> arguments.item(i).getTextContent())
                .toList();
    }

    private static String withoutIndent(String text) {
        return text.lines().map(String::strip).collect(Collectors.joining("\n"));
    }
}
