package asyncio.file;

import static asyncio.Asyncio.*;
import static asyncio.file.AsyncFiles.*;
import static java.nio.charset.StandardCharsets.*;
import static org.junit.jupiter.api.Assertions.*;

import asyncio.AsyncIterable;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Files of text; the values in comments are what CPython 3.13 gives. */
@Timeout(120)
class TextFileTest {
    private static final byte[] MIXED = "one\ntwo\r\nthree\rfour\n\r\nfive".getBytes(US_ASCII);

    /** 'a', a wrong byte, 'b', two bytes of a character of three, 'c', three of a character of four. */
    private static final byte[] WRONG = {
        'a', (byte) 0xff, 'b', (byte) 0xe2, (byte) 0x82, 'c', (byte) 0xf0, (byte) 0x9f, (byte) 0x98
    };

    @TempDir
    private Path folder;

    private Path path;

    @BeforeEach
    void setPath() {
        path = folder.resolve("file");
    }

    private static List<String> all(AsyncIterable<String> items) {
        var texts = new ArrayList<String>();
        each(items).forEach(texts::add);
        return texts;
    }

    // list(open(p, newline=nl))
    @Test
    void endsLinesAsPythonDoes() throws Exception {
        Files.write(path, MIXED);
        var expected = Map.of(
                Newline.UNIVERSAL, List.of("one\n", "two\n", "three\n", "four\n", "\n", "five"),
                Newline.UNTRANSLATED, List.of("one\n", "two\r\n", "three\r", "four\n", "\r\n", "five"),
                Newline.LF, List.of("one\n", "two\r\n", "three\rfour\n", "\r\n", "five"),
                Newline.CR, List.of("one\ntwo\r", "\nthree\r", "four\n\r", "\nfive"),
                Newline.CRLF, List.of("one\ntwo\r\n", "three\rfour\n\r\n", "five"));
        run(() -> {
            for (var newline : Newline.values()) {
                try (var f = await(openText(path, "r", TextOptions.newline(newline)))) {
                    assertEquals(expected.get(newline), all(f), newline.toString());
                    assertEquals("", await(f.readline()));
                    assertEquals(0, await(f.seek(0)));
                    assertEquals(expected.get(newline), await(f.readlines()), newline.toString());
                    await(f.seek(0));
                    assertEquals(String.join("", expected.get(newline)), await(f.read()));
                }
            }
            assertEquals(List.of("one", "two", "three", "four", "", "five"), all(lines(path)));
            assertEquals(
                    List.of("one", "two", "three", "four", "", "five"),
                    all(lines(path, TextOptions.newline(Newline.UNTRANSLATED))));
            assertEquals(
                    List.of("one\ntwo", "\nthree", "four\n", "\nfive"),
                    all(lines(path, TextOptions.newline(Newline.CR))));
            assertEquals("one\ntwo\nthree\nfour\n\nfive", await(readText(path)));
        });
    }

    // with open(p, 'w', newline=nl) as f: f.write('a\nb\r\nc\rd')
    @Test
    @EnabledOnOs(OS.LINUX)
    void writesLineEndsAsPythonDoes() throws Exception {
        var expected = Map.of(
                Newline.UNIVERSAL, "a\nb\r\nc\rd",
                Newline.UNTRANSLATED, "a\nb\r\nc\rd",
                Newline.LF, "a\nb\r\nc\rd",
                Newline.CR, "a\rb\r\rc\rd",
                Newline.CRLF, "a\r\nb\r\r\nc\rd");
        run(() -> {
            for (var newline : Newline.values()) {
                var options = TextOptions.newline(newline);
                try (var f = await(openText(path, "w", options))) {
                    assertEquals(8, await(f.write("a\nb\r\nc\rd")));
                }
                assertEquals(expected.get(newline), Files.readString(path));
                await(writeText(path, "a\nb\r\nc\rd", options));
                assertEquals(expected.get(newline), Files.readString(path));
            }
        });
    }

