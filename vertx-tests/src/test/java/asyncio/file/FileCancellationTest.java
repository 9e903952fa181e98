package asyncio.file;

import static asyncio.Asyncio.*;
import static asyncio.file.AsyncFiles.*;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.*;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import asyncio.CancelledError;
import asyncio.Task;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Cancellations, everywhere. A pipe is a file that waits as long as a test wants. */
@Timeout(120)
@EnabledOnOs(OS.LINUX)
class FileCancellationTest {
    @TempDir
    private Path folder;

    private Path path;
    private Path pipe;

    @BeforeEach
    void makeFiles() throws Exception {
        path = folder.resolve("file");
        Files.writeString(path, "0123456789".repeat(100_000));
        pipe = folder.resolve("pipe");
        assumeTrue(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() == 0);
    }

    private long openFiles() throws IOException {
        try (var all = Files.list(Path.of("/proc/self/fd"))) {
            return all.filter(fd -> {
                        try {
                            return Files.readSymbolicLink(fd).startsWith(folder);
                        } catch (IOException gone) {
                            return false;
                        }
                    })
                    .count();
        }
    }

    private void awaitOpen(int count) throws Exception {
        while (openFiles() != count) {
            await(sleep(Duration.ofMillis(1)));
        }
    }

    private static boolean isAPipeBeingOpened() {
        for (var stack : Thread.getAllStackTraces().entrySet()) {
            if (stack.getKey().getName().startsWith("asyncio-pipe")) {
                for (var frame : stack.getValue()) {
                    if (frame.getMethodName().equals("newByteChannel")) return true;
                }
            }
        }
        return false;
    }

    private static void cancel(Task<?> task) {
        task.cancel();
        assertThrows(CancelledError.class, () -> await(task));
    }

    /** The task has come to its first wait. */
    private static <T> Task<T> started(Callable<T> body) {
        var task = createTask(async(body));
        await(sleep(Duration.ZERO));
        return task;
    }

    @Test
    void readsOfAPipeLoseNothing() throws Exception {
        run(() -> {
            var opening = createTask(open(pipe));
            var writer = await(toThread(() -> Files.newOutputStream(pipe)));
            try (var f = await(opening)) {
                assertFalse(f.seekable());
                assertThrows(UnsupportedOperationException.class, () -> await(f.seek(0)));
                cancel(started(() -> await(f.read(5))));
                cancel(started(() -> await(f.readline())));
                cancel(started(() -> await(f.read())));
                writer.write("one\ntwo\nthree".getBytes(US_ASCII));
                assertEquals("one\n", new String(await(f.readline()), US_ASCII));
                assertEquals("tw", new String(await(f.read(2)), US_ASCII));
                var waiting = started(() -> await(f.read(20)));
                cancel(waiting);
                writer.write("!".getBytes(US_ASCII));
                writer.close();
                assertEquals("o\nthree!", new String(await(f.read()), US_ASCII));
            }
        });
    }

    @Test
    void textOfAPipeLosesNothing() throws Exception {
        run(() -> {
            var opening = createTask(openText(pipe));
            var writer = await(toThread(() -> Files.newOutputStream(pipe)));
            try (var f = await(opening)) {
                writer.write(new byte[] {'a', (byte) 0xe2});
                cancel(started(() -> await(f.readline())));
                assertEquals("a", await(f.read(1)));
                cancel(started(() -> await(f.read(1))));
                writer.write(new byte[] {(byte) 0x82});
                cancel(started(() -> await(f.read())));
                writer.write(new byte[] {(byte) 0xac, '\r'});
                assertEquals("\u20ac", await(f.read(1)));
                cancel(started(() -> await(f.readline())));
                writer.close();
                assertEquals("\n", await(f.read()));
            }
        });
    }

