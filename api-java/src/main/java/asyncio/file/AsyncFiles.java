package asyncio.file;

import static asyncio.file.Arguments.notNull;

import asyncio.AsyncContextManager;
import asyncio.AsyncGenerator;
import asyncio.CheckReturnValue;
import asyncio.Coroutine;
import asyncio.spi.IoFiles;
import asyncio.spi.IoProvider;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Opens, reads, writes and copies files without blocking the loop; {@link AsyncOs} has the calls of the operating
 * system. To be imported statically. Python: {@code aiofiles}, {@code aiofiles.tempfile}.
 *
 * <pre>{@code
 * try (var file = await(openText(path))) {
 *     for (var line : each(file)) {
 *         total += Integer.parseInt(line.strip());
 *     }
 * }
 * await(replaceText(path, "0\n"));
 * }</pre>
 *
 * <p>The work is done by threads of this package, which are neither the loop's own nor those of its executor. Awaiting
 * raises what {@link java.nio.file.Files} raises: {@link java.nio.file.NoSuchFileException},
 * {@link java.nio.file.AccessDeniedException}, {@link java.nio.file.FileAlreadyExistsException} and other
 * {@link java.io.IOException}s. An operation that is cancelled before a thread has begun it is not done; one that has
 * begun goes on to its end, and its result is dropped.
 */
public final class AsyncFiles {
    private AsyncFiles() {}

    private static IoFiles files() {
        return IoProvider.get().files();
    }

    // ---- opening

    /** {@link #open(Path, String)} for reading. */
    @CheckReturnValue
    public static Coroutine<BinaryFile> open(Path path) {
        return open(path, "rb");
    }

    /**
     * Opens a file of bytes. Python: {@code aiofiles.open(path, mode)}.
     *
     * <p>Awaiting it also raises {@link java.nio.file.FileSystemException}, "Is a directory".
     *
     * @param mode one of {@code r} (the file has to exist), {@code w} (it is emptied or made), {@code x} (it is made
     *     and must not exist), {@code a} (it is made if it does not exist, and everything is written at its end); with
     *     {@code +} for reading and writing; {@code b} may be added
     * @throws IllegalArgumentException if the mode is another, or one of text
     */
    @CheckReturnValue
    public static Coroutine<BinaryFile> open(Path path, String mode) {
        return files().open(notNull(path, "open", "path"), notNull(mode, "open", "mode"));
    }

    /**
     * Opens a file of bytes as {@link java.nio.channels.FileChannel#open(Path, OpenOption...)} does; without options
     * for reading.
     *
     * @throws IllegalArgumentException if the options contradict each other
     */
    @CheckReturnValue
    public static Coroutine<BinaryFile> open(Path path, OpenOption... options) {
        Set<OpenOption> all = new LinkedHashSet<>(Arrays.asList(notNull(options, "open", "options")));
        if (all.isEmpty()) {
            all.add(StandardOpenOption.READ);
        }
        return files().open(notNull(path, "open", "path"), all);
    }

    /** {@link #openText(Path, String, TextOptions)} for reading UTF-8. */
    @CheckReturnValue
    public static Coroutine<TextFile> openText(Path path) {
        return openText(path, "r", TextOptions.DEFAULT);
    }

    /** {@link #openText(Path, String, TextOptions)} in UTF-8. */
    @CheckReturnValue
    public static Coroutine<TextFile> openText(Path path, String mode) {
        return openText(path, mode, TextOptions.DEFAULT);
    }

    /** {@link #openText(Path, String, TextOptions)} in this charset. */
    @CheckReturnValue
    public static Coroutine<TextFile> openText(Path path, String mode, Charset encoding) {
        return openText(path, mode, Arguments.options(encoding, "openText"));
    }

    /**
     * Opens a file of text. Python: {@code aiofiles.open(path, mode, encoding=…, errors=…, newline=…)}.
     *
     * @param mode as in {@link #open(Path, String)}; {@code t} may be added
     * @throws IllegalArgumentException if the mode is another, or one of bytes
     */
    @CheckReturnValue
    public static Coroutine<TextFile> openText(Path path, String mode, TextOptions options) {
        return files().openText(
                        notNull(path, "openText", "path"),
                        notNull(mode, "openText", "mode"),
                        notNull(options, "openText", "options"));
    }

    // ---- whole files

    /** All bytes of a file. Python: {@code Path.read_bytes}. */
    @CheckReturnValue
    public static Coroutine<byte[]> readBytes(Path path) {
        notNull(path, "readBytes", "path");
        return files().call(() -> Files.readAllBytes(path));
    }

    /** {@link #readText(Path, TextOptions)} in UTF-8. */
    @CheckReturnValue
    public static Coroutine<String> readText(Path path) {
        return readText(path, TextOptions.DEFAULT);
    }

