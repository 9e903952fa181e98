package samples.cookbook;

import static asyncio.Asyncio.*;
import static asyncio.file.AsyncFiles.*;
import static asyncio.file.AsyncOs.*;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.*;

import asyncio.Coroutine;
import asyncio.file.Newline;
import asyncio.file.TextOptions;
import asyncio.file.Whence;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CodingErrorAction;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The recipes of docs/files.md. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FilesTest {
    private static final List<String> log = new ArrayList<>();

    @TempDir
    private Path folder;

    // ---- the recipes

    static Coroutine<Void> copy(Path from, Path to) {
        return async(() -> {
            try (var source = await(open(from, "rb"));
                    var target = await(open(to, "wb"))) {
                for (var chunk : each(source.chunks(65536))) {
                    await(target.write(chunk));
                }
            }
        });
    }

    static Coroutine<Long> copyWithOneBuffer(Path from, Path to) {
        return async(() -> {
            long copied = 0;
            try (var source = await(open(from, "rb"));
                    var target = await(open(to, "wb"))) {
                var buffer = ByteBuffer.allocate(65536);
                while (await(source.readinto(buffer)) > 0) {
                    copied += await(target.write(buffer.flip()));
                    buffer.clear();
                }
            }
            return copied;
        });
    }

    static Coroutine<Integer> total(Path path) {
        return async(() -> {
            int total = 0;
            try (var file = await(openText(path))) {
                for (var line : each(file.lines())) {
                    total += Integer.parseInt(line);
                }
            }
            return total;
        });
    }

    static Coroutine<Void> header(Path path) {
        return async(() -> {
            try (var file = await(open(path, "r+"))) {
                var magic = await(file.read(4));
                log.add(new String(magic, UTF_8));
                await(file.seek(-2, Whence.SEEK_END));
                await(file.write("!!".getBytes(UTF_8)));
                await(file.fsync());
            }
        });
    }

    static Coroutine<Integer> count(Path path) {
        return async(() -> {
            int count = 0;
            try {
                var text = await(readText(path), IOException.class);
                count = Integer.parseInt(text.strip());
            } catch (NoSuchFileException e) {
                log.add("the first time");
            }
            await(replaceText(path, count + 1 + "\n"));
            return count + 1;
        });
    }

    static Coroutine<Void> export(Path path, List<String> rows) {
        return async(() -> with(replacing(path), file -> {
            for (var row : rows) {
                await(file.write((row + "\n").getBytes(UTF_8)));
            }
        }));
    }

    static Coroutine<Void> oldText(Path path) {
        return async(() -> {
            var options = TextOptions.encoding(UTF_8)
                    .withErrors(CodingErrorAction.REPLACE)
                    .withNewline(Newline.CRLF);
            try (var file = await(openText(path, "a", options))) {
                await(file.write("one line\n"));
            }
        });
    }

    static Coroutine<Long> sizeOf(Path folder) {
        return async(() -> {
            long size = 0;
            for (var found : each(walk(folder))) {
                found.dirnames().remove(".git");
                for (var name : found.filenames()) {
                    size += await(lstat(found.dirpath().resolve(name))).stSize();
                }
            }
            return size;
        });
    }

    static Coroutine<Void> scratch() {
        return async(() -> {
            try (var directory = await(temporaryDirectory());
                    var spooled = await(spooledTemporaryFile(1_000_000))) {
                await(writeText(directory.name().resolve("notes"), "gone after the block"));
                await(spooled.write("in memory".getBytes(UTF_8)));
                log.add("on disk: " + spooled.rolledOver());
            }
        });
    }

    static Coroutine<Void> progress(Path from, Path to) {
        return async(() -> {
            await(copyfile(from, to, (copied, total) -> log.add(100 * copied / total + " %")));
        });
    }

    // ---- and that they do what the page says

    @Test
    void theRecipesWork() throws Exception {
        log.clear();
        var numbers = folder.resolve("numbers");
        Files.writeString(numbers, "1\n2\r\n39");
        var copy = folder.resolve("copy");
        run(() -> {
            await(copy(numbers, copy));
            assertEquals(-1, Files.mismatch(numbers, copy));
            assertEquals(7, await(copyWithOneBuffer(numbers, copy)));
            assertEquals(-1, Files.mismatch(numbers, copy));
            assertEquals(42, await(total(numbers)));
            await(header(copy));
            assertEquals("1\n2\r\n!!", Files.readString(copy));
            assertEquals(1, await(count(folder.resolve("count"))));
            assertEquals(2, await(count(folder.resolve("count"))));
            await(export(copy, List.of("a", "b")));
            await(oldText(copy));
            assertEquals("a\nb\none line\r\n", Files.readString(copy));
            Files.createDirectories(folder.resolve("tree/.git"));
            Files.writeString(folder.resolve("tree/.git/x"), "123");
            Files.writeString(folder.resolve("tree/y"), "12345");
            assertEquals(5, await(sizeOf(folder.resolve("tree"))));
            await(scratch());
            await(progress(numbers, copy));
        });
        assertEquals(List.of("1\n2\r", "the first time", "on disk: false", "100 %"), log);
    }

    @Test
    void theRecipesForKotlinWork() {
        assertEquals("longest", Notes.longestOf(folder.resolve("notes"), "a", "longest", "short"));
    }
}