    // open(p, encoding='utf-8', errors='replace').read() -> 'a\ufffdb\ufffdc\ufffd'; errors='ignore' -> 'abc'
    @Test
    void replacesOrIgnoresWhatIsNotText() throws Exception {
        Files.write(path, WRONG);
        run(() -> {
            for (var whole : List.of(true, false)) {
                var replacing = TextOptions.errors(CodingErrorAction.REPLACE);
                var ignoring = TextOptions.errors(CodingErrorAction.IGNORE);
                assertEquals("a\ufffdb\ufffdc\ufffd", whole ? await(readText(path, replacing)) : readSlowly(replacing));
                assertEquals("abc", whole ? await(readText(path, ignoring)) : readSlowly(ignoring));
            }
        });
    }

    private String readSlowly(TextOptions options) throws Exception {
        try (var f = await(openText(path, "r", options))) {
            var text = new StringBuilder();
            while (true) {
                var next = await(f.read(1));
                if (next.isEmpty()) return text.toString();
                text.append(next);
            }
        }
    }

    // 'utf-8' codec can't decode byte 0xff in position 1
    @Test
    void raisesWhatIsNotTextWhereItIs() throws Exception {
        Files.write(path, WRONG);
        run(() -> {
            try (var f = await(openText(path))) {
                for (int i = 0; i < 2; i++) {
                    var error = assertThrows(UnicodeDecodeException.class, () -> await(f.read()));
                    assertEquals("'UTF-8' codec can't decode byte 0xff in position 1", error.getMessage());
                    assertEquals(1, error.start());
                    assertArrayEquals(new byte[] {(byte) 0xff}, error.bytes());
                }
                assertEquals("a", await(f.read(1)));
                assertThrows(UnicodeDecodeException.class, () -> await(f.readline()));
                assertEquals(2, await(f.seek(2)));
                assertEquals("b", await(f.read(1)));
                assertEquals(
                        3,
                        assertThrows(UnicodeDecodeException.class, () -> await(f.read(1)))
                                .start());
                assertEquals(5, await(f.seek(5)));
                assertEquals(
                        6,
                        assertThrows(UnicodeDecodeException.class, () -> await(f.read(2)))
                                .start());
            }
            assertEquals(
                    1,
                    assertThrows(UnicodeDecodeException.class, () -> await(readText(path)))
                            .start());
        });
    }

    // 'ascii' codec can't encode character '\xe9' in position 1; errors='replace' -> b'a?b?c', 'ignore' -> b'abc'
    @Test
    void writesWhatTheCharsetHasNot() throws Exception {
        run(() -> {
            try (var f = await(openText(path, "w", US_ASCII))) {
                var error = assertThrows(UnicodeEncodeException.class, () -> await(f.write("a\u00e9b")));
                assertEquals("'US-ASCII' codec can't encode character U+00E9 in position 1", error.getMessage());
                assertEquals(1, error.start());
                await(f.write("ok"));
            }
            assertEquals("ok", Files.readString(path));
            var ascii = TextOptions.encoding(US_ASCII);
            try (var f = await(openText(path, "w", ascii.withErrors(CodingErrorAction.REPLACE)))) {
                await(f.write("a\u20acb\ud83d\ude00c"));
            }
            assertEquals("a?b?c", Files.readString(path));
            await(writeText(path, "a\u20acb\ud83d\ude00c", ascii.withErrors(CodingErrorAction.IGNORE)));
            assertEquals("abc", Files.readString(path));
            assertThrows(UnicodeEncodeException.class, () -> await(writeText(path, "\u20ac", ascii)));
            assertThrows(UnicodeEncodeException.class, () -> await(writeText(path, "half \ud83d")));
            assertEquals("abc", Files.readString(path));
        });
    }

    // [f.read(1) for _ in range(6)] of 'a€b😀c'; f.seek(0), f.read(2), f.tell() -> 0 'a€' 4
    @Test
    void countsCodePoints() throws Exception {
        Files.writeString(path, "a\u20acb\ud83d\ude00c");
        run(() -> {
            try (var f = await(openText(path))) {
                for (var c : List.of("a", "\u20ac", "b", "\ud83d\ude00", "c", "")) {
                    assertEquals(c, await(f.read(1)));
                }
                assertEquals(0, await(f.seek(0)));
                assertEquals("a\u20ac", await(f.read(2)));
                assertEquals(4, await(f.tell()));
                assertEquals("b\ud83d\ude00", await(f.read(2)));
                assertEquals(9, await(f.tell()));
            }
        });
    }