    /** {@link #readText(Path, TextOptions)} in this charset. */
    @CheckReturnValue
    public static Coroutine<String> readText(Path path, Charset encoding) {
        return readText(path, Arguments.options(encoding, "readText"));
    }

    /** The text of a file. Python: {@code Path.read_text}. */
    @CheckReturnValue
    public static Coroutine<String> readText(Path path, TextOptions options) {
        return files().readText(notNull(path, "readText", "path"), notNull(options, "readText", "options"));
    }

    /** The lines of a UTF-8 file without their ends; see {@link #lines(Path, TextOptions)}. */
    public static AsyncGenerator<String> lines(Path path) {
        return lines(path, TextOptions.DEFAULT);
    }

    /**
     * The lines of a file without their ends. The file is opened for the first one, and closed after the last one. If a
     * {@code for} loop over it is left before, it stays open until the generator is garbage, or the loop ends:
     * {@link asyncio.Asyncio#aclosing} closes it at once. Python: {@code Path.read_text().splitlines()}, line by line.
     */
    public static AsyncGenerator<String> lines(Path path, TextOptions options) {
        return files().lines(notNull(path, "lines", "path"), notNull(options, "lines", "options"));
    }

    /**
     * Writes a file, which is emptied or made before. A failure, or a cancellation, may leave a part of it; see
     * {@link #replaceBytes}. Python: {@code Path.write_bytes}.
     *
     * @param data may not be changed before this has been awaited
     */
    @CheckReturnValue
    public static Coroutine<@Nullable Void> writeBytes(Path path, byte[] data) {
        notNull(path, "writeBytes", "path");
        notNull(data, "writeBytes", "data");
        return files().call(() -> {
            Files.write(path, data);
            return null;
        });
    }

