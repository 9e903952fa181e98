package asyncio.io;

import org.jspecify.annotations.Nullable;

/**
 * A program that was started, as its {@link SubprocessProtocol} sees it. Python: {@code asyncio.SubprocessTransport}.
 *
 * <p>{@link #close()} kills the program if it runs, and closes its pipes.
 */
public interface SubprocessTransport extends BaseTransport {

    /** {@link Subprocess#pid()}. Python: {@code get_pid}. */
    long getPid();

    /** {@link Subprocess#returncode()}. Python: {@code get_returncode}. */
    @Nullable
    Integer getReturncode();

    /**
     * The transport of a pipe: a {@link WriteTransport} for 0, its stdin; a {@link ReadTransport} for 1 and 2, its
     * stdout and its stderr. Python: {@code get_pipe_transport}.
     *
     * @return null if there is no such pipe
     */
    @Nullable
    BaseTransport getPipeTransport(int fd);

    /** {@link Subprocess#sendSignal(int)}. Python: {@code send_signal}. */
    void sendSignal(int signal);

    /** {@link Subprocess#terminate()}. Python: {@code terminate}. */
    void terminate();

    /** {@link Subprocess#kill()}. Python: {@code kill}. */
    void kill();
}