    // of b'\r\n\r\r\n\n': f.read(1) -> '\n' four times; with newline='' '\r', '\n', '\r', '\r', '\n', '\n'; readlines
    // '\r\n', '\r',
    // '\r\n', '\n'
    @Test
    void readsHalvesOfLineEnds() throws Exception {
        Files.writeString(path, "\r\n\r\r\n\n");
        run(() -> {
            try (var f = await(openText(path))) {
                for (var c : List.of("\n", "\n", "\n", "\n", "", "")) {
                    assertEquals(c, await(f.read(1)));
                }
            }
            try (var f = await(openText(path, "r", TextOptions.newline(Newline.UNTRANSLATED)))) {
                for (var c : List.of("\r", "\n", "\r", "\r", "\n", "\n", "")) {
                    assertEquals(c, await(f.read(1)));
                }
                await(f.seek(0));
                assertEquals(List.of("\r\n", "\r", "\r\n", "\n"), await(f.readlines()));
            }
        });
    }

    // with 'abc\ndef\nghi': readline(2) -> 'ab', 'c\n', 'de', 'f\n', 'gh', 'i', '', ''; readlines(5), readlines(4) ->
    // two lines, one
    @Test
    void readsPartsOfLines() throws Exception {
        Files.writeString(path, "abc\ndef\nghi");
        run(() -> {
            try (var f = await(openText(path))) {
                for (var part : List.of("ab", "c\n", "de", "f\n", "gh", "i", "", "")) {
                    assertEquals(part, await(f.readline(2)));
                }
                await(f.seek(0));
                assertEquals(List.of("abc\n", "def\n"), await(f.readlines(5)));
                assertEquals(List.of("ghi"), await(f.readlines(4)));
            }
        });
    }

    @Test
    void decodesCharactersThatLieAcrossPortions() throws Exception {
        // Portions have 32 KiB: at each of these sizes another byte of a character, or of a line end, is the last of
        // one.
        for (int lead = 32_760; lead < 32_772; lead++) {
            var text = "x".repeat(lead) + "\u20ac\ud83d\ude00\r\n\u00e9\r\n";
            Files.writeString(path, text);
            var expected = text.replace("\r\n", "\n");
            var where = "lead of " + lead;
            run(() -> {
                try (var f = await(openText(path))) {
                    assertEquals(expected, await(f.read()), where);
                    await(f.seek(0));
                    assertEquals(expected.lines().map(line -> line + "\n").toList(), await(f.readlines()), where);
                    await(f.seek(0));
                    assertEquals(expected.codePointCount(0, expected.length()), countByOne(f), where);
                }
            });
        }
    }

    private static int countByOne(TextFile f) {
        int count = 0;
        while (true) {
            var part = await(f.read(1000));
            if (part.isEmpty()) return count;
            count += part.codePointCount(0, part.length());
        }
    }

    @Test
    void findsMistakesThatLieAcrossPortions() throws Exception {
        for (int lead = 32_765; lead < 32_770; lead++) {
            var bytes = ("x".repeat(lead) + "\u20acy").getBytes(UTF_8);
            bytes[lead + 2] = 'z';
            Files.write(path, bytes);
            var at = lead;
            run(() -> {
                assertEquals(
                        at,
                        assertThrows(UnicodeDecodeException.class, () -> await(readText(path)))
                                .start());
                try (var f = await(openText(path))) {
                    assertEquals(
                            at,
                            assertThrows(UnicodeDecodeException.class, () -> await(f.read()))
                                    .start());
                }
                try (var f = await(openText(path, "r", TextOptions.errors(CodingErrorAction.REPLACE)))) {
                    assertEquals("x".repeat(at) + "\ufffdzy", await(f.read()));
                }
            });
        }
    }