    /**
     * Writes at the end of a file, which is made if it does not exist. Python: {@code open(path, 'ab').write(data)}.
     */
    @CheckReturnValue
    public static Coroutine<@Nullable Void> appendBytes(Path path, byte[] data) {
        notNull(path, "appendBytes", "path");
        notNull(data, "appendBytes", "data");
        return files().call(() -> {
            Files.write(path, data, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            return null;
        });
    }

    /** {@link #writeText(Path, CharSequence, TextOptions)} in UTF-8. */
    @CheckReturnValue
    public static Coroutine<@Nullable Void> writeText(Path path, CharSequence text) {
        return writeText(path, text, TextOptions.DEFAULT);
    }

    /** Writes a file of text as {@link #writeBytes} does. Python: {@code Path.write_text}. */
    @CheckReturnValue
    public static Coroutine<@Nullable Void> writeText(Path path, CharSequence text, TextOptions options) {
        return files().writeText(
                        notNull(path, "writeText", "path"),
                        notNull(text, "writeText", "text"),
                        notNull(options, "writeText", "options"),
                        false);
    }

    /** {@link #appendText(Path, CharSequence, TextOptions)} in UTF-8. */
    @CheckReturnValue
    public static Coroutine<@Nullable Void> appendText(Path path, CharSequence text) {
        return appendText(path, text, TextOptions.DEFAULT);
    }

    /**
     * Writes text at the end of a file, which is made if it does not exist. Python: {@code open(path,
     * 'a').write(text)}.
     */
    @CheckReturnValue
    public static Coroutine<@Nullable Void> appendText(Path path, CharSequence text, TextOptions options) {
        return files().writeText(
                        notNull(path, "appendText", "path"),
                        notNull(text, "appendText", "text"),
                        notNull(options, "appendText", "options"),
                        true);
    }

    /**
     * Replaces a file as a whole: whoever opens it, also after a crash, sees the old content or the new one. The data
     * is written to a file beside it, which is then synchronized with the disk and renamed; the new one has the
     * permissions of the old one. A link stays one: what it leads to is replaced. A failure, or a cancellation, leaves
     * the old one.
     *
     * @param data may not be changed before this has been awaited
     */
    @CheckReturnValue
    public static Coroutine<@Nullable Void> replaceBytes(Path path, byte[] data) {
        return files().replaceBytes(notNull(path, "replaceBytes", "path"), notNull(data, "replaceBytes", "data"));
    }

    /** {@link #replaceText(Path, CharSequence, TextOptions)} in UTF-8. */
    @CheckReturnValue
    public static Coroutine<@Nullable Void> replaceText(Path path, CharSequence text) {
        return replaceText(path, text, TextOptions.DEFAULT);
    }

    /** {@link #replaceBytes} with text. */
    @CheckReturnValue
    public static Coroutine<@Nullable Void> replaceText(Path path, CharSequence text, TextOptions options) {
        return files().replaceText(
                        notNull(path, "replaceText", "path"),
                        notNull(text, "replaceText", "text"),
                        notNull(options, "replaceText", "options"));
    }

    /**
     * {@link #replaceBytes} for content that is written little by little: the block gets a file beside {@code path},
     * which takes its place after the block. If the block raises, or is cancelled, the old file stays, and the new one
     * is removed.
     *
     * <pre>{@code
     * with(replacing(path), file -> {
     *     for (var row : rows) {
     *         await(file.write(row));
     *     }
     * });
     * }</pre>
     */
    @CheckReturnValue
    public static AsyncContextManager<BinaryFile> replacing(Path path) {
        return files().replacing(notNull(path, "replacing", "path"));
    }

    // ---- copying

    /** {@link #copyfile(Path, Path, CopyProgress)} without a listener. */
    @CheckReturnValue
    public static Coroutine<Long> copyfile(Path source, Path target) {
        return files().copyfile(notNull(source, "copyfile", "source"), notNull(target, "copyfile", "target"), null);
    }

    /**
     * Copies the content of a file to another one, which is emptied or made before, and gives its size in bytes.
     * Python: {@code shutil.copyfile}.
     *
     * <p>A cancellation, or a failure, stops it after the portion under way; what was copied stays there. Awaiting it
     * raises {@link java.nio.file.FileSystemException} if both are the same file.
     *
     * @param progress hears of each megabyte
     */
    @CheckReturnValue
    public static Coroutine<Long> copyfile(Path source, Path target, CopyProgress progress) {
        return files().copyfile(
                        notNull(source, "copyfile", "source"),
                        notNull(target, "copyfile", "target"),
                        notNull(progress, "copyfile", "progress"));
    }

    // ---- trees

    /** {@link #walk(Path, WalkOptions)} from top to bottom. */
    public static AsyncGenerator<WalkEntry> walk(Path top) {
        return walk(top, WalkOptions.DEFAULT);
    }

    /** The directories of a tree, each with what is in it; no directory is open in between. Python: {@code os.walk}. */
    public static AsyncGenerator<WalkEntry> walk(Path top, WalkOptions options) {
        return files().walk(notNull(top, "walk", "top"), notNull(options, "walk", "options"));
    }

    // ---- temporary files

    /**
     * A file for reading and writing that has no name, or loses it when it is closed. Python:
     * {@code aiofiles.tempfile.TemporaryFile()}.
     */
    @CheckReturnValue
    public static Coroutine<BinaryFile> temporaryFile() {
        return files().temporaryFile(null, null, null, false);
    }

    /**
     * A file for reading and writing that is removed when it is closed; {@link BinaryFile#name()} tells where it is.
     * Python: {@code aiofiles.tempfile.NamedTemporaryFile()}.
     */
    @CheckReturnValue
    public static Coroutine<BinaryFile> namedTemporaryFile() {
        return namedTemporaryFile(null, null, null);
    }

    /**
     * {@link #namedTemporaryFile()}, here or there.
     *
     * @param dir the directory that it is in; null for that of the system
     * @param prefix what its name begins with; null for nothing certain
     * @param suffix what its name ends with; null for nothing certain
     */
    @CheckReturnValue
    public static Coroutine<BinaryFile> namedTemporaryFile(
            @Nullable Path dir, @Nullable String prefix, @Nullable String suffix) {
        return files().temporaryFile(dir, prefix, suffix, true);
    }

    /**
     * A file for reading and writing that is in memory until it has more than {@code maxSize} bytes. Python:
     * {@code aiofiles.tempfile.SpooledTemporaryFile(max_size)}.
     *
     * @param maxSize 0 for no limit
     * @throws IllegalArgumentException if it is negative
     */
    @CheckReturnValue
    public static Coroutine<SpooledTemporaryFile> spooledTemporaryFile(int maxSize) {
        if (maxSize < 0) {
            throw new IllegalArgumentException("spooledTemporaryFile: maxSize is negative: " + maxSize);
        }
        return files().spooledTemporaryFile(maxSize);
    }

    /** A directory that is removed with all that is in it. Python: {@code aiofiles.tempfile.TemporaryDirectory()}. */
    @CheckReturnValue
    public static Coroutine<TemporaryDirectory> temporaryDirectory() {
        return temporaryDirectory(null, null);
    }

    /**
     * {@link #temporaryDirectory()}, here or there.
     *
     * @param dir the directory that it is in; null for that of the system
     * @param prefix what its name begins with; null for nothing certain
     */
    @CheckReturnValue
    public static Coroutine<TemporaryDirectory> temporaryDirectory(@Nullable Path dir, @Nullable String prefix) {
        return files().temporaryDirectory(dir, prefix);
    }
}
