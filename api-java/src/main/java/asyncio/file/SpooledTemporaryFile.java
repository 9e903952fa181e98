package asyncio.file;

import asyncio.CheckReturnValue;
import asyncio.Coroutine;
import org.jspecify.annotations.Nullable;

/**
 * A file that is in memory until it is larger than its limit, and on disk from then on; without a name either way.
 * Python: {@code aiofiles.tempfile.SpooledTemporaryFile}.
 */
public interface SpooledTemporaryFile extends BinaryFile {
    /** Whether it is on disk. Python: {@code _rolled}. */
    boolean rolledOver();

    /** Moves it to disk, if it is in memory. Python: {@code rollover}. */
    @CheckReturnValue
    Coroutine<@Nullable Void> rollover();
}
