package asyncio.file;

import static asyncio.Asyncio.*;
import static asyncio.file.AsyncFiles.*;
import static asyncio.file.AsyncOs.*;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.*;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Files as a whole, temporary files, and the threads that do it. */
@Timeout(120)
class WholeFilesTest {
    @TempDir
    private Path folder;

    @Test
    void readsAndWritesAtOnce() throws Exception {
        var path = folder.resolve("file");
        run(() -> {
            await(writeBytes(path, new byte[] {1, 2}));
            await(appendBytes(path, new byte[] {3}));
            assertArrayEquals(new byte[] {1, 2, 3}, await(readBytes(path)));
            await(writeText(path, "\u00e9\n"));
            await(appendText(path, "more"));
            assertEquals("\u00e9\nmore", await(readText(path)));
            await(appendText(folder.resolve("new"), "\u00e9", TextOptions.encoding(ISO_8859_1)));
            assertEquals("\u00e9", await(readText(folder.resolve("new"), ISO_8859_1)));
            assertEquals(1, await(getsize(folder.resolve("new"))));
        });
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void replacesAsAWhole() throws Exception {
        var path = folder.resolve("file");
        run(() -> {
            await(replaceText(path, "new"));
            assertEquals("new", await(readText(path)));
            await(chmod(path, PosixFilePermissions.fromString("rw-r-----")));
            await(symlink(path, folder.resolve("link")));
            var inode = await(stat(path)).stIno();
            await(replaceBytes(folder.resolve("link"), "newer".getBytes(US_ASCII)));
            assertEquals("newer", await(readText(path)));
            assertTrue(await(islink(folder.resolve("link"))));
            assertEquals(0100640, await(stat(path)).stMode());
            assertNotEquals(inode, await(stat(path)).stIno());
            with(replacing(path), f -> {
                assertEquals(path, f.name());
                await(f.write("little ".getBytes(US_ASCII)));
                assertEquals("newer", await(readText(path)));
                await(f.write("by little".getBytes(US_ASCII)));
            });
            assertEquals("little by little", await(readText(path)));
            assertThrows(
                    IOException.class,
                    () -> with(replacing(path), f -> {
                        await(f.write(new byte[100]));
                        throw new IOException("given up");
                    }));
            assertEquals("little by little", await(readText(path)));
            assertEquals(2, await(listdir(folder)).size());
            assertThrows(NoSuchFileException.class, () -> await(replaceText(folder.resolve("no/such/folder"), "")));
            assertThrows(NoSuchFileException.class, () -> with(replacing(folder.resolve("no/such/folder")), f -> {}));
            assertThrows(IOException.class, () -> await(replaceText(folder, "a directory")));
            assertEquals(2, await(listdir(folder)).size());
        });
    }

    @Test
    void makesTemporaryFiles() throws Exception {
        run(() -> {
            Path name;
            try (var f = await(namedTemporaryFile(folder, "pre-", ".suf"))) {
                name = f.name();
                assertEquals(folder, name.getParent());
                assertTrue(name.getFileName().toString().matches("pre-.*\\.suf"), name.toString());
                await(f.write("x".getBytes(US_ASCII)));
                await(f.seek(0));
                assertEquals(1, await(f.read()).length);
                assertEquals(1, await(getsize(name)));
            }
            assertFalse(await(exists(name)));
            try (var f = await(temporaryFile())) {
                await(f.write(new byte[100_000]));
                await(f.seek(0));
                assertEquals(100_000, await(f.read()).length);
            }
            try (var dir = await(temporaryDirectory(folder, "pre-"))) {
                name = dir.name();
                await(makedirs(name.resolve("a/b")));
                await(writeText(name.resolve("a/b/c"), ""));
            }
            assertEquals(List.of(), await(listdir(folder)));
            with(await(temporaryDirectory(folder, null)), dir -> {
                assertTrue(await(isdir(dir)));
                await(rmdir(dir));
            });
            var left = await(temporaryDirectory(folder, null));
            var leftFile = await(namedTemporaryFile(folder, null, null));
            assertTrue(await(exists(left.name())) && await(exists(leftFile.name())));
        });
        // What the program has left, the loop removes.
        try (var all = Files.list(folder)) {
            assertEquals(0, all.count());
        }
    }

    @Test
    void spoolsUpToASize() throws Exception {
        run(() -> {
            try (var f = await(spooledTemporaryFile(100))) {
                await(f.write(new byte[100]));
                assertFalse(f.rolledOver());
                await(f.write(new byte[] {7}));
                assertTrue(f.rolledOver());
                assertEquals(101, await(f.tell()));
                await(f.write(new byte[] {8}));
                await(f.seek(100));
                assertArrayEquals(new byte[] {7, 8}, await(f.read()));
            }
            try (var f = await(spooledTemporaryFile(0))) {
                await(f.write(new byte[3_000_000]));
                await(f.seek(-1, Whence.SEEK_END));
                await(f.write("xy\nz".getBytes(US_ASCII)));
                assertFalse(f.rolledOver());
                await(f.rollover());
                assertTrue(f.rolledOver());
                await(f.seek(2_999_999));
                assertEquals("xy\n", new String(await(f.readline()), US_ASCII));
                assertEquals(3_000_003, await(f.size()));
            }
            assertThrows(
                    IllegalArgumentException.class,
                    () -> spooledTemporaryFile(-1).close());
        });
    }

    @Test
    void aBusyExecutorHoldsUpNoFile() throws Exception {
        var path = folder.resolve("file");
        var release = new CountDownLatch(1);
        run(() -> {
            var executor = Executors.newSingleThreadExecutor();
            getRunningLoop().setDefaultExecutor(executor);
            var blocked = getRunningLoop().runInExecutor(null, () -> release.await());
            await(writeText(path, "x"));
            try (var f = await(open(path))) {
                assertEquals(1, await(f.read()).length);
            }
            release.countDown();
            await(blocked);
        });
    }

    @Test
    void theLoopGoesOnMeanwhile() throws Exception {
        var path = folder.resolve("file");
        Files.write(path, new byte[30_000_000]);
        run(() -> {
            var turns = new ArrayList<Integer>();
            var counter = createTask(async(() -> {
                for (int i = 0; ; i++) {
                    turns.add(i);
                    await(sleep(java.time.Duration.ZERO));
                }
            }));
            int before = 0;
            try (var f = await(open(path))) {
                int read = 0;
                for (var chunk : each(f.chunks(1000))) {
                    read += chunk.length;
                    if (read % 3_000_000 == 0) {
                        assertTrue(turns.size() > before, "nothing else ran until " + read);
                        before = turns.size();
                    }
                }
                assertEquals(30_000_000, read);
            }
            counter.cancel();
        });
    }
}
