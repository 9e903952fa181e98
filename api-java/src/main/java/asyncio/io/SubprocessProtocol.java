package asyncio.io;

import org.jspecify.annotations.Nullable;

/**
 * Hears what a program does that was started. Python: {@code asyncio.SubprocessProtocol}.
 *
 * <p>{@link #connectionMade} comes first; {@link #connectionLost} comes last, after the program has ended and all of
 * its pipes are closed. The others come in any order.
 */
public interface SubprocessProtocol extends BaseProtocol<SubprocessTransport> {

    /**
     * The program has written this, which belongs to the protocol now. Python: {@code pipe_data_received}.
     *
     * @param fd 1 for stdout, 2 for stderr
     */
    default void pipeDataReceived(int fd, byte[] data) throws Exception {}

    /**
     * A pipe is closed. Python: {@code pipe_connection_lost}.
     *
     * @param fd 0 for stdin, 1 for stdout, 2 for stderr
     * @param error why; null if it has ended regularly
     */
    default void pipeConnectionLost(int fd, @Nullable Throwable error) throws Exception {}

    /** The program has ended. Python: {@code process_exited}. */
    default void processExited() throws Exception {}
}
