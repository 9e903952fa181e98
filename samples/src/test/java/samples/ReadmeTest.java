package samples;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the README and the pages of docs/ show is code that is compiled and run here. */
@Tag("once")
class ReadmeTest {
    private static final Pattern CODE = Pattern.compile("```(?:java|kotlin)\n(.*?)```", Pattern.DOTALL);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "README.md",
                "docs/blocks.md",
                "docs/debugging.md",
                "docs/files.md",
                "docs/http.md",
                "docs/kotlin.md",
                "docs/streams.md",
                "docs/subprocess.md",
                "docs/vertx.md"
            })
    void quotesOnlyTheSamples(String page) throws IOException {
        var blocks = new ArrayList<String>();
        var matcher = CODE.matcher(Files.readString(Path.of("..", page)).replace("\r\n", "\n"));
        while (matcher.find()) {
            blocks.add(withoutIndent(matcher.group(1)));
        }
        var sources = sources();

        assertFalse(blocks.isEmpty(), page + " shows no code");
        for (var block : blocks) {
            assertTrue(
                    sources.stream().anyMatch(source -> source.contains(block)),
                    "no sample has what " + page + " shows:\n" + block);
        }
    }

    private static List<String> sources() throws IOException {
        var sources = new ArrayList<String>();
        // Modules of their own show how tests are written, how PostgreSQL is asked, and how Error Prone is used.
        for (var folder : List.of(
                Path.of("src", "main", "java"),
                Path.of("src", "test", "java"),
                Path.of("src", "test", "kotlin"),
                Path.of("..", "testing", "src", "test", "java", "docs"),
                Path.of("..", "http-tests", "src", "test", "java", "docs"),
                Path.of("..", "opentelemetry", "src", "test", "java", "docs"),
                Path.of("..", "micrometer", "src", "test", "java", "docs"),
                Path.of("..", "consumers", "postgres", "src", "test"),
                Path.of("..", "consumers", "errorprone", "src", "main", "java"))) {
            try (var files = Files.walk(folder)) {
                for (var file : files.filter(Files::isRegularFile).toList()) {
                    sources.add(withoutIndent(Files.readString(file)));
                }
            }
        }
        return sources;
    }

    private static String withoutIndent(String code) {
        return code.lines().map(String::strip).collect(Collectors.joining("\n"));
    }
}
