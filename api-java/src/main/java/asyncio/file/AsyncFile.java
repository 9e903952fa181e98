package asyncio.file;

import asyncio.CheckReturnValue;
import asyncio.Coroutine;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * An open file: what {@link BinaryFile} and {@link TextFile} have in common. Python: {@code io.IOBase}, as
 * {@code aiofiles} wraps it.
 *
 * <p>The operations of a file are done one at a time, in the order in which they are awaited, by threads of this
 * package: none of them blocks the loop. A file reads ahead and writes behind. An operation that finds its bytes in the
 * buffer, or room for them, does not wait, and no other code runs meanwhile; after two megabytes at the latest others
 * have their turn.
 *
 * <p>A cancelled read takes nothing: the position stays where it was. A cancelled write has written all or nothing:
 * nothing if it waited for room in the buffer. A cancelled flush, fsync, truncate or close goes on in its thread, and
 * the next operation waits until it has ended.
 *
 * <p>What was written is in the file after {@link #flush()}, {@link #fsync()} or the closing. An error of an earlier
 * write, such as a full disk, is raised by the next operation: the data is kept, and each flush tries again.
 *
 * <p>A file belongs to the loop that has opened it, and is closed with it if it is open then. Awaiting an operation of
 * a closed file raises {@link IllegalStateException}, "I/O operation on closed file"; one that the mode forbids raises
 * {@link UnsupportedOperationException}.
 */
public interface AsyncFile extends AutoCloseable {
    /** What it was opened as. Python: {@code name}. */
    Path name();

    /** The mode, such as {@code rb+}. Python: {@code mode}. */
    String mode();

    /** Whether it is closed, or is being closed. Python: {@code closed}. */
    boolean closed();

    /** Whether the mode allows reading. Python: {@code readable()}. */
    boolean readable();

    /** Whether the mode allows writing. Python: {@code writable()}. */
    boolean writable();

    /** Whether it has a position that can be moved; a pipe has not. Python: {@code seekable()}. */
    boolean seekable();

    /** The size in bytes, with what was written and is not in the file yet. Python: {@code os.fstat(…).st_size}. */
    @CheckReturnValue
    Coroutine<Long> size();

    /** Waits until the file has all that was written to it. Python: {@code flush}. */
    @CheckReturnValue
    Coroutine<@Nullable Void> flush();

    /** {@link #flush()}, and waits until the device has it. Python: {@code os.fsync(file.fileno())}. */
    @CheckReturnValue
    Coroutine<@Nullable Void> fsync();

    /** Flushes and closes, and waits for both; does nothing if it is closed. Python: {@code await file.close()}. */
    @CheckReturnValue
    Coroutine<@Nullable Void> aclose();

    /**
     * {@link #aclose()}, for try-with-resources. In the body of a coroutine it waits as an {@code await} does, so that
     * others may run. In a callback, or a suspend function of Kotlin's, nothing can wait: the closing goes on by
     * itself, and the loop's exception handler hears of its failure.
     *
     * @throws IOException if what was written does not get into the file; it is closed all the same
     */
    @Override
    void close() throws IOException;
}
