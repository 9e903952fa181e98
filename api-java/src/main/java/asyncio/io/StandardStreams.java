package asyncio.io;

import asyncio.spi.IoProvider;

/**
 * The standard streams of this program, whether they are pipes, files or a terminal. Python: {@code connect_read_pipe}
 * with {@code sys.stdin}, and {@code connect_write_pipe} with {@code sys.stdout}.
 *
 * <p>They can be used beside {@link System#in}, {@link System#out} and {@link System#err}, and are these streams,
 * whatever they were set to when a loop first asked for them here. They stay open when the loop ends.
 */
public final class StandardStreams {
    private StandardStreams() {}

    /**
     * Standard input; a loop has one reader of it. What was read and not taken by one loop is there for the next one,
     * unless it was in the buffer of the reader. A read that waits holds up neither the end of the loop nor that of the
     * program.
     *
     * @throws IllegalStateException outside a running loop, and in virtual time
     */
    public static StreamReader stdin() {
        return IoProvider.get().processes().stdin();
    }

    /**
     * Standard output; a loop has one writer of it. Closing it does not close {@link System#out}. What was written and
     * is not out yet when the loop ends is written then, if that takes no longer than a second.
     *
     * @throws IllegalStateException outside a running loop, and in virtual time
     */
    public static StreamWriter stdout() {
        return IoProvider.get().processes().stdout();
    }

    /** Standard error; see {@link #stdout()}. */
    public static StreamWriter stderr() {
        return IoProvider.get().processes().stderr();
    }
}
