package asyncio.file;

import static asyncio.Asyncio.*;
import static asyncio.file.AsyncFiles.*;
import static asyncio.file.TextOptions.UTF_8_SIG;
import static java.nio.charset.StandardCharsets.*;
import static org.junit.jupiter.api.Assertions.*;

import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Charsets with byte order marks and states, and what they do not have; the values in comments are what CPython 3.13
 * gives.
 */
@Timeout(120)
class TextCharsetsTest {
    private static final Charset JAPANESE = Charset.forName("ISO-2022-JP");
    private static final Charset UTF_16LE_MARKED = Charset.forName("x-UTF-16LE-BOM");

    @TempDir
    private Path folder;

    private Path path;

    @BeforeEach
    void setPath() {
        path = folder.resolve("file");
    }

    private void write(TextOptions options, String... texts) throws Exception {
        try (var f = await(openText(path, "w", options))) {
            for (var text : texts) {
                await(f.write(text));
            }
        }
    }

    private void assertBytes(String expected) throws Exception {
        assertEquals(expected, HexFormat.of().formatHex(Files.readAllBytes(path)));
    }

    private void writeAround(Charset charset, String first, String wrong, String second) throws Exception {
        try (var f = await(openText(path, "w", charset))) {
            await(f.write(first));
            assertThrows(UnicodeEncodeException.class, () -> await(f.write(wrong)));
            await(f.write(second));
        }
    }

    // 'ok', 'é', 'b' in ASCII: b'okb'; 'a', '\ud83d', 'b' in UTF-16: a mark and 'ab'; ISO-2022-JP: one escape sequence
    // for both
    @Test
    void goesOnAfterATextThatCannotBeEncoded() throws Exception {
        run(() -> {
            writeAround(US_ASCII, "ok", "\u00e9", "b");
            assertBytes("6f6b62");
            writeAround(UTF_16, "a", "\ud83d", "b");
            assertBytes("feff00610062");
            writeAround(JAPANESE, "\u65e5", "\u672c\ud83d", "\u672c");
            assertBytes("1b2442467c4b5c1b2842");
        });
    }

    @Test
    void closesAfterATextThatCannotBeEncoded() throws Exception {
        run(() -> {
            for (var charset : List.of(US_ASCII, UTF_16, JAPANESE, UTF_8_SIG)) {
                var f = await(openText(path, "w", charset));
                assertThrows(UnicodeEncodeException.class, () -> await(f.write("\ud83d")));
                f.close();
                assertTrue(f.closed());
                assertBytes("");
            }
        });
    }

    // errors='replace' writes '?' in every charset
    @Test
    void replacesByAQuestionMarkInEveryCharset() throws Exception {
        var options = TextOptions.errors(CodingErrorAction.REPLACE);
        run(() -> {
            write(options.withEncoding(UTF_16LE), "a\ud83db");
            assertBytes("61003f006200");
            write(options.withEncoding(UTF_16), "a\ud83db");
            assertBytes("feff0061003f0062");
            write(options.withEncoding(Charset.forName("UTF-32LE")), "\ud83d");
            assertBytes("3f000000");
            write(options.withEncoding(UTF_8), "a\ud83db");
            assertBytes("613f62");
            write(options.withEncoding(JAPANESE), "\u65e5\u20ac\u672c");
            assertBytes("1b2442467c1b28423f1b24424b5c1b2842");
            write(options.withEncoding(Charset.forName("Shift_JIS")), "a\u20ac\ud83d\ude00b");
            assertBytes("613f3f62");
        });
    }

    // open(p, encoding='utf-16') of a little-endian file: readline, tell, read(1), tell, and from there again
    @Test
    void knowsTheByteOrderBehindASeek() throws Exception {
        for (var charset : List.of(UTF_16LE, UTF_16BE, Charset.forName("UTF-32LE"), Charset.forName("UTF-32BE"))) {
            Files.write(path, "\ufeffa\n\u20acb\ncd".getBytes(charset));
            var marked = Charset.forName(charset.name().substring(0, 6));
            run(() -> {
                try (var f = await(openText(path, "r", marked))) {
                    assertEquals("a\n", await(f.readline()));
                    var first = await(f.tell());
                    assertEquals("\u20ac", await(f.read(1)));
                    var second = await(f.tell());
                    assertEquals("b\ncd", await(f.read()));
                    await(f.seek(first));
                    assertEquals("\u20acb\n", await(f.readline()));
                    await(f.seek(second));
                    assertEquals("b", await(f.read(1)));
                    assertEquals("\ncd", await(f.read()));
                    await(f.seek(0));
                    assertEquals("a\n\u20acb\ncd", await(f.read()));
                }
            });
        }
    }

