package asyncio.io;

import asyncio.CheckReturnValue;
import asyncio.Coroutine;
import asyncio.spi.IoProvider;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * Subprocesses and pipes for protocols. {@link Subprocess} is the door for coroutines. Python: the methods
 * {@code subprocess_exec}, {@code subprocess_shell}, {@code connect_read_pipe} and {@code connect_write_pipe} of the
 * loop.
 *
 * <p>Blocking streams are read and written by threads of their own, so that the loop does not wait for them.
 */
public final class Pipes {
    private Pipes() {}

    /**
     * Starts a program. Python: {@code loop.subprocess_exec(factory, program, *args)}.
     *
     * <p>stdin, stdout and stderr are pipes. Awaiting it raises what awaiting {@link Subprocess#start} raises.
     */
    @CheckReturnValue
    public static <P extends SubprocessProtocol> Coroutine<Endpoint<SubprocessTransport, P>> subprocessExec(
            Supplier<P> protocolFactory, String program, String... arguments) {
        return subprocess(protocolFactory, Command.exec(program, arguments).withPipes());
    }

    /** {@link #subprocessExec} with a line for the shell. Python: {@code loop.subprocess_shell(factory, cmd)}. */
    @CheckReturnValue
    public static <P extends SubprocessProtocol> Coroutine<Endpoint<SubprocessTransport, P>> subprocessShell(
            Supplier<P> protocolFactory, String command) {
        return subprocess(protocolFactory, Command.shell(command).withPipes());
    }

    /** Starts a program with the settings of a {@link Command}; see {@link #subprocessExec}. */
    @CheckReturnValue
    public static <P extends SubprocessProtocol> Coroutine<Endpoint<SubprocessTransport, P>> subprocess(
            Supplier<P> protocolFactory, Command command) {
        Objects.requireNonNull(protocolFactory, "subprocess: protocolFactory is null");
        Objects.requireNonNull(command, "subprocess: command is null");
        return IoProvider.get().processes().subprocess(protocolFactory, command);
    }

    /**
     * Gives a protocol what comes out of {@code pipe}, which is closed with the transport: as soon as a read that is
     * under way has ended. Python: {@code loop.connect_read_pipe}.
     */
    @CheckReturnValue
    public static <P extends BaseProtocol<Transport>> Coroutine<Endpoint<ReadTransport, P>> connectReadPipe(
            Supplier<P> protocolFactory, InputStream pipe) {
        Objects.requireNonNull(protocolFactory, "connectReadPipe: protocolFactory is null");
        Objects.requireNonNull(pipe, "connectReadPipe: pipe is null");
        return IoProvider.get().processes().connectReadPipe(protocolFactory, pipe, false);
    }

    /**
     * {@link #connectReadPipe(Supplier, InputStream)} of a channel, which has to be blocking. Closing it ends a read.
     */
    @CheckReturnValue
    public static <P extends BaseProtocol<Transport>> Coroutine<Endpoint<ReadTransport, P>> connectReadPipe(
            Supplier<P> protocolFactory, ReadableByteChannel pipe) {
        Objects.requireNonNull(protocolFactory, "connectReadPipe: protocolFactory is null");
        Objects.requireNonNull(pipe, "connectReadPipe: pipe is null");
        return IoProvider.get().processes().connectReadPipe(protocolFactory, Channels.newInputStream(pipe), true);
    }

    /**
     * Gives a protocol a transport that writes to {@code pipe}, which is closed with it: as soon as a write that is
     * under way has ended. Python: {@code loop.connect_write_pipe}.
     */
    @CheckReturnValue
    public static <P extends BaseProtocol<Transport>> Coroutine<Endpoint<WriteTransport, P>> connectWritePipe(
            Supplier<P> protocolFactory, OutputStream pipe) {
        Objects.requireNonNull(protocolFactory, "connectWritePipe: protocolFactory is null");
        Objects.requireNonNull(pipe, "connectWritePipe: pipe is null");
        return IoProvider.get().processes().connectWritePipe(protocolFactory, pipe, false);
    }

    /**
     * {@link #connectWritePipe(Supplier, OutputStream)} of a channel, which has to be blocking. Closing it ends a
     * write.
     */
    @CheckReturnValue
    public static <P extends BaseProtocol<Transport>> Coroutine<Endpoint<WriteTransport, P>> connectWritePipe(
            Supplier<P> protocolFactory, WritableByteChannel pipe) {
        Objects.requireNonNull(protocolFactory, "connectWritePipe: protocolFactory is null");
        Objects.requireNonNull(pipe, "connectWritePipe: pipe is null");
        return IoProvider.get().processes().connectWritePipe(protocolFactory, Channels.newOutputStream(pipe), true);
    }
}
