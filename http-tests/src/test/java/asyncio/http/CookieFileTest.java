package asyncio.http;

import static asyncio.Asyncio.*;
import static org.junit.jupiter.api.Assertions.*;

import asyncio.Coroutine;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Jars and their files. */
@Timeout(240)
class CookieFileTest {
    @TempDir
    Path directory;

    private final CookieJar jar = jarAt("2030-01-01T00:00:00Z");

    @Test
    void whatWasSavedCanBeLoaded() {
        set(
                "https://www.example.com/x/y",
                "a=\"q \\054\"; Secure; HttpOnly; SameSite=Strict; Partitioned",
                "b=2; Domain=example.com; Path=/; Max-Age=60",
                "c=\u00e4\u4f60",
                "d=4; Max-Age=7200; SameSite=None");
        jar.updateSharedCookies(Map.of("s", "a;b"));
        var file = directory.resolve("jar.json");
        run(() -> await(jar.save(file)));

        var other = jarAt("2030-01-01T00:00:59Z");
        run(() -> await(other.load(file)));
        assertEquals(all(jar), all(other));
        var url = URI.create("https://www.example.com/x/");
        assertEquals(jar.filterCookies(url), other.filterCookies(url));
        // The host-only flag has stayed.
        assertEquals(
                List.of("b", "s"),
                other.filterCookies(URI.create("https://sub.www.example.com/x/")).stream()
                        .map(Cookie::name)
                        .toList());

        var later = jarAt("2030-01-01T00:01:00Z");
        run(() -> await(later.load(file)));
        assertEquals(all(jar).stream().filter(c -> !c.name().equals("b")).toList(), all(later));
    }

    @Test
    void onlyTheOwnerMayReadIt() throws Exception {
        set("http://h.com/", "a=1");
        var file = directory.resolve("jar.json");
        Files.writeString(file, "old", java.nio.charset.StandardCharsets.UTF_8);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
        run(() -> await(jar.save(file)));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertEquals(List.of("jar.json"), files());
    }

    @Test
    void aLinkStaysALink() throws Exception {
        set("http://h.com/", "a=1");
        var file = directory.resolve("real.json");
        var link = directory.resolve("link.json");
        Files.createFile(file);
        Files.createSymbolicLink(link, file);
        run(() -> await(jar.save(link)));
        assertTrue(Files.isSymbolicLink(link));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        var other = CookieJar.create();
        run(() -> await(other.load(file)));
        assertEquals(1, other.size());
    }

    @Test
    void aRelativePathWillDo() throws Exception {
        var file = Path.of("target", "cookies-of-a-test.json");
        set("http://h.com/", "a=1");
        run(() -> await(jar.save(file)));
        run(() -> await(jar.load(file)));
        Files.delete(file);
        assertEquals(1, jar.size());
    }

    @Test
    void loadingReplacesWhatWasThere() {
        set("http://h.com/", "a=1");
        var file = directory.resolve("jar.json");
        run(() -> await(jar.save(file)));
        jar.clear();
        set("http://h.com/", "b=2");
        set("http://other.com/", "c=3");
        run(() -> await(jar.load(file)));
        assertEquals(List.of("a"), all(jar).stream().map(Cookie::name).toList());
    }