    @Test
    void closingBreaksOffTheReadOfAPipe() throws Exception {
        run(() -> {
            var opening = createTask(open(pipe));
            try (OutputStream writer = await(toThread(() -> Files.newOutputStream(pipe)))) {
                var f = await(opening);
                var reader = started(() -> await(f.read(5)));
                await(f.aclose());
                assertThrows(IllegalStateException.class, () -> await(reader));
                awaitOpen(1);
            }
        });
        assertEquals(0, openFiles());
    }

    @Test
    void theLoopEndsThoughAPipeIsRead() throws Exception {
        var writers = new ArrayList<OutputStream>();
        run(() -> {
            var opening = createTask(open(pipe));
            writers.add(await(toThread(() -> Files.newOutputStream(pipe))));
            var f = await(opening);
            started(() -> await(f.read(5)));
        });
        assertEquals(1, openFiles());
        writers.get(0).close();
    }

    @Test
    void anOpeningThatNobodyWantsIsClosed() throws Exception {
        run(() -> {
            var opening = started(() -> await(open(pipe)));
            while (!isAPipeBeingOpened()) {
                await(sleep(Duration.ofMillis(1)));
            }
            cancel(opening);
            // It opens when there is another side, and is closed.
            FileChannel.open(pipe, StandardOpenOption.READ, StandardOpenOption.WRITE)
                    .close();
            while (isAPipeBeingOpened()) {
                await(sleep(Duration.ofMillis(1)));
            }
            awaitOpen(0);
            // Cancelled before a thread has begun: the file is not even emptied.
            var emptying = createTask(open(path, "w"));
            emptying.cancel();
            assertThrows(CancelledError.class, () -> await(emptying));
            assertEquals(1_000_000, Files.size(path));
        });
        assertEquals(0, openFiles());
    }

    /** Each of these reads needs more than was read ahead, at least to find the end. */
    @Test
    void aCancelledReadTakesNothing() throws Exception {
        run(() -> {
            try (var f = await(open(path))) {
                for (int size : List.of(10, 70_000, 600_000, 2_000_000, -1)) {
                    await(f.seek(3));
                    cancel(started(() -> await(f.read(size))));
                    assertEquals(3, await(f.tell()), "read " + size);
                    assertEquals("345", new String(await(f.read(3)), US_ASCII));
                    assertEquals(6, await(f.tell()));
                    cancel(started(() -> await(f.readline())));
                    cancel(started(() -> await(f.readinto(java.nio.ByteBuffer.allocate(1_040_000)))));
                    assertEquals("67", new String(await(f.read(2)), US_ASCII));
                }
            }
            try (var f = await(openText(path))) {
                for (int size : List.of(70_000, -1)) {
                    await(f.seek(3));
                    cancel(started(() -> await(f.read(size))));
                    cancel(started(() -> await(f.readline())));
                    assertEquals(3, await(f.tell()));
                    assertEquals("345", await(f.read(3)));
                }
            }
        });
        assertEquals(0, openFiles());
    }

    @Test
    void aCancelledWriteIsWholeOrNotThere() throws Exception {
        run(() -> {
            int written = 0;
            var f = await(open(path, "w+"));
            for (int i = 0; i < 200; i++) {
                var letter = (byte) ('a' + i % 26);
                var data = new byte[100_000];
                java.util.Arrays.fill(data, letter);
                var task = createTask(f.write(data));
                await(sleep(Duration.ZERO));
                var cancelled = task.cancel();
                try {
                    await(task);
                } catch (CancelledError error) {
                    assertTrue(cancelled);
                    continue;
                }
                written++;
            }
            await(f.aclose());
            var content = await(readBytes(path));
            assertEquals(written * 100_000L, content.length);
            for (int i = 0; i < content.length; i++) {
                assertEquals(content[i - i % 100_000], content[i]);
            }
        });
    }

