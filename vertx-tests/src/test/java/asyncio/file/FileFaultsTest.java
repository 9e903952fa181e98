package asyncio.file;

import static asyncio.Asyncio.*;
import static asyncio.file.AsyncFiles.*;
import static asyncio.file.AsyncOs.*;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.*;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import asyncio.ExceptionContext;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What programs do wrong, and what file systems refuse. */
@Timeout(120)
class FileFaultsTest {
    private static final Path FULL = Path.of("/dev/full");

    @TempDir
    private Path folder;

    private Path path;

    @BeforeEach
    void makeFile() throws Exception {
        path = folder.resolve("file");
        Files.writeString(path, "content");
    }

    /** Files of the test's folder that this process has open. */
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

    // '' 'rw' 'z' 'r+w' 'rbt' '+' 'bb' 'rr' 'r++' 'U' raise ValueError
    @Test
    void refusesModesThatMeanNothing() {
        for (var mode : new String[] {"", "rw", "z", "r+w", "rbt", "+", "bb", "rr", "r++", "U", "b", "Rb"}) {
            assertThrows(IllegalArgumentException.class, () -> open(path, mode).close(), mode);
            assertThrows(
                    IllegalArgumentException.class, () -> openText(path, mode).close(), mode);
        }
        var text = assertThrows(
                IllegalArgumentException.class, () -> open(path, "rt").close());
        assertEquals("'rt' is a mode of text: use openText(path, \"rt\")", text.getMessage());
        var bytes = assertThrows(
                IllegalArgumentException.class, () -> openText(path, "wb").close());
        assertEquals("'wb' is a mode of bytes: use open(path, \"wb\")", bytes.getMessage());
        assertEquals(
                "open: path is null",
                assertThrows(NullPointerException.class, () -> open(null).close())
                        .getMessage());
    }

    // 'r' r, 'w' w, 'rb' rb, 'r+' r+, 'r+b' rb+, 'rb+' rb+, 'x' x, 'a+b' ab+
    @Test
    void namesModesAsPythonDoes() throws Exception {
        run(() -> {
            for (var mode : new String[] {"rb", "wb", "ab", "rb+", "wb+", "ab+"}) {
                for (var written : new String[] {mode, mode.replace("b", ""), mode.replace("b+", "+b")}) {
                    try (var f = await(open(path, written))) {
                        assertEquals(mode, f.mode());
                    }
                }
                try (var f = await(openText(path, mode.replace("b", "t")))) {
                    assertEquals(mode.replace("b", ""), f.mode());
                }
            }
        });
    }