    @Test
    void whatCannotBeLoadedChangesNothing() throws Exception {
        set("http://h.com/", "a=1");
        var file = directory.resolve("jar.json");
        for (var text : List.of(
                "",
                "hunter2",
                "{\"version\":1,\"cookies\":[",
                "[]",
                "{}",
                "{\"version\":2,\"cookies\":[]}",
                "{\"version\":1,\"cookies\":{}}",
                "{\"version\":1,\"cookies\":[1]}",
                entry("\"value\":\"hunter2\",\"domain\":\"h.com\""),
                entry("\"name\":\"a\",\"domain\":\"h.com\""),
                entry("\"name\":\"a\",\"value\":\"hunter2\""),
                entry("\"name\":\"a\",\"value\":7,\"domain\":\"h.com\""),
                entry("\"name\":\"a;b\",\"value\":\"hunter2\",\"domain\":\"h.com\""),
                entry("\"name\":\"a\",\"value\":\"1\",\"codedValue\":\"hunter2\\r\\nX: y\",\"domain\":\"h.com\""),
                entry("\"name\":\"a\",\"value\":\"1\",\"domain\":\"h.com\",\"expires\":\"soon\""),
                entry("\"name\":\"a\",\"value\":\"1\",\"domain\":\"h.com\",\"path\":\"x\""),
                entry("\"name\":\"a\",\"value\":\"1\",\"domain\":\"h.com\",\"sameSite\":\"x\""),
                entry("\"name\":\"a\",\"value\":\"1\",\"domain\":\"h.com\",\"secure\":\"yes\""),
                "\u0080\u0003}q\u0000.")) {
            Files.writeString(file, text);
            var failure = assertThrows(IOException.class, () -> run(() -> await(jar.load(file))), text);
            assertTrue(failure.getMessage().startsWith(file + " is not a file of cookies"), failure.getMessage());
            assertFalse(failure.getMessage().contains("hunter2"), failure.getMessage());
            assertEquals(List.of("a"), all(jar).stream().map(Cookie::name).toList(), text);
        }
        var none = directory.resolve("none.json");
        assertThrows(NoSuchFileException.class, () -> run(() -> await(jar.load(none))));
        assertEquals(1, jar.size());
    }

    /** Each field with each kind of nonsense: the jar is as it was, or has only what is good. */
    @Test
    void nonsenseInAnyField() throws Exception {
        set("http://h.com/", "a=1");
        var file = directory.resolve("jar.json");
        var good = new java.util.LinkedHashMap<String, String>();
        good.put("name", "\"b\"");
        good.put("value", "\"hunter2\"");
        good.put("codedValue", "\"hunter2\"");
        good.put("domain", "\"h.com\"");
        good.put("hostOnly", "true");
        good.put("path", "\"/\"");
        good.put("expires", "\"2031-01-01T00:00:00Z\"");
        good.put("secure", "false");
        good.put("httpOnly", "false");
        good.put("sameSite", "\"lax\"");
        good.put("partitioned", "false");
        var nonsense = List.of(
                "null",
                "7",
                "-1e999",
                "[]",
                "{}",
                "true",
                "\"\"",
                "\" \"",
                "\"hunter2;x\"",
                "\"hunter2\\u0000\"",
                "\"hunter2\\r\\nX: y\"",
                "\"\\ud800hunter2\"",
                "\"..\"",
                "\".h.com\"",
                "\"H.com\"",
                "\"b\u00fccher.de\"",
                "\"+1000000000-12-31T23:59:59.999999999Z\"",
                "\"-1000000000-01-01T00:00:00Z\"",
                "\"+999999999-12-31T23:59:59Z\"",
                "\"2031-13-41T00:00:00Z\"",
                "\"" + "x".repeat(100_000) + "\"",
                "[".repeat(5000) + "]".repeat(5000));
        int refused = 0;
        for (var field : good.keySet()) {
            for (var value : nonsense) {
                var fields = new java.util.LinkedHashMap<>(good);
                fields.put(field, value);
                var text = new StringBuilder();
                fields.forEach((name, given) -> text.append(text.isEmpty() ? "" : ",")
                        .append('"')
                        .append(name)
                        .append("\":")
                        .append(given));
                Files.writeString(file, entry(text.toString()));
                try {
                    run(() -> await(jar.load(file)));
                    assertTrue(jar.size() <= 1, field + ": " + value);
                    for (var url : List.of("http://h.com/", "https://sub.h.com/x")) {
                        for (var cookie : jar.filterCookies(URI.create(url))) {
                            assertEquals("h.com", cookie.domain());
                        }
                    }
                    jar.clear();
                    set("http://h.com/", "a=1");
                } catch (Exception clear) {
                    refused++;
                    assertInstanceOf(IOException.class, clear);
                    assertTrue(clear.getMessage().startsWith(file + " is not a file of cookies"), clear::getMessage);
                    if (field.equals("value") || field.equals("codedValue")) {
                        assertFalse(clear.getMessage().contains("hunter2"), clear::getMessage);
                    }
                    assertEquals(
                            List.of("a"), all(jar).stream().map(Cookie::name).toList(), field + ": " + value);
                }
            }
        }
        assertTrue(refused > 100, () -> "the check itself checks nothing");
        // An end that no clock reaches is the year 9999.
        var far = entry(
                "\"name\":\"b\",\"value\":\"1\",\"domain\":\"h.com\",\"expires\":\"+1000000000-12-31T23:59:59Z\"");
        Files.writeString(file, far);
        run(() -> await(jar.load(file)));
        assertEquals(List.of("b"), all(jar).stream().map(Cookie::name).toList());
        for (var binary : List.of(
                new byte[] {0, 0, (byte) 0xFE, (byte) 0xFF, 1, 2, 3, 4}, new byte[] {(byte) 0xFF, (byte) 0xFE})) {
            Files.write(file, binary);
            assertThrows(IOException.class, () -> run(() -> await(jar.load(file))));
            assertEquals(1, jar.size());
        }
    }

