package asyncio.semantics;

import static asyncio.Asyncio.*;
import static asyncio.file.AsyncFiles.*;
import static asyncio.file.AsyncOs.*;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import asyncio.testing.TestLoop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A clock that is not real stands still while threads work at files. */
@Timeout(60)
class FilesInVirtualTimeTest {
    @TempDir
    private Path folder;

    @Test
    void noTimePassesWhileAFileWorks() throws Exception {
        try (var loop = TestLoop.create()) {
            loop.runUntilComplete(async(() -> {
                with(timeout(ofMillis(1)), () -> {
                    var path = folder.resolve("file");
                    try (var f = await(open(path, "w+"))) {
                        await(f.write(new byte[3_000_000]));
                        for (int i = 0; i < 50; i++) {
                            await(f.write(new byte[30_000]));
                        }
                        await(f.fsync());
                        await(f.seek(0));
                        int read = 0;
                        for (var chunk : each(f.chunks(50_000))) {
                            read += chunk.length;
                        }
                        assertEquals(4_500_000, read);
                    }
                    await(replaceText(path, "text"));
                    assertEquals("text", await(readText(path)));
                    try (var f = await(openText(path))) {
                        assertEquals("text", await(f.readline()));
                    }
                    for (var entry : each(walk(folder))) {
                        assertEquals(1, entry.filenames().size());
                    }
                    try (var dir = await(temporaryDirectory(folder, null))) {
                        assertTrue(await(isdir(dir.name())));
                    }
                });
                assertEquals(ZERO, getRunningLoop().time());
                var waiting = createTask(sleep(ofSeconds(5)));
                assertEquals(4, await(readBytes(folder.resolve("file"))).length);
                assertEquals(ZERO, getRunningLoop().time());
                await(waiting);
                assertEquals(ofSeconds(5), getRunningLoop().time());
            }));
        }
    }

    @Test
    void aTestThatLeavesFilesOpenLosesNothing() throws IOException {
        var path = folder.resolve("file");
        try (var loop = TestLoop.create()) {
            loop.runUntilComplete(async(() -> {
                var f = await(open(path, "w"));
                await(f.write(new byte[] {1, 2, 3}));
            }));
        }
        assertArrayEquals(new byte[] {1, 2, 3}, Files.readAllBytes(path));
    }
}