    @Test
    void raisesWhatTheFileSystemSays() throws Exception {
        run(() -> {
            var missing = folder.resolve("missing");
            assertThrows(NoSuchFileException.class, () -> await(open(missing)));
            assertThrows(NoSuchFileException.class, () -> await(openText(missing, "r+")));
            assertThrows(NoSuchFileException.class, () -> await(readText(missing)));
            assertThrows(NoSuchFileException.class, () -> await(lines(missing).anext()));
            assertThrows(NoSuchFileException.class, () -> await(open(missing.resolve("deeper"), "w")));
            assertThrows(FileAlreadyExistsException.class, () -> await(open(path, "x")));
            assertThrows(FileAlreadyExistsException.class, () -> await(open(folder, "x")));
            for (var mode : new String[] {"r", "w", "a", "r+", "a+"}) {
                var error = assertThrows(FileSystemException.class, () -> await(open(folder, mode)), mode);
                assertEquals("Is a directory", error.getReason());
            }
            // Declared, so that it can be caught.
            try (var f = await(open(missing))) {
                fail(f.toString());
            } catch (IOException expected) {
                assertInstanceOf(NoSuchFileException.class, expected);
            }
            assertEquals("content", await(readText(path)));
            assertFalse(Files.exists(missing));
        });
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void raisesThatItIsNotAllowed() throws Exception {
        // Nobody may write there, not even root.
        var constant = Path.of("/proc/sys/kernel/osrelease");
        assumeTrue(Files.exists(constant));
        run(() -> {
            assertThrows(AccessDeniedException.class, () -> await(open(constant, "r+")));
            assertThrows(AccessDeniedException.class, () -> await(openText(constant, "a")));
            assertThrows(AccessDeniedException.class, () -> await(writeText(constant, "mine")));
        });
    }

    // open(p, 'wb').read() raises io.UnsupportedOperation
    @Test
    void refusesWhatTheModeForbids() throws Exception {
        run(() -> {
            try (var f = await(open(path, "wb"));
                    var t = await(openText(path, "a"))) {
                var error = assertThrows(UnsupportedOperationException.class, () -> await(f.read()));
                assertEquals("not readable: " + path + " was opened with mode 'wb'", error.getMessage());
                assertThrows(UnsupportedOperationException.class, () -> await(f.readline()));
                assertThrows(UnsupportedOperationException.class, () -> await(f.peek()));
                assertThrows(UnsupportedOperationException.class, () -> await(t.read()));
                assertThrows(UnsupportedOperationException.class, () -> await(t.readline()));
            }
            try (var f = await(open(path));
                    var t = await(openText(path))) {
                assertThrows(UnsupportedOperationException.class, () -> await(f.write(new byte[1])));
                assertThrows(UnsupportedOperationException.class, () -> await(f.truncate()));
                assertThrows(UnsupportedOperationException.class, () -> await(t.write("x")));
                assertThrows(UnsupportedOperationException.class, () -> await(t.truncate(0)));
                assertThrows(IllegalArgumentException.class, () -> await(f.seek(-1)));
                assertThrows(
                        IllegalArgumentException.class, () -> f.truncate(-1).close());
                assertThrows(IllegalArgumentException.class, () -> f.chunks(0));
            }
        });
    }

    @Test
    void refusesAClosedFile() throws Exception {
        run(() -> {
            var f = await(open(path, "r+"));
            f.close();
            var error = assertThrows(IllegalStateException.class, () -> await(f.read()));
            assertEquals("I/O operation on closed file: " + path, error.getMessage());
            assertThrows(IllegalStateException.class, () -> await(f.write(new byte[1])));
            assertThrows(IllegalStateException.class, () -> await(f.seek(0)));
            assertThrows(IllegalStateException.class, () -> await(f.flush()));
            assertThrows(IllegalStateException.class, () -> await(f.size()));
            var t = await(openText(path, "r+"));
            await(t.aclose());
            assertThrows(IllegalStateException.class, () -> await(t.readline()));
            assertThrows(IllegalStateException.class, () -> await(t.write("x")));
            assertThrows(IllegalStateException.class, () -> await(t.tell()));
        });
    }

    // f = open('/dev/full', 'wb'); f.write(b'x') -> 1; f.flush() raises OSError each time; f.close() raises it, and
    // closes
    @Test
    @EnabledOnOs(OS.LINUX)
    void tellsOfAFullDiskAtTheNextChance() throws Exception {
        run(() -> {
            var f = await(open(FULL, "wb"));
            assertEquals(1, await(f.write("x".getBytes(US_ASCII))));
            for (int i = 0; i < 2; i++) {
                var error = assertThrows(IOException.class, () -> await(f.flush()));
                assertEquals("No space left on device", error.getMessage());
            }
            var error = assertThrows(IOException.class, f::close);
            assertEquals("No space left on device", error.getMessage());
            assertTrue(f.closed());
            assertThrows(IOException.class, () -> {
                try (var t = await(openText(FULL, "w"))) {
                    await(t.write("text"));
                }
            });
            // More than is written behind: one of the writes hears of it.
            var g = await(open(FULL, "wb"));
            assertThrows(IOException.class, () -> {
                for (int i = 0; i < 100; i++) {
                    await(g.write(new byte[100_000]));
                }
            });
            assertThrows(IOException.class, () -> await(g.write(new byte[2_000_000])));
            assertThrows(IOException.class, g::close);
            assertThrows(IOException.class, () -> await(writeBytes(FULL, new byte[1])));
        });
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void writesWhatItHasKeptWhenThereIsRoomAgain() throws Exception {
        // A pipe whose buffer is small cannot be full for a file; a directory that is a small file system can.
        var tmpfs = folder.resolve("small");
        Files.createDirectory(tmpfs);
        assumeTrue(exec("mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", tmpfs.toString()), "needs root");
        try {
            run(() -> {
                var filler = tmpfs.resolve("filler");
                await(writeBytes(filler, new byte[200 * 1024]));
                var f = await(open(tmpfs.resolve("file"), "w+"));
                await(f.write("a".repeat(150_000).getBytes(US_ASCII)));
                await(f.write("b".repeat(10).getBytes(US_ASCII)));
                assertEquals(
                        "No space left on device",
                        assertThrows(IOException.class, () -> await(f.flush())).getMessage());
                await(remove(filler));
                await(f.write("c".getBytes(US_ASCII)));
                await(f.flush());
                await(f.seek(0));
                assertEquals("a".repeat(150_000) + "b".repeat(10) + "c", new String(await(f.read()), US_ASCII));
                await(f.aclose());
                // What cannot be replaced stays.
                await(writeText(tmpfs.resolve("old"), "old"));
                assertThrows(IOException.class, () -> await(replaceBytes(tmpfs.resolve("old"), new byte[300 * 1024])));
                assertEquals("old", await(readText(tmpfs.resolve("old"))));
                assertEquals(2, await(listdir(tmpfs)).size());
            });
        } finally {
            assertTrue(exec("umount", tmpfs.toString()));
        }
    }

    private static boolean exec(String... command) {
        try {
            return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor() == 0;
        } catch (IOException | InterruptedException missing) {
            return false;
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void closesWithTheLoopWhatWasLeftOpen() throws Exception {
        run(() -> {
            var f = await(open(path, "w"));
            await(f.write("left".getBytes(US_ASCII)));
            var g = await(openText(path, "a"));
            await(g.write(" open"));
            assertEquals(2, openFiles());
        });
        assertEquals(0, openFiles());
        assertEquals("left open", Files.readString(path));
    }

    @Test
    void closesWithoutWaitingInACallback() throws Exception {
        run(() -> {
            var loop = getRunningLoop();
            var f = await(open(path, "w"));
            await(f.write("from a callback".getBytes(US_ASCII)));
            loop.callSoon(f::close);
            await(sleep(java.time.Duration.ZERO));
            assertTrue(f.closed());
            await(f.aclose());
            assertEquals("from a callback", await(readText(path)));
        });
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void reportsWhatFailsWhereNobodyWaits() throws Exception {
        var reported = new AtomicReference<ExceptionContext>();
        run(() -> {
            var loop = getRunningLoop();
            loop.setExceptionHandler((l, context) -> reported.set(context));
            var f = await(open(FULL, "w"));
            await(f.write(new byte[1]));
            loop.callSoon(f::close);
            await(sleep(java.time.Duration.ZERO));
            await(f.aclose());
        });
        assertEquals("Closing of the file /dev/full failed", reported.get().message());
        assertEquals("No space left on device", reported.get().exception().getMessage());
    }

    @Test
    void refusesAnotherLoop() throws Exception {
        var left = new ArrayList<BinaryFile>();
        run(() -> {
            left.add(await(open(path)));
            var thread = new Thread(() -> assertThrows(
                    IllegalStateException.class,
                    () -> run(() -> await(left.get(0).read(1)))));
            var failed = new AtomicReference<Throwable>();
            thread.setUncaughtExceptionHandler((t, error) -> failed.set(error));
            thread.start();
            await(toThread(() -> {
                thread.join();
                return null;
            }));
            assertNull(failed.get());
            left.get(0).close();
        });
        var late = assertThrows(
                IllegalStateException.class, () -> run(() -> await(left.get(0).read(1))));
        assertTrue(late.getMessage().contains("closed"), late.getMessage());
        assertThrows(IllegalStateException.class, () -> open(path).send(null));
    }

    @Test
    void refusesWhatIsNoDirectory() throws Exception {
        run(() -> {
            assertThrows(NotDirectoryException.class, () -> await(listdir(path)));
            assertThrows(NotDirectoryException.class, () -> await(rmdir(path)));
            assertThrows(NotDirectoryException.class, () -> await(rmtree(path)));
            assertThrows(NoSuchFileException.class, () -> await(rmtree(folder.resolve("missing"))));
            assertThrows(FileSystemException.class, () -> await(remove(folder)));
            assertTrue(Files.exists(path));
        });
    }
}