    // open(p, 'w', encoding=…) with two writes: utf-16-le b'a\x00\xe9\x00b\x00', latin-1 b'a\xe9b', iso-2022-jp
    // b'a\x1b$BF|K\\\x1b(Bb\x1b$BF|'; utf-16 has one byte order mark. Java's UTF-16 is big-endian, and the last
    // sequence of ISO-2022-JP is ended here.
    @Test
    void knowsCharsetsWithState() throws Exception {
        run(() -> {
            write(UTF_16LE, "a\u00e9", "b");
            assertArrayEquals(new byte[] {'a', 0, (byte) 0xe9, 0, 'b', 0}, Files.readAllBytes(path));
            write(ISO_8859_1, "a\u00e9", "b");
            assertArrayEquals(new byte[] {'a', (byte) 0xe9, 'b'}, Files.readAllBytes(path));
            write(UTF_16, "a\u00e9", "b");
            assertArrayEquals(
                    new byte[] {(byte) 0xfe, (byte) 0xff, 0, 'a', 0, (byte) 0xe9, 0, 'b'}, Files.readAllBytes(path));
            try (var f = await(openText(path, "a", UTF_16))) {
                await(f.write("c"));
            }
            assertEquals("a\u00e9bc", await(readText(path, UTF_16)));
            assertEquals(10, Files.size(path));
            var japanese = Charset.forName("ISO-2022-JP");
            write(japanese, "a\u65e5\u672c", "b\u65e5");
            assertEquals("a\033$BF|K\\\033(Bb\033$BF|\033(B", Files.readString(path, ISO_8859_1));
            try (var f = await(openText(path, "r", japanese))) {
                assertEquals("a\u65e5\u672cb\u65e5", await(f.read()));
            }
        });
    }

    private void write(Charset charset, String... texts) throws Exception {
        try (var f = await(openText(path, "w", charset))) {
            await(f.writelines(List.of(texts)));
        }
    }

    @Test
    void tellsPositionsToGoBackTo() throws Exception {
        var random = new Random(7);
        var text = new StringBuilder();
        var units = List.of("a", "\u00e9", "\u20ac", "\ud83d\ude00", "\r\n", "\r", "\n", "lines of text ");
        while (text.length() < 100_000) {
            text.append(units.get(random.nextInt(units.size())));
        }
        Files.writeString(path, text);
        run(() -> {
            try (var f = await(openText(path))) {
                var whole = await(f.read());
                var positions = new ArrayList<Long>();
                var before = new ArrayList<Integer>();
                await(f.seek(0));
                int read = 0;
                while (true) {
                    positions.add(await(f.tell()));
                    before.add(read);
                    var part = random.nextBoolean() ? await(f.readline()) : await(f.read(random.nextInt(900) + 1));
                    read += part.length();
                    if (part.isEmpty()) break;
                }
                assertEquals(whole.length(), read);
                assertEquals(Files.size(path), positions.get(positions.size() - 1));
                for (int i = 0; i < positions.size(); i += 40) {
                    assertEquals(positions.get(i), await(f.seek(positions.get(i))));
                    assertEquals(whole.substring(before.get(i)), await(f.read()));
                }
            }
        });
    }

    @Test
    void writesWhereItWasReadTo() throws Exception {
        Files.writeString(path, "\u20acbc\ndef");
        run(() -> {
            try (var f = await(openText(path, "r+"))) {
                assertEquals("\u20acb", await(f.read(2)));
                await(f.write("X"));
                assertEquals(5, await(f.tell()));
                assertEquals("\n", await(f.readline()));
                assertEquals(6, await(f.truncate()));
                assertEquals(6, await(f.size()));
                assertEquals(6, await(f.seek(0, Whence.SEEK_END)));
                assertThrows(IllegalArgumentException.class, () -> await(f.seek(-1, Whence.SEEK_END)));
            }
        });
        assertEquals("\u20acbX\n", Files.readString(path));
    }

    @Test
    void stopsReadingWhereTheIteratorIsLeft() throws Exception {
        Files.write(path, MIXED);
        run(() -> {
            var left = new ArrayList<asyncio.AsyncGenerator<String>>();
            with(aclosing(lines(path)), lines -> {
                left.add(lines);
                for (var line : each(lines)) {
                    assertEquals("one", line);
                    break;
                }
            });
            assertThrows(
                    asyncio.StopAsyncIteration.class, () -> await(left.get(0).anext()));
            with(await(openText(path)), f -> {
                assertEquals("r", f.mode());
                assertEquals(TextOptions.DEFAULT, f.options());
                assertEquals("<TextFile name='" + path + "' mode='r' encoding='UTF-8'>", f.toString());
            });
        });
    }
}