    @Test
    void aJarThatDoesNotQuoteCannotLoadWhatItCannotSend() throws Exception {
        set("http://h.com/", "a=1");
        jar.updateSharedCookies(Map.of("s", "hunter2;b"));
        var file = directory.resolve("jar.json");
        run(() -> await(jar.save(file)));
        var plain = CookieJar.builder().quoteCookie(false).build();
        plain.updateCookiesFromHeaders(List.of("old=1"), URI.create("http://h.com/"));
        var failure = assertThrows(IOException.class, () -> run(() -> await(plain.load(file))));
        assertFalse(failure.getMessage().contains("hunter2"), failure::getMessage);
        assertEquals(1, plain.size());
    }

    @Test
    void whatCannotBeSavedLeavesNothingBehind() throws Exception {
        set("http://h.com/", "a=1");
        var missing = directory.resolve("missing").resolve("jar.json");
        assertThrows(IOException.class, () -> run(() -> await(jar.save(missing))));
        // A directory that is not empty cannot be replaced.
        Files.createDirectories(directory.resolve("full").resolve("x"));
        assertThrows(IOException.class, () -> run(() -> await(jar.save(directory.resolve("full")))));
        assertEquals(List.of("full"), files());
    }

    @Test
    void manyMaySaveAtOnce() throws Exception {
        var file = directory.resolve("jar.json");
        run(() -> {
            set("http://h.com/", "a=0");
            await(jar.save(file));
            var saves = new ArrayList<Coroutine<Void>>();
            for (int i = 0; i < 50; i++) {
                saves.add(async(() -> {
                    set("http://h.com/", "a=1", "b=2", "c=3");
                    await(jar.save(file));
                    set("http://h.com/", "b=; Max-Age=0");
                    await(jar.save(file));
                    // Whatever is there is whole.
                    var reader = CookieJar.create();
                    await(reader.load(file));
                    assertTrue(reader.size() >= 2, () -> all(reader).toString());
                }));
            }
            await(gather(saves));
        });
        var last = CookieJar.create();
        run(() -> await(last.load(file)));
        assertEquals(all(jar), all(last));
        assertEquals(List.of("jar.json"), files());
    }

    @Test
    void otherJarsHaveNoFile() {
        assertThrows(
                UnsupportedOperationException.class, () -> CookieJar.dummy().save(directory.resolve("x")));
        assertThrows(
                UnsupportedOperationException.class, () -> CookieJar.dummy().load(directory.resolve("x")));
    }

    private static String entry(String fields) {
        return "{\"version\":1,\"cookies\":[{" + fields + "}]}";
    }

    private static CookieJar jarAt(String time) {
        return CookieJar.builder()
                .clock(Clock.fixed(Instant.parse(time), ZoneOffset.UTC))
                .build();
    }

    private void set(String url, String... headers) {
        jar.updateCookiesFromHeaders(List.of(headers), URI.create(url));
    }

    private static List<Cookie> all(CookieJar jar) {
        var cookies = new ArrayList<Cookie>();
        jar.forEach(cookies::add);
        return cookies;
    }

    private List<String> files() throws IOException {
        try (var files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
