package architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * ktlint breaks a condition in the middle when the whole statement is too long, and never joins it again. A condition
 * stands on one line; one that is too long for that gets names for its parts, or the whole of it stands on lines of its
 * own.
 */
@Tag("once")
class TornConditionsTest {
    private static final int WIDTH = 118;

    /** A condition that begins behind {@code if (} and goes on on the next line. */
    private static final Pattern TORN =
            Pattern.compile("^(\\s*)(?:} else )?(?:if|while) \\(.*(?:==|!=|&&|\\|\\||[<>]=?|\\()$");

    @Test
    void noConditionIsTorn() throws IOException {
        var torn = new ArrayList<String>();
        var files = sources();
        assertTrue(files.size() > 300, () -> "only " + files.size());
        for (var file : files) {
            var lines = Files.readAllLines(file);
            for (int i = 0; i < lines.size(); i++) {
                var match = TORN.matcher(lines.get(i));
                if (match.matches() && fits(lines, i, match.group(1))) {
                    torn.add(file + ":" + (i + 1) + ": " + lines.get(i).strip());
                }
            }
        }
        assertEquals("", String.join("\n", torn));
    }

    /** Whether the condition that begins in this line, up to the line that closes it, fits into one. */
    private static boolean fits(List<String> lines, int first, String indent) {
        int length = lines.get(first).length();
        for (int i = first + 1; i < lines.size(); i++) {
            var line = lines.get(i);
            length += line.strip().length() + 1;
            if (line.contains("//") || length > WIDTH) {
                return false;
            }
            if (line.startsWith(indent + ")")) {
                return true;
            }
        }
        return false;
    }

    private static List<Path> sources() throws IOException {
        var files = new ArrayList<Path>();
        try (Stream<Path> modules = Files.list(Path.of(".."))) {
            for (var module : modules.toList()) {
                var folder = module.resolve("src/main/kotlin");
                if (!Files.isDirectory(folder)) continue;
                try (Stream<Path> all = Files.walk(folder)) {
                    all.filter(path -> path.toString().endsWith(".kt")).forEach(files::add);
                }
            }
        }
        return files;
    }
}
