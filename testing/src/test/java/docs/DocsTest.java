package docs;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What docs/testing.md shows is code that is compiled and run here. */
class DocsTest {
    private static final Pattern CODE = Pattern.compile("```(?:java|kotlin)\n(.*?)```", Pattern.DOTALL);

    @Test
    void quotesOnlyTheseTests() throws IOException {
        var blocks = new ArrayList<String>();
        var matcher = CODE.matcher(
                Files.readString(Path.of("..", "docs", "testing.md")).replace("\r\n", "\n"));
        while (matcher.find()) {
            blocks.add(withoutIndent(matcher.group(1)));
        }
        var sources = new ArrayList<String>();
        for (var folder : List.of("java", "kotlin")) {
            try (var files = Files.list(Path.of("src", "test", folder, "docs"))) {
                for (var file : files.toList()) {
                    sources.add(withoutIndent(Files.readString(file)));
                }
            }
        }
        assertFalse(blocks.isEmpty(), "the page shows no code");
        for (var block : blocks) {
            assertTrue(sources.stream().anyMatch(source -> source.contains(block)), "no test has:\n" + block);
        }
    }

    private static String withoutIndent(String code) {
        return code.lines().map(String::strip).collect(Collectors.joining("\n"));
    }
}