    @Test
    void writesNoByteOrderMarkInside() throws Exception {
        run(() -> {
            for (var charset : List.of(UTF_16, UTF_16LE_MARKED, UTF_8_SIG)) {
                var options = TextOptions.encoding(charset);
                write(options, "a", "b");
                try (var f = await(openText(path, "a", options))) {
                    await(f.write("c"));
                }
                await(appendText(path, "d", options));
                assertEquals("abcd", await(readText(path, charset)), charset.name());
            }
            Files.delete(path);
            await(appendText(path, "d", TextOptions.encoding(UTF_8_SIG)));
            assertBytes("efbbbf64");
        });
    }

    // b'\xef\xbb\xbfa\r\n\xef\xbb\xbfb' is 'a\n\ufeffb' in 'utf-8-sig'; 'a', 'b' and, appended, 'c' are
    // b'\xef\xbb\xbfabc'
    @Test
    void takesTheMarkOfUtf8Away() throws Exception {
        run(() -> {
            Files.write(path, "\ufeffa\r\n\ufeffb".getBytes(UTF_8));
            assertEquals("a\n\ufeffb", await(readText(path, UTF_8_SIG)));
            try (var f = await(openText(path, "r", UTF_8_SIG))) {
                assertEquals("a", await(f.read(1)));
                assertEquals(4, await(f.tell()));
                assertEquals("\n", await(f.readline()));
                await(f.seek(0));
                assertEquals("a\n", await(f.readline()));
            }
            Files.writeString(path, "ab");
            assertEquals("ab", await(readText(path, UTF_8_SIG)));
            Files.write(path, new byte[0]);
            assertEquals("", await(readText(path, UTF_8_SIG)));
            Files.write(path, new byte[] {(byte) 0xef, (byte) 0xbb, (byte) 0xbe, 'x'});
            assertEquals("\ufefex", await(readText(path, UTF_8_SIG)));
            Files.write(path, new byte[] {'a', (byte) 0xff});
            var error = assertThrows(UnicodeDecodeException.class, () -> await(readText(path, UTF_8_SIG)));
            assertEquals(1, error.start());
            await(writeText(path, "\u20ac", TextOptions.encoding(UTF_8_SIG)));
            assertBytes("efbbbfe282ac");
            await(replaceText(path, "x", TextOptions.encoding(UTF_8_SIG)));
            assertBytes("efbbbf78");
        });
        assertEquals("\u20ac", new String("\ufeff\u20ac".getBytes(UTF_8), UTF_8_SIG));
        assertEquals("\u20ac", UTF_8_SIG.decode(UTF_8_SIG.encode("\u20ac")).toString());
    }

    // '😀\n' four times: len(readlines(3)) is 2, len(readlines(4)) is 3
    @Test
    void countsCodePointsOfLines() throws Exception {
        Files.writeString(path, "\ud83d\ude00\n".repeat(4));
        run(() -> {
            try (var f = await(openText(path))) {
                assertEquals(2, await(f.readlines(3)).size());
                await(f.seek(0));
                assertEquals(3, await(f.readlines(4)).size());
            }
        });
    }

    // f.read(1); f.close(); f.tell() raises ValueError
    @Test
    void refusesToTellThePositionOfAClosedFile() throws Exception {
        Files.writeString(path, "abc");
        run(() -> {
            var f = await(openText(path));
            await(f.read(1));
            await(f.aclose());
            var error = assertThrows(IllegalStateException.class, () -> await(f.tell()));
            assertTrue(error.getMessage().startsWith("I/O operation on closed file"), error.getMessage());
        });
    }
}
