package asyncio.file;

import static asyncio.Asyncio.*;
import static asyncio.file.AsyncFiles.*;
import static org.junit.jupiter.api.Assertions.*;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Random operations on a file do what they do on an array. */
@Timeout(120)
class RandomFilesTest {
    private static final int PROGRAMS = 100 / Integer.getInteger("asyncio.tests.divisor", 1);

    @TempDir
    private Path folder;

    /** A file as it should be. */
    private static final class Model {
        private byte[] content = new byte[0];
        private int position;

        byte[] read(int count) {
            var end = Math.min((long) position + count, content.length);
            if (end <= position) return new byte[0];
            var bytes = Arrays.copyOfRange(content, position, (int) end);
            position = (int) end;
            return bytes;
        }

        byte[] readline() {
            int end = position;
            while (end < content.length && content[end] != '\n') end++;
            return read(Math.min(end + 1, Math.max(content.length, position)) - position);
        }

        void write(byte[] bytes) {
            if (bytes.length == 0) return;
            if (position + bytes.length > content.length) content = Arrays.copyOf(content, position + bytes.length);
            System.arraycopy(bytes, 0, content, position, bytes.length);
            position += bytes.length;
        }
    }

    @Test
    void doesWhatAnArrayDoes() throws Exception {
        for (int seed = 0; seed < PROGRAMS; seed++) {
            play(seed);
        }
    }

    private void play(int seed) throws Exception {
        var random = new Random(seed);
        var path = folder.resolve("file" + seed % 3);
        var model = new Model();
        run(() -> {
            try (var f = seed % 4 == 3 ? await(spooledTemporaryFile(200_000)) : await(open(path, "wb+"))) {
                for (int i = 0; i < 60; i++) {
                    step(random, f, model, "program " + seed + ", step " + i);
                }
                if (seed % 4 == 3) {
                    await(f.seek(0));
                    assertArrayEquals(model.content, await(f.read()));
                }
            }
        });
        if (seed % 4 != 3) assertArrayEquals(model.content, Files.readAllBytes(path), "program " + seed);
    }

    private static int size(Random random) {
        return switch (random.nextInt(6)) {
            case 0 -> random.nextInt(10);
            case 1, 2 -> random.nextInt(5000);
            case 3 -> 65_536;
            case 4 -> random.nextInt(600_000);
            default -> random.nextInt(50) == 0 ? 1_500_000 : random.nextInt(100_000);
        };
    }

    private static void step(Random random, BinaryFile f, Model model, String where) {
        int size = size(random);
        switch (random.nextInt(12)) {
            case 0, 1, 2 -> assertArrayEquals(model.read(size), await(f.read(size)), where + ": read " + size);
            case 3 -> assertArrayEquals(model.readline(), await(f.readline()), where + ": readline");
            case 4, 5, 6 -> {
                var bytes = new byte[size];
                for (int i = 0; i < size; i++) {
                    bytes[i] = (byte) (i % 3001 == 3000 ? '\n' : 'a' + (i + size) % 26);
                }
                model.write(bytes);
                assertEquals(size, await(f.write(bytes)));
                Arrays.fill(bytes, (byte) 0);
            }
            case 7 -> {
                model.position = random.nextInt(model.content.length + 10);
                assertEquals(model.position, await(f.seek(model.position)));
            }
            case 8 -> {
                int distance = random.nextInt(2000) - Math.min(1000, model.position);
                model.position += distance;
                assertEquals(model.position, await(f.seek(distance, Whence.SEEK_CUR)));
            }
            case 9 -> {
                int length = random.nextInt(model.content.length + 5);
                model.content = Arrays.copyOf(model.content, length);
                assertEquals(length, await(f.truncate(length)));
            }
            case 10 -> {
                var buffer = ByteBuffer.allocate(size);
                var expected = model.read(size);
                assertEquals(expected.length, await(f.readinto(buffer)), where + ": readinto");
                assertArrayEquals(expected, Arrays.copyOf(buffer.array(), expected.length), where + ": readinto");
            }
            default -> {
                if (random.nextBoolean()) await(f.flush());
                assertEquals(model.content.length, await(f.size()), where + ": size");
            }
        }
        assertEquals(model.position, await(f.tell()), where + ": tell");
    }
}
