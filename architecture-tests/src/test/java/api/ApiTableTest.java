package api;

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
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code docs/api.md} and {@code docs/aiohttp.md} name all of Python's, and nothing of ours that is not there. */
@Tag("once")
class ApiTableTest {
    private static final Pattern ROW = Pattern.compile("\\| `(.+?)` \\| (?:`(.+?)`|–) \\| (.*?) \\|");
    private static final Pattern CODE = Pattern.compile("`([A-Z]\\w+(?:\\.[a-zA-Z]\\w*)*)`");

    /** A member, without the underscores around it; no type, and no argument. */
    private static final Pattern MEMBER = Pattern.compile("\\w[\\w.]*\\._*([a-z]\\w*?)_*");

    private static final Pattern UNDERSCORE = Pattern.compile("_(.)");

    private record Row(String python, String java, String note) {}

    private enum Page {
        /** The names that CPython 3.13 tells of itself, with what 3.14 and 3.15 have added and taken away. */
        ASYNCIO("api.md", "asyncio-names.txt", "asyncio.", "asyncio.io.", "java.util.concurrent."),
        /** The names that aiohttp 3.8 tells of itself, with what has come until 3.14; arguments in parentheses. */
        AIOHTTP("aiohttp.md", "aiohttp-names.txt", "asyncio.http.", "asyncio.");

        private final String page;
        private final String names;
        private final List<String> packages;

        Page(String page, String names, String... packages) {
            this.page = page;
            this.names = names;
            this.packages = List.of(packages);
        }

        String text() throws IOException {
            return Files.readString(Path.of("..", "docs", page));
        }

        List<Row> rows() throws IOException {
            var rows = new ArrayList<Row>();
            for (var line : text().lines().toList()) {
                var matcher = ROW.matcher(line);
                if (matcher.matches()) {
                    rows.add(new Row(
                            matcher.group(1), matcher.group(2), matcher.group(3).strip()));
                }
            }
            return rows;
        }

        Set<String> namesOfPython() throws IOException {
            try (var file = ApiTableTest.class.getResourceAsStream(names)) {
                return new LinkedHashSet<>(Arrays.asList(new String(file.readAllBytes(), UTF_8).split("\n")));
            }
        }

        /** Whether {@code name} is one of our types, or a member of one. */
        boolean exists(String name) {
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

        /** A type, possibly one within another: {@code ClientSession.Builder}. */
        private Class<?> type(String name) {
            for (var place : packages) {
                try {
                    return Class.forName(place + name.replaceAll("([A-Z]\\w*)\\.", "$1\\$"));
                } catch (ClassNotFoundException none) {
                    // Another package, or no type.
                }
            }
            return null;
        }
    }

    @ParameterizedTest
    @EnumSource
    void hasARowForEveryNameOfPythons(Page page) throws IOException {
        var missing = page.namesOfPython();
        page.rows().forEach(row -> missing.remove(row.python));
        assertEquals(Set.of(), missing);
    }

    @ParameterizedTest
    @EnumSource
    void namesNothingTwice(Page page) throws IOException {
        var seen = new LinkedHashSet<String>();
        for (var row : page.rows()) {
            assertEquals(true, seen.add(row.python), row.python);
        }
    }

    @ParameterizedTest
    @EnumSource
    void saysWhyWhereOursIsMissing(Page page) throws IOException {
        for (var row : page.rows()) {
            assertFalse(row.java == null && row.note.isEmpty(), row.python);
        }
    }

    /** The rule is Python's name in camelCase: an underscore becomes a capital, and nothing else changes. */
    @ParameterizedTest
    @EnumSource
    void saysWhyWhereAMethodIsCalledOtherwise(Page page) throws IOException {
        var without = new ArrayList<String>();
        for (var row : page.rows()) {
            var ours = row.java == null ? "" : row.java.substring(row.java.lastIndexOf('.') + 1);
            var python = MEMBER.matcher(row.python);
            if (!ours.isEmpty() && python.matches() && row.note.isEmpty() && !ours.equals(camelCase(python.group(1)))) {
                without.add(row.python + " is " + row.java);
            }
        }
        assertEquals(List.of(), without);
    }

    private static String camelCase(String name) {
        return UNDERSCORE.matcher(name).replaceAll(found -> found.group(1).toUpperCase(Locale.ROOT));
    }

    @ParameterizedTest
    @EnumSource
    void namesOnlyWhatIsThere(Page page) throws IOException {
        var unknown = new ArrayList<String>();
        for (var row : page.rows()) {
            if (row.java != null && !page.exists(row.java)) {
                unknown.add(row.java);
            }
        }
        var matcher = CODE.matcher(page.text().replaceAll("(?m)^\\| `.+?` ", ""));
        while (matcher.find()) {
            var name = matcher.group(1);
            // A single word can be anything.
            if (name.contains(".") && !page.exists(name)) {
                unknown.add(name);
            }
        }
        assertEquals(List.of(), unknown);
    }
}
