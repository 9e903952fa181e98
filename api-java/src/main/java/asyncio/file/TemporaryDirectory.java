package asyncio.file;

import asyncio.AsyncContextManager;
import asyncio.CheckReturnValue;
import asyncio.Coroutine;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A directory that is removed with all that is in it. As a context manager it gives its path. Python:
 * {@code aiofiles.tempfile.TemporaryDirectory}.
 */
public interface TemporaryDirectory extends AutoCloseable, AsyncContextManager<Path> {
    /** Where it is. Python: {@code name}. */
    Path name();

    /** Removes it with all that is in it; does nothing if it is gone. Python: {@code cleanup}. */
    @CheckReturnValue
    Coroutine<@Nullable Void> cleanup();

    /**
     * {@link #cleanup()}, for try-with-resources; {@link AsyncFile#close()} says where it waits.
     *
     * @throws IOException if something in it cannot be removed
     */
    @Override
    void close() throws IOException;
}