    @Test
    void aCancelledOneOfManyLeavesTheOthers() throws Exception {
        run(() -> {
            try (var f = await(open(path))) {
                var tasks = new ArrayList<Task<byte[]>>();
                for (int i = 0; i < 10; i++) {
                    tasks.add(createTask(f.read(100_000)));
                }
                await(sleep(Duration.ZERO));
                for (int i = 0; i < 10; i += 2) {
                    tasks.get(i).cancel();
                }
                for (int i = 0; i < 10; i++) {
                    var task = tasks.get(i);
                    if (i % 2 == 0) assertThrows(CancelledError.class, () -> await(task));
                    else assertEquals(100_000, await(task).length);
                }
                assertEquals(500_000, await(f.tell()));
            }
        });
    }

    @Test
    void aCancelledClosingGoesOn() throws Exception {
        run(() -> {
            for (int i = 0; i < 20; i++) {
                var f = await(open(path, "w"));
                await(f.write(new byte[300_000]));
                cancel(started(() -> await(f.aclose())));
                assertTrue(f.closed());
                await(f.aclose());
                assertEquals(300_000, Files.size(path));
                assertEquals(0, openFiles());
            }
        });
    }

    @Test
    void aCancelledReplacementLeavesTheOldFile() throws Exception {
        run(() -> {
            var old = await(readBytes(path));
            for (int i = 0; i < 10; i++) {
                int steps = i;
                var task = createTask(async(() -> with(replacing(path), f -> {
                    for (int j = 0; ; j++) {
                        await(f.write(new byte[300_000]));
                    }
                })));
                for (int j = 0; j < steps; j++) {
                    await(sleep(Duration.ZERO));
                }
                cancel(task);
                assertArrayEquals(old, await(readBytes(path)));
                assertEquals(2, await(AsyncOs.listdir(folder)).size(), "the file and the pipe");
            }
            assertEquals(0, openFiles());
        });
    }

    @Test
    void aCancelledCopyStops() throws Exception {
        var large = folder.resolve("large");
        var copy = folder.resolve("copy");
        Files.write(large, new byte[20_000_000]);
        run(() -> {
            var heard = new ArrayList<Long>();
            var self = new ArrayList<Task<Long>>();
            self.add(createTask(copyfile(large, copy, (copied, total) -> {
                assertEquals(20_000_000, total);
                heard.add(copied);
                if (copied > 3_000_000) self.get(0).cancel();
            })));
            assertThrows(CancelledError.class, () -> await(self.get(0)));
            assertTrue(Files.size(copy) < 20_000_000);
            assertEquals(3, heard.size());
            awaitOpen(0);
            assertEquals(20_000_000, await(copyfile(large, copy)));
            assertEquals(-1, Files.mismatch(large, copy));
            for (int i = 0; i < 100; i++) {
                assertThrows(FileSystemException.class, () -> await(copyfile(large, large)));
                assertEquals(0, openFiles(), "the files are closed when the failure is raised");
            }
            assertEquals(20_000_000, Files.size(large));
        });
        assertEquals(0, openFiles());
    }

    @Test
    void manyPipesHoldUpNoFile() throws Exception {
        run(() -> {
            var openings = new ArrayList<Task<BinaryFile>>();
            for (int i = 0; i < 50; i++) {
                openings.add(createTask(open(pipe)));
            }
            await(sleep(Duration.ofMillis(20)));
            assertEquals(1_000_000, await(readBytes(path)).length);
            try (var f = await(open(path))) {
                assertEquals(10, await(f.read(10)).length);
            }
            var writer = await(toThread(() -> Files.newOutputStream(pipe)));
            for (var f : await(gather(openings))) {
                f.close();
            }
            writer.close();
        });
        assertEquals(0, openFiles());
    }

    @Test
    void aFileThatIsLostIsClosed() throws Exception {
        run(() -> {
            lose(folder.resolve("lost"));
            while (openFiles() > 0) {
                System.gc();
                await(open(path)).close();
            }
            assertEquals("written", Files.readString(folder.resolve("lost")));
        });
    }

    private static void lose(Path path) {
        await(await(open(path, "w")).write("written".getBytes(US_ASCII)));
    }
}
