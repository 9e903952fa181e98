package asyncio.file;

import static asyncio.Asyncio.*;
import static asyncio.file.AsyncFiles.*;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.*;

import asyncio.AsyncIterable;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Files of bytes; the values in comments are what CPython 3.13 gives. */
@Timeout(120)
class BinaryFileTest {
    @TempDir
    private Path folder;

    private Path path;

    @BeforeEach
    void tenDigits() throws Exception {
        path = folder.resolve("file");
        Files.writeString(path, "0123456789");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(US_ASCII);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, US_ASCII);
    }

    private static List<String> all(AsyncIterable<byte[]> items) {
        var texts = new ArrayList<String>();
        for (var item : each(items)) {
            texts.add(text(item));
        }
        return texts;
    }

    private static byte[] random(int size) {
        var bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    // with open(p, 'r+b') as f:
    //     f.read(3), f.tell(), f.write(b'ab'), f.tell(), f.read(2), f.seek(-2, 2), f.read(), f.seek(12), f.write(b'x'),
    // f.tell(),
    //     f.truncate(5), f.tell(), f.seek(0), f.read()
    // b'012' 3 2 5 b'56' 8 b'89' 12 1 13 5 13 0 b'012ab'
    @Test
    void readsAndWritesAtOnePosition() throws Exception {
        run(() -> {
            try (var f = await(open(path, "r+b"))) {
                assertEquals("012", text(await(f.read(3))));
                assertEquals(3, await(f.tell()));
                assertEquals(2, await(f.write(bytes("ab"))));
                assertEquals(5, await(f.tell()));
                assertEquals("56", text(await(f.read(2))));
                assertEquals(8, await(f.seek(-2, Whence.SEEK_END)));
                assertEquals("89", text(await(f.read())));
                assertEquals(12, await(f.seek(12)));
                assertEquals(1, await(f.write(bytes("x"))));
                assertEquals(13, await(f.tell()));
                assertEquals(5, await(f.truncate(5)));
                assertEquals(13, await(f.tell()));
                assertEquals(0, await(f.seek(0)));
                assertEquals("012ab", text(await(f.read())));
            }
        });
        assertEquals("012ab", Files.readString(path));
    }

    // with open(p, 'a+b') as f:
    //     f.tell(), f.read(), f.seek(0), f.read(2), f.write(b'xy'), f.tell(), f.read(), f.seek(1), f.write(b'z'),
    // f.flush(),
    //     f.tell(), f.seek(0), f.read()
    // 10 b'' 0 b'01' 2 4 b'456789' 1 1 None 13 0 b'0123456789xyz', where the 4 and what is read from there are of a
    // buffer
    // that does not know of O_APPEND
    @Test
    void appendsWhateverThePosition() throws Exception {
        run(() -> {
            try (var f = await(open(path, "a+b"))) {
                assertEquals(10, await(f.tell()));
                assertEquals("", text(await(f.read())));
                assertEquals(0, await(f.seek(0)));
                assertEquals("01", text(await(f.read(2))));
                assertEquals(2, await(f.write(bytes("xy"))));
                assertEquals(12, await(f.tell()));
                assertEquals("", text(await(f.read())));
                assertEquals(1, await(f.seek(1)));
                assertEquals(1, await(f.write(bytes("z"))));
                await(f.flush());
                assertEquals(13, await(f.tell()));
                assertEquals(0, await(f.seek(0)));
                assertEquals("0123456789xyz", text(await(f.read())));
            }
        });
    }

    // f = open(p, 'a+b'); f.seek(1), f.write(b''), f.tell(), f.read()
    // 1 0 1 b'123456789'
    @Test
    void appendsNothingWithoutMoving() throws Exception {
        run(() -> {
            try (var f = await(open(path, "a+b"))) {
                await(f.seek(1));
                assertEquals(0, await(f.write(new byte[0])));
                assertEquals(1, await(f.tell()));
                assertEquals("123456789", text(await(f.read())));
            }
        });
    }

    // with open(p, 'w+b') as f:
    //     f.write(b'hello'), f.seek(0), f.read(), f.truncate(2), f.tell(), f.seek(0), f.read(), f.truncate(4),
    // f.seek(0), f.read()
    // 5 0 b'hello' 2 5 0 b'he' 4 0 b'he\x00\x00'
    @Test
    void writesAnew() throws Exception {
        run(() -> {
            try (var f = await(open(path, "w+b"))) {
                assertEquals(5, await(f.write(bytes("hello"))));
                assertEquals(0, await(f.seek(0)));
                assertEquals("hello", text(await(f.read())));
                assertEquals(2, await(f.truncate(2)));
                assertEquals(5, await(f.tell()));
                assertEquals(0, await(f.seek(0)));
                assertEquals("he", text(await(f.read())));
                assertEquals(4, await(f.truncate(4)));
                assertEquals(0, await(f.seek(0)));
                assertEquals("he\0\0", text(await(f.read())));
            }
        });
    }

    // with b'he\x00\x00': f.peek()[:4], f.tell(), f.read(1), f.read1(), f.read(0), f.read()
    // b'he\x00\x00' 0 b'h' b'e\x00\x00' b'' b''
    @Test
    void peeksAndReadsWhatIsThere() throws Exception {
        Files.writeString(path, "he\0\0");
        run(() -> {
            try (var f = await(open(path))) {
                assertEquals("he\0\0", text(await(f.peek())));
                assertEquals(0, await(f.tell()));
                assertEquals("h", text(await(f.read(1))));
                assertEquals("e\0\0", text(await(f.read1(-1))));
                assertEquals("", text(await(f.read(0))));
                assertEquals("", text(await(f.read())));
                assertEquals("", text(await(f.peek())));
                assertEquals("", text(await(f.read1(5))));
            }
        });
    }

    // with b'abc\ndef\nghi': f.readline(2) eight times -> b'ab', b'c\n', b'de', b'f\n', b'gh', b'i', b'', b''
    // f.readlines(4), f.readlines(), f.readlines() -> [b'abc\n', b'def\n'] [b'ghi'] []
    @Test
    void readsLines() throws Exception {
        Files.writeString(path, "abc\ndef\nghi");
        run(() -> {
            try (var f = await(open(path))) {
                for (var part : List.of("ab", "c\n", "de", "f\n", "gh", "i", "", "")) {
                    assertEquals(part, text(await(f.readline(2))));
                }
                await(f.seek(0));
                assertEquals(2, await(f.readlines(4)).size());
                assertEquals(1, await(f.readlines()).size());
                assertEquals(List.of(), await(f.readlines()));
                await(f.seek(0));
                assertEquals(List.of("abc\n", "def\n", "ghi"), all(f));
                await(f.seek(0));
                assertEquals(List.of("abc\nd", "ef\ngh", "i"), all(f.chunks(5)));
            }
        });
    }

    @Test
    void readsLinesThatAreLongerThanEveryBuffer() throws Exception {
        var line = "x".repeat(700_000);
        Files.writeString(path, line + "\n" + line + "y\n\nend");
        run(() -> {
            try (var f = await(open(path))) {
                assertEquals(line + "\n", text(await(f.readline())));
                assertEquals(line + "y\n", text(await(f.readline())));
                assertEquals("\n", text(await(f.readline())));
                assertEquals("end", text(await(f.readline())));
                assertEquals("", text(await(f.readline())));
            }
        });
    }

    @Test
    void copiesByEverySizeOfPortion() throws Exception {
        var content = random(3_000_001);
        Files.write(path, content);
        var copy = folder.resolve("copy");
        run(() -> {
            for (int size : List.of(1000, 65_536, 100_000, 1 << 20, 2_000_000)) {
                try (var from = await(open(path));
                        var to = await(open(copy, "wb"))) {
                    for (var chunk : each(from.chunks(size))) {
                        assertEquals(chunk.length, await(to.write(chunk)));
                        // It was taken: what becomes of the array does not matter.
                        Arrays.fill(chunk, (byte) 0);
                    }
                }
                assertArrayEquals(content, await(readBytes(copy)), "portions of " + size);
                var buffer = ByteBuffer.allocate(size);
                try (var from = await(open(path));
                        var to = await(open(copy, "wb"))) {
                    while (await(from.readinto(buffer)) > 0) {
                        await(to.write(buffer.flip()));
                        assertFalse(buffer.hasRemaining());
                        buffer.clear();
                    }
                }
                assertArrayEquals(content, await(readBytes(copy)), "buffers of " + size);
            }
        });
    }

    @Test
    void takesJavasOptions() throws Exception {
        run(() -> {
            try (var f = await(open(path, StandardOpenOption.WRITE))) {
                assertEquals("wb", f.mode());
                await(f.write(bytes("ab")));
            }
            assertEquals("ab23456789", Files.readString(path));
            try (var f = await(open(path, StandardOpenOption.READ, StandardOpenOption.WRITE))) {
                assertEquals("rb+", f.mode());
                assertEquals("ab", text(await(f.read(2))));
            }
            try (var f = await(open(path, StandardOpenOption.APPEND))) {
                assertEquals("ab", f.mode());
                await(f.write(bytes("x")));
            }
            assertEquals("ab23456789x", Files.readString(path));
            try (var f = await(open(path))) {
                assertEquals("<BinaryFile name='" + path + "' mode='rb'>", f.toString());
                assertEquals(11, await(f.size()));
                assertTrue(f.readable() && f.seekable() && !f.writable() && !f.closed());
            }
        });
    }

    @Test
    void seesWhatAnotherProgramAppends() throws Exception {
        run(() -> {
            try (var f = await(open(path))) {
                assertEquals("0123456789", text(await(f.read())));
                assertEquals("", text(await(f.read(5))));
                Files.writeString(path, "abc", StandardOpenOption.APPEND);
                assertEquals("abc", text(await(f.read(5))));
                assertEquals("", text(await(f.readline())));
                Files.writeString(path, "de\n", StandardOpenOption.APPEND);
                assertEquals("de\n", text(await(f.readline())));
            }
        });
    }

    @Test
    void readsWhatHasNoSize() throws Exception {
        // A regular file of 0 bytes, as stat says, with more in it than one read gives.
        var proc = Path.of("/proc/self/maps");
        org.junit.jupiter.api.Assumptions.assumeTrue(Files.exists(proc));
        run(() -> {
            try (var f = await(open(proc))) {
                assertTrue(await(f.read()).length > 5000);
                await(f.seek(0));
                assertTrue(await(f.readlines()).size() > 50);
            }
        });
    }

    @Test
    void closesItselfAndOnce() throws Exception {
        run(() -> {
            var f = await(open(path, "wb"));
            with(f, g -> {
                assertSame(f, g);
                await(g.write(bytes("x")));
            });
            assertTrue(f.closed());
            assertEquals("x", Files.readString(path));
            f.close();
            await(f.aclose());
            assertTrue(f.toString().endsWith(" closed>"));
        });
    }

    @Test
    void oneOperationAfterTheOther() throws Exception {
        run(() -> {
            try (var f = await(open(path, "wb+"))) {
                var writes = new ArrayList<asyncio.Coroutine<Integer>>();
                for (int i = 0; i < 100; i++) {
                    writes.add(f.write(
                            ("" + i % 10).repeat(i % 2 == 0 ? 10 : 40_000).getBytes(US_ASCII)));
                }
                await(gather(writes));
                await(f.seek(0));
                for (int i = 0; i < 100; i++) {
                    assertEquals(
                            ("" + i % 10).repeat(i % 2 == 0 ? 10 : 40_000),
                            text(await(f.read(i % 2 == 0 ? 10 : 40_000))));
                }
            }
        });
    }
}
