package asyncio.spi;

import asyncio.AsyncContextManager;
import asyncio.AsyncGenerator;
import asyncio.Coroutine;
import asyncio.file.BinaryFile;
import asyncio.file.CopyProgress;
import asyncio.file.SpooledTemporaryFile;
import asyncio.file.TemporaryDirectory;
import asyncio.file.TextFile;
import asyncio.file.TextOptions;
import asyncio.file.WalkEntry;
import asyncio.file.WalkOptions;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * What stands behind {@link asyncio.file.AsyncFiles}. Each method is the implementation of the one of that name there.
 */
public interface IoFiles {

    /** {@link asyncio.file.AsyncFiles#open(Path, String)}. */
    Coroutine<BinaryFile> open(Path path, String mode);

    /** {@link asyncio.file.AsyncFiles#open(Path, OpenOption...)}. */
    Coroutine<BinaryFile> open(Path path, Set<OpenOption> options);

    /** {@link asyncio.file.AsyncFiles#openText(Path, String, TextOptions)}. */
    Coroutine<TextFile> openText(Path path, String mode, TextOptions options);

    /** {@link asyncio.file.AsyncFiles#lines(Path, TextOptions)}. */
    AsyncGenerator<String> lines(Path path, TextOptions options);

    /** Runs {@code call} in a thread of the files. What a cancelled one gives is dropped. */
    <T extends @Nullable Object> Coroutine<T> call(Callable<? extends T> call);

    /** {@link asyncio.file.AsyncFiles#readText(Path, TextOptions)}. */
    Coroutine<String> readText(Path path, TextOptions options);

    /** {@link asyncio.file.AsyncFiles#writeText(Path, CharSequence, TextOptions)}, or the one that appends. */
    Coroutine<@Nullable Void> writeText(Path path, CharSequence text, TextOptions options, boolean append);

    /** {@link asyncio.file.AsyncFiles#replaceBytes}. */
    Coroutine<@Nullable Void> replaceBytes(Path path, byte[] data);

    /** {@link asyncio.file.AsyncFiles#replaceText(Path, CharSequence, TextOptions)}. */
    Coroutine<@Nullable Void> replaceText(Path path, CharSequence text, TextOptions options);

    /** {@link asyncio.file.AsyncFiles#replacing}. */
    AsyncContextManager<BinaryFile> replacing(Path path);

    /** {@link asyncio.file.AsyncFiles#copyfile(Path, Path, CopyProgress)}. */
    Coroutine<Long> copyfile(Path source, Path target, @Nullable CopyProgress progress);

    /** {@link asyncio.file.AsyncFiles#walk(Path, WalkOptions)}. */
    AsyncGenerator<WalkEntry> walk(Path top, WalkOptions options);

    /** {@link asyncio.file.AsyncFiles#namedTemporaryFile(Path, String, String)}, or the one without a name. */
    Coroutine<BinaryFile> temporaryFile(
            @Nullable Path dir, @Nullable String prefix, @Nullable String suffix, boolean isNamed);

    /** {@link asyncio.file.AsyncFiles#spooledTemporaryFile(int)}. */
    Coroutine<SpooledTemporaryFile> spooledTemporaryFile(int maxSize);

    /** {@link asyncio.file.AsyncFiles#temporaryDirectory(Path, String)}. */
    Coroutine<TemporaryDirectory> temporaryDirectory(@Nullable Path dir, @Nullable String prefix);
}
