package asyncio.docs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** {@code docs/api.md} names all of asyncio, and nothing of ours that is not there. */
class ApiTableTest {
    private static final Path PAGE = Path.of("..", "docs", "api.md");
    private static final Pattern ROW = Pattern.compile("\\| `(.+?)` \\| (?:`(.+?)`|–) \\| (.*?) \\|");
    private static final Pattern CODE = Pattern.compile("`([A-Z]\\w+(?:\\.[a-zA-Z]\\w*)?)`");

    private record Row(String python, String java, String note) {}

    private static List<Row> rows() throws IOException {
        var rows = new ArrayList<Row>();
        for (var line : Files.readAllLines(PAGE)) {
            var matcher = ROW.matcher(line);
            if (matcher.matches()) {
                rows.add(new Row(
                        matcher.group(1), matcher.group(2), matcher.group(3).strip()));
            }
        }
        return rows;
    }

    /** The names that CPython 3.13 tells of itself, with what 3.14 and 3.15 have added and taken away. */
    private static Set<String> namesOfAsyncio() throws IOException {
        try (var file = ApiTableTest.class.getResourceAsStream("asyncio-names.txt")) {
            return new LinkedHashSet<>(Arrays.asList(new String(file.readAllBytes(), UTF_8).split("\n")));
        }
    }

    @Test
    void hasARowForEveryNameOfAsyncio() throws IOException {
        var missing = namesOfAsyncio();
        rows().forEach(row -> missing.remove(row.python));
        assertEquals(Set.of(), missing);
    }

    @Test
    void namesNothingTwice() throws IOException {
        var seen = new LinkedHashSet<String>();
        for (var row : rows()) {
            assertEquals(true, seen.add(row.python), row.python);
        }
    }

    @Test
    void saysWhyWhereOursIsMissing() throws IOException {
        for (var row : rows()) {
            assertFalse(row.java == null && row.note.isEmpty(), row.python);
        }
    }

    @Test
    void namesOnlyWhatIsThere() throws IOException {
        var unknown = new ArrayList<String>();
        for (var row : rows()) {
            if (row.java != null && !exists(row.java)) {
                unknown.add(row.java);
            }
        }
        var matcher = CODE.matcher(Files.readString(PAGE).replaceAll("(?m)^\\| `.+?` ", ""));
        while (matcher.find()) {
            var name = matcher.group(1);
            if (isOurs(name) && !exists(name)) {
                unknown.add(name);
            }
        }
        assertEquals(List.of(), unknown);
    }

    private static boolean isOurs(String name) {
        return name.contains(".") || exists(name);
    }

    /** Whether {@code name} is a type of package asyncio, or a member of one. */
    private static boolean exists(String name) {
        if (type(name) != null) {
            return true;
        }
        int dot = name.lastIndexOf('.');
        var type = dot < 0 ? null : type(name.substring(0, dot));
        var member = name.substring(dot + 1);
        return type != null
                && (Arrays.stream(type.getMethods())
                                .anyMatch(method -> method.getName().equals(member))
                        || Arrays.stream(type.getFields())
                                .anyMatch(field -> field.getName().equals(member)));
    }

    private static Class<?> type(String name) {
        for (var full : List.of("asyncio." + name, "java.util.concurrent." + name)) {
            try {
                return Class.forName(full);
            } catch (ClassNotFoundException none) {
                // Another package, or no type.
            }
        }
        return null;
    }
}
